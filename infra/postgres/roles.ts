import type { Sighting } from './sighting.ts'

/**
 * What a host is used for. `oldPrimary`: one that takes writes though another was promoted since; nothing of it is used.
 * `behind`: a replica that is read only where there is no primary. `unseen`: not looked at yet.
 */
export type Role = 'primary' | 'replica' | 'behind' | 'oldPrimary' | 'lost' | 'unseen'

/** A host as it was last seen. `behindMs` is how far it was behind the primary then; only replicas are. */
export type Seen = { readonly sighting?: Sighting; readonly behindMs: number }

const timelineOf = ({ sighting }: Seen): number =>
  sighting === undefined || sighting.role === 'lost' ? 0 : (sighting.timeline ?? 0)

/** The newest timeline that any of the hosts speaks of, or was known before. */
export const newestTimeline = (hosts: readonly Seen[], known: number): number =>
  Math.max(known, ...hosts.map(timelineOf))

/**
 * The host that takes writes, of those on the newest timeline: `current` if it still does, since a second one can't be
 * told from it. Undefined for none.
 */
export const primaryOf = (hosts: readonly Seen[], newest: number, current: number | undefined): number | undefined => {
  const takesWrites = (host: number): boolean =>
    hosts[host]?.sighting?.role === 'primary' && timelineOf(hosts[host]) === newest
  if (current !== undefined && takesWrites(current)) return current
  const found = hosts.findIndex((_, host) => takesWrites(host))
  return found === -1 ? undefined : found
}

/** Whether what a replica has is that primary's, and new enough. */
const isFit = (seen: Seen, newest: number, longestMs: number): boolean => {
  const { sighting, behindMs } = seen
  if (sighting?.role !== 'replica' || !sighting.connected) return false
  return (sighting.timeline ?? newest) === newest && behindMs <= longestMs
}

/** What each host is used for, given which one is the primary. */
export const rolesOf = (
  hosts: readonly Seen[],
  newest: number,
  primary: number | undefined,
  longestBehindMs: number,
): readonly Role[] =>
  hosts.map((seen, host) => {
    switch (seen.sighting?.role) {
      case undefined:
        return 'unseen'
      case 'lost':
        return 'lost'
      case 'primary':
        return host === primary ? 'primary' : 'oldPrimary'
      case 'replica':
        return isFit(seen, newest, longestBehindMs) ? 'replica' : 'behind'
    }
  })

import { measureLag } from './lag.ts'
import { newestTimeline, primaryOf, type Role, rolesOf, type Seen } from './roles.ts'
import type { Lookout, Sighting } from './sighting.ts'

/** When hosts are looked at. Times are in ms. */
export type WatchSettings = {
  /** From one look at a host to the next. */
  readonly intervalMs: number
  /** After how long a silent host is lost. */
  readonly timeoutMs: number
  /** How far a replica may be behind and still be read. */
  readonly longestBehindMs: number
}

export const watchSettings: WatchSettings = { intervalMs: 500, timeoutMs: 3_000, longestBehindMs: 1_000 }

/** Keeps an eye on the hosts of one server. Hosts are named by their places in the list. */
export type Watch = {
  /** Resolves when each host was looked at once. */
  readonly begun: Promise<unknown>
  roles(): readonly Role[]
  primary(): number | undefined
  /** Replicas that answer, the furthest on first. */
  replicas(): readonly number[]
  /** Looks at a host at once, since something that it said is not what was expected. */
  doubt(host: number): void
  /** What was last seen of a host that is lost. */
  reason(host: number): string | undefined
  close(): void
}

/** `onRole` hears of each change of what a host is used for. */
export const watchHosts = (
  lookouts: readonly Lookout[],
  { intervalMs, longestBehindMs }: WatchSettings,
  onRole: (host: number, role: Role) => void,
): Watch => {
  const lag = measureLag()
  const seen: Seen[] = lookouts.map(() => ({ behindMs: 0 }))
  let roles: readonly Role[] = lookouts.map(() => 'unseen')
  let primary: number | undefined
  let timeline = 0
  let closed = false

  const judge = (): void => {
    // With a host still unseen, an old primary might be taken for the only one.
    if (seen.some(({ sighting }) => sighting === undefined)) return
    const before = roles
    timeline = newestTimeline(seen, timeline)
    const found = primaryOf(seen, timeline, primary)
    if (found !== undefined && found !== primary) lag.forget()
    primary = found
    roles = rolesOf(seen, timeline, primary, longestBehindMs)
    for (const [host, role] of roles.entries()) if (role !== before[host]) onRole(host, role)
  }

  const note = (host: number, begunAtMs: number, sighting: Sighting): void => {
    const behindMs = sighting.role === 'replica' ? lag.behindMs(performance.now(), sighting.lsn) : 0
    seen[host] = { sighting, behindMs }
    judge()
    if (sighting.role === 'primary' && host === primary) lag.note(begunAtMs, sighting.lsn)
  }

  /** One host after another would wait for the silent ones, so each has its own turn. */
  const follow = (lookout: Lookout, host: number) => {
    let timer: NodeJS.Timeout | undefined
    let looking: Promise<void> | undefined
    let again = false
    const look = async (): Promise<void> => {
      const begunAtMs = performance.now()
      const sighting = await lookout.look()
      if (closed) return
      note(host, begunAtMs, sighting)
      looking = undefined
      timer = setTimeout(() => void start(), again ? 0 : intervalMs)
      again = false
    }
    const start = (): Promise<void> => {
      clearTimeout(timer)
      looking ??= look()
      return looking
    }
    return {
      first: start(),
      now: (): void => {
        if (closed) return
        if (looking === undefined) void start()
        else again = true
      },
      stop: (): void => clearTimeout(timer),
    }
  }

  const turns = lookouts.map(follow)
  return {
    begun: Promise.all(turns.map(({ first }) => first)),
    roles: () => roles,
    primary: () => primary,
    replicas: () =>
      [...seen.entries()]
        .flatMap(([host, { sighting }]) => (sighting?.role === 'replica' ? [{ host, lsn: sighting.lsn }] : []))
        .sort((one, other) => (one.lsn < other.lsn ? 1 : -1))
        .map(({ host }) => host),
    doubt: (host) => turns[host]?.now(),
    reason: (host) => {
      const sighting = seen[host]?.sighting
      return sighting?.role === 'lost' ? sighting.reason : undefined
    },
    close: () => {
      closed = true
      for (const turn of turns) turn.stop()
      for (const lookout of lookouts) lookout.close()
    },
  }
}

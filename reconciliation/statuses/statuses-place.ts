import type { Position } from '../../domain/position.ts'
import type { Outcome } from '../../domain/repair/difference.ts'
import type { StreamReader } from '../../projections/stream-reader.ts'
import { isUnread, type LogEvent } from '../../projections/unread.ts'
import type { Difference } from '../difference.ts'
import { digestOf, hashOf } from '../digest.ts'
import type { Page } from '../page.ts'
import type { Comparison, Piece, Place } from '../place.ts'
import { judgeStatus, statusPrefixes, streamOfId } from './judge-status.ts'
import type { SharedStatus, SharedStatuses } from './shared-statuses.ts'

/** What statuses are compared with. */
export type StatusesDeps = {
  readonly statuses: SharedStatuses
  readonly streams: StreamReader
  /** Up to where the projectors have come, who write the statuses. */
  readonly reached: () => Promise<Position>
}

const part = 'statuses'

const isStatus = (stream: string): boolean => statusPrefixes.some((prefix) => stream.startsWith(prefix))
const idIn = (stream: string): string => stream.slice(stream.indexOf('-') + 1)

/** The last event of each stream with a status that the page has, where all of it can be read. */
const touched = ({ events }: Page): ReadonlyMap<string, LogEvent> => {
  const last = new Map<string, LogEvent>()
  for (const event of events) if (isStatus(event.stream)) last.set(event.stream, event)
  return new Map([...last].filter(([, event]) => !isUnread(event)))
}

/**
 * The statuses in Redis. They may be forgotten at any time, so that none is missing; one that is there has to be what its
 * stream says at its version, and no older than what was compared.
 */
export const statusesPlace = ({ statuses, streams, reached }: StatusesDeps): Place => {
  const judge = async (stream: string, status: SharedStatus, seen: number) =>
    judgeStatus(idIn(stream), status, await streams.streamFrom(stream, 0), seen)

  const compare = async (page: Page): Promise<Comparison> => {
    const last = touched(page)
    const there = await statuses.look([...last.keys()].map(idIn))
    const expected: bigint[] = []
    const found: bigint[] = []
    const differences: Difference[] = []
    for (const [stream, { sequence, revision, log }] of last) {
      const status = there.get(idIn(stream))
      if (status === undefined || status.isNote) continue
      const kind = await judge(stream, status, revision)
      found.push(hashOf(status.text))
      if (kind === undefined) expected.push(hashOf(status.text))
      else differences.push({ where: 'redis', kind, record: 'status', part, stream, log, sequence, revision })
    }
    return { parts: [{ part, expected: digestOf(expected), found: digestOf(found) }], differences }
  }

  const strays = async (after: string | undefined): Promise<Piece> => {
    const { ids, next } = await statuses.ids(after)
    const there = await statuses.look(ids)
    const differences: Difference[] = []
    for (const [id, status] of there) {
      const stream = streamOfId(id)
      // One that is late is no stray: it was compared with its stream's page.
      const kind = await judge(stream, status, 0)
      if (kind !== undefined)
        differences.push({ where: 'redis', kind, record: 'status', part, stream, log: 0, sequence: 0 })
    }
    return { differences, next }
  }

  const repair = async ({ stream }: Difference): Promise<Outcome> => {
    const id = idIn(stream)
    const status = (await statuses.look([id])).get(id)
    if (status === undefined) return 'notNeeded'
    const events = await streams.streamFrom(stream, 0)
    const version = events.at(-1)?.revision ?? 0
    if (judgeStatus(id, status, events, version) === undefined) return 'notNeeded'
    return (await statuses.drop(id, status.text, version)) ? 'made' : 'notNeeded'
  }
  return { where: 'redis', canChange: true, reached, compare, strays, repair }
}

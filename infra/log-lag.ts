import { type Position, positionOf, sequenceIn, sequencesIn } from '../domain/position.ts'
import type { Lag, LagOf } from '../projections/lag.ts'
import type { LogReader } from '../projections/log-reader.ts'

/** Enough to tell the size of an event by, and little enough to be asked for every second. */
const sampleSize = 20
const nothing: Lag = { events: 0, seconds: 0 }

/**
 * How many events of a log come after `from`. Where sequences are not counted by ones (an EventStoreDB counts bytes) it is
 * estimated from the next few, beyond which it goes on as there.
 */
const eventsAfter = async (
  log: Pick<LogReader, 'readAll'>,
  of: number,
  from: number,
  head: number,
  now: Date,
): Promise<Lag> => {
  const { events } = await log.readAll(positionOf({ log: of, sequence: from }), sampleSize)
  const last = events.at(-1)
  if (last === undefined) return nothing
  const dated = events.find(({ recordedAt }) => recordedAt !== undefined)?.recordedAt
  const seconds = dated === undefined ? 0 : Math.max(0, now.getTime() - Date.parse(dated)) / 1_000
  const whole = events.length < sampleSize || last.sequence >= head
  const count = whole ? events.length : Math.round((events.length * (head - from)) / (last.sequence - from))
  return { events: count, seconds }
}

/** How far a reader is behind these logs, given its position. */
export const logLag =
  (logs: readonly Pick<LogReader, 'head' | 'readAll'>[], now: () => Date = () => new Date()): LagOf =>
  async (position: Position) => {
    const seen = sequencesIn(position)
    const lags = await Promise.all(
      logs.map(async (log, of): Promise<Lag> => {
        const head = sequenceIn(await log.head(), of)
        const from = seen[of] ?? 0
        return head <= from ? nothing : eventsAfter(log, of, from, head, now())
      }),
    )
    return {
      events: lags.reduce((sum, { events }) => sum + events, 0),
      seconds: Math.max(0, ...lags.map(({ seconds }) => seconds)),
    }
  }

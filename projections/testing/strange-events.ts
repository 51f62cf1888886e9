import type { RecordedEvent, StreamId } from '../../domain/event.ts'
import { logEvent } from '../../infra/codec/log-event.ts'
import { newer } from '../../infra/contracts/newer-events.ts'
import type { LogEvent } from '../unread.ts'
import type { TestReadModels } from './test-read-models.ts'

/** Bytes of which nobody can make anything, in an event's place. */
export const noEvent = ({ stream, revision, log, sequence }: RecordedEvent): LogEvent =>
  logEvent(Buffer.from([0, 255]), { stream, revision, log, sequence })

/** The log, where these streams have events of a newer program from a revision on. */
export const newerFrom = (
  log: readonly RecordedEvent[],
  streams: readonly StreamId[],
  from: number,
): readonly LogEvent[] =>
  log.map((event) => (streams.includes(event.stream) && event.revision >= from ? newer(event) : event))

/** All but what these streams have from a revision on. */
export const without = (
  log: readonly RecordedEvent[],
  streams: readonly StreamId[],
  from: number,
): readonly RecordedEvent[] => log.filter(({ stream, revision }) => !streams.includes(stream) || revision < from)

/** The first stream with an event of this type. */
export const streamWith = (log: readonly RecordedEvent[], type: RecordedEvent['type']): StreamId => {
  const found = log.find((event) => event.type === type)
  if (found === undefined) throw new RangeError(`the log has no ${type}`)
  return found.stream
}

/** These columns of what is parked, with its schema, in their order. */
export const parkedIn = async ({ pool, server }: TestReadModels, columns: string) => {
  const selects = server.shards.map(
    (schema) => `select '${schema}' as schema, ${columns} from ${schema}.parked_streams`,
  )
  const { rows } = await pool.query(`${selects.join(' union all ')} order by 1, 2, 3`)
  return rows
}

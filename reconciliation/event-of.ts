import type { StreamReader } from '../projections/stream-reader.ts'
import type { LogEvent } from '../projections/unread.ts'
import type { Difference } from './difference.ts'

/** The event that the record should have been made from; undefined where there is none. Not every log is read by sequence. */
export const eventOf = async (
  streams: StreamReader,
  { stream, revision = 0, log, sequence }: Difference,
): Promise<LogEvent | undefined> =>
  (await streams.streamFrom(stream, revision)).find((event) => event.log === log && event.sequence === sequence)

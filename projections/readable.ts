import type { RecordedEvent } from '../domain/event.ts'
import type { Fault } from './parked-streams.ts'
import type { Projection } from './projection.ts'
import { isRead, isUnread, type LogEvent } from './unread.ts'

/**
 * What a projection can be given of events in the order of the log, and a fault for the first event of each of its streams
 * that cannot be read; what comes after that one in its stream is left out.
 */
export const readable = (
  { follows }: Pick<Projection, 'follows'>,
  events: readonly LogEvent[],
): { readonly events: readonly RecordedEvent[]; readonly faults: readonly Fault[] } => {
  if (events.every(isRead)) return { events, faults: [] }
  const read: RecordedEvent[] = []
  const faults = new Map<string, Fault>()
  for (const event of events) {
    if (faults.has(event.stream)) continue
    if (!isUnread(event)) read.push(event)
    else if (follows(event.stream)) faults.set(event.stream, { event, reason: event.unreadable })
  }
  return { events: read, faults: [...faults.values()] }
}

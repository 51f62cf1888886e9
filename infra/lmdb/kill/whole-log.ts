import type { RecordedEvent } from '../../../domain/event.ts'
import { start } from '../../../domain/position.ts'
import { allRead } from '../../../projections/unread.ts'
import type { EventLog } from '../event-log.ts'
import { groupBy } from './group-by.ts'
import type { Store } from '../store.ts'
import { verifyStream } from '../testing/verify-stream.ts'
import type { Child } from './child.ts'

/** An append that a writer said was acknowledged. */
export type Acknowledged = {
  readonly name: string
  readonly stream: string
  readonly count: number
  readonly position: number
}

/** What a writer printed; its last line may have been cut short. */
export const acknowledgedBy = (writer: Child): Acknowledged[] =>
  writer.lines.flatMap((line) => {
    if (!line.endsWith(']') || line.startsWith('["failed"')) return []
    const [name, stream, count, position] = JSON.parse(line)
    return [{ name, stream, count, position }]
  })

/** Every event of a log. */
export const everyEvent = async (log: EventLog): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = []
  for (let page = await log.readAll(start, 5_000); page.events.length > 0; ) {
    events.push(...allRead(page.events))
    page = await log.readAll(page.position, 5_000)
  }
  return events
}

/** The events of each append, by its name. */
export const appendsIn = (events: readonly RecordedEvent[]): Map<string, RecordedEvent[]> =>
  groupBy(events, ({ metadata }) => metadata.key ?? '')

/** Faults: holes, appends that are not whole, acknowledged ones that are not where they were said to be. */
export const faultsOf = (events: readonly RecordedEvent[], acknowledged: readonly Acknowledged[]): string[] => {
  const holes = events.flatMap(({ sequence }, index) => (sequence === index + 1 ? [] : [`hole before ${sequence}`]))
  const appends = appendsIn(events)
  const torn = [...appends].flatMap(([name, parts]) => {
    const [first] = parts
    const whole =
      parts.length === Number(first?.metadata.cause) &&
      parts.every((part, index) => part.stream === first?.stream && part.sequence === first.sequence + index)
    return whole ? [] : [`append ${name} is not whole`]
  })
  const lost = acknowledged.flatMap(({ name, stream, count, position }) => {
    const parts = appends.get(name) ?? []
    const last = parts.at(-1)
    const found = parts.length === count && last?.stream === stream && last.sequence === position
    return found ? [] : [`append ${name}, acknowledged at ${position}, is lost`]
  })
  return [...holes, ...torn, ...lost]
}

/** Faults: streams whose hashes are wrong, or that read otherwise by themselves than in the log. */
export const streamFaultsOf = async (
  log: EventLog,
  store: Store,
  events: readonly RecordedEvent[],
): Promise<string[]> => {
  const faults: string[] = []
  for (const [stream, own] of groupBy(events, (event) => event.stream)) {
    const verified = verifyStream(store, stream)
    if (verified.broken !== undefined || verified.events !== own.length) faults.push(`the chain of ${stream} is broken`)
    const read = await log.readStream(stream)
    const same = own.every(({ id, revision }, index) => id === read[index]?.id && revision === index)
    if (!same || read.length !== own.length) faults.push(`${stream} reads otherwise by itself`)
  }
  return faults
}

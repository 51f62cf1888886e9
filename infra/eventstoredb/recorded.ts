import { type Position, type ResolvedEvent, START } from '@eventstore/db-client'
import type { RecordedEvent } from '../../domain/event.ts'
import type { LogEvent } from '../../projections/unread.ts'
import { fromJson } from '../codec/event-codec.ts'
import { logEventOfJson } from '../codec/log-event.ts'
import { takePrevious } from './previous.ts'

/** What the streams of a ledger are called; there may be others beside them. */
export const ourStreams = ['payment-', 'payout-', 'merchant-', 'gateway-', 'projection-', 'reconciliation-']

/** Whether an event is the ledger's: not the server's own, and nobody else's. */
export const isOurs = ({ event }: ResolvedEvent): boolean =>
  event !== undefined && ourStreams.some((prefix) => event.streamId.startsWith(prefix))

/** The place of an event in its store: its commit position. */
export const sequenceOf = ({ event, commitPosition }: ResolvedEvent): number =>
  Number(event?.position?.commit ?? commitPosition ?? 0n)

/** The place of an event, or the beginning for 0, as the server is asked to read from it. */
export const placeOf = (sequence: number): Position | typeof START =>
  sequence === 0 ? START : { commit: BigInt(sequence), prepare: BigInt(sequence) }

const found = (resolved: ResolvedEvent, log: number) => {
  const { event } = resolved
  if (event === undefined) throw new Error('an event that is not there')
  const place = { stream: event.streamId, revision: Number(event.revision), log, sequence: sequenceOf(resolved) }
  takePrevious(event.data)
  return { data: event.data as unknown, place }
}

/** An event of the ledger as it came from the server. Throws `UnreadableEvent`. */
export const recorded = (resolved: ResolvedEvent, log: number): RecordedEvent => {
  const { data, place } = found(resolved, log)
  return Object.assign(fromJson(data), place)
}

/** The same, also of one that cannot be read. */
export const asItIs = (resolved: ResolvedEvent, log: number): LogEvent => {
  const { data, place } = found(resolved, log)
  return logEventOfJson(data, place)
}

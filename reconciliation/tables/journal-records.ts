import type { RecordedEvent } from '../../domain/event.ts'
import { type Entry, entriesOf, isToSettle } from '../../projections/journal/entry.ts'
import type { EventRecord } from '../compare-records.ts'
import { hashOf } from '../digest.ts'
import { hex, micros, textOf } from './hashed.ts'

const hashOfEntry = ({ event, transactionId, merchantId, currency, lines }: Entry): bigint =>
  hashOf(
    textOf([
      event.log,
      event.sequence,
      hex(event.id),
      event.type,
      transactionId,
      merchantId,
      currency,
      micros(event.recordedAt),
      lines.some(({ account, layer }) => isToSettle(event.type, account, layer)) ? 'true' : 'false',
      lines.map(({ account }) => account).join(','),
      lines.map(({ layer }) => layer).join(','),
      lines.map(({ amount }) => amount).join(','),
    ]),
  )

/** The journal's row of an event, as the projection writes it; none where the event moves no money or cannot be applied. */
export const journalRecord = (event: RecordedEvent): EventRecord | undefined => {
  try {
    const [entry] = entriesOf([event])
    if (entry === undefined) return undefined
    return { stream: event.stream, sequence: event.sequence, id: hex(event.id), hash: hashOfEntry(entry) }
  } catch {
    return undefined
  }
}

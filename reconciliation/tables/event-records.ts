import type { RecordedEvent } from '../../domain/event.ts'
import { type Entry, entriesOf, isToSettle } from '../../projections/journal/entry.ts'
import { uuidOf } from '../../projections/uuid.ts'
import type { EventRecord } from '../compare-records.ts'
import { hashOf } from '../digest.ts'
import type { EventTable } from './event-tables.ts'
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

const journalRecord = (event: RecordedEvent): EventRecord | undefined => {
  const [entry] = entriesOf([event])
  if (entry === undefined) return undefined
  return { stream: event.stream, sequence: event.sequence, id: hex(event.id), hash: hashOfEntry(entry) }
}

const settlementRecord = ({ log, sequence, stream, recordedAt, ...event }: RecordedEvent): EventRecord | undefined => {
  if (event.type !== 'SettlementRecorded') return undefined
  const { settlementId, merchantId, currency, gross, refunds, disputes, fees, net, payments, from, to } = event.data
  const id = uuidOf(settlementId)
  const amounts = [gross, refunds, disputes, fees, net, payments]
  const text = textOf([log, sequence, id, merchantId, currency, ...amounts, from, to, micros(recordedAt)])
  return { stream, sequence, id, hash: hashOf(text) }
}

/** The table's row of an event, as the projection writes it; none where it writes none or the event cannot be applied. */
export const recordIn = ({ record }: EventTable, event: RecordedEvent): EventRecord | undefined => {
  try {
    switch (record) {
      case 'journal':
        return journalRecord(event)
      case 'settlement':
        return settlementRecord(event)
    }
  } catch {
    return undefined
  }
}

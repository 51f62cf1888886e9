import type { RecordedEvent } from '../../domain/event.ts'
import type { Posting } from '../../domain/posting.ts'
import { postings } from '../../domain/postings.ts'

/** An event that moves money, with its lines, all in one merchant's books and one currency. */
export type Entry = {
  readonly event: RecordedEvent
  /** The payment, payout or settlement it belongs to. */
  readonly transactionId: string
  readonly merchantId: string
  readonly currency: string
  readonly lines: readonly Posting[]
}

/** Whether an entry of such an event that has such a line is for a settlement to cover. */
export const isToSettle = (type: string, account: Posting['account'], layer: Posting['layer']): boolean =>
  account === 'merchantPending' && layer === 'posted' && type !== 'SettlementRecorded'

const transactionOf = ({ data, metadata }: RecordedEvent): string => {
  if ('paymentId' in data) return data.paymentId
  if ('payoutId' in data) return data.payoutId
  if ('settlementId' in data) return data.settlementId
  return metadata.merchantId
}

/** The entries that events make; most events make one, some make none. */
export const entriesOf = (events: readonly RecordedEvent[]): readonly Entry[] => {
  const entries: Entry[] = []
  for (const event of events) {
    const lines = postings(event)
    const [first] = lines
    if (first === undefined) continue
    const { merchantId, currency } = first
    if (lines.some((line) => line.merchantId !== merchantId || line.currency !== currency))
      throw new Error(`${event.type} is in several books`)
    entries.push({ event, transactionId: transactionOf(event), merchantId, currency, lines })
  }
  return entries
}

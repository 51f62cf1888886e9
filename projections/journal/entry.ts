import type { DomainEvent, RecordedEvent } from '../../domain/event.ts'
import type { Posting } from '../../domain/posting.ts'
import { postings } from '../../domain/postings.ts'

/** An event that moves money, with its lines. */
export type Entry = {
  readonly event: RecordedEvent
  /** The payment, payout or settlement it belongs to. */
  readonly transactionId: string
  readonly lines: readonly Posting[]
}

const transactionOf = ({ data }: DomainEvent): string => {
  if ('paymentId' in data) return data.paymentId
  if ('payoutId' in data) return data.payoutId
  if ('settlementId' in data) return data.settlementId
  return data.merchantId
}

/** The entries that events make; most events make one, some make none. */
export const entriesOf = (events: readonly RecordedEvent[]): readonly Entry[] => {
  const entries: Entry[] = []
  for (const event of events) {
    const lines = postings(event)
    if (lines.length > 0) entries.push({ event, transactionId: transactionOf(event), lines })
  }
  return entries
}

import { isEventType, streamKind } from '../../domain/event-types.ts'
import { postings } from '../../domain/postings.ts'
import { fromText } from '../../infra/codec/event-codec.ts'
import type { Judge } from '../../proof/verify-log.ts'
import { messageOf } from '../start-error.ts'

/** What an event's postings in each currency and layer do not sum to zero in. */
const unbalanced = (event: Parameters<typeof postings>[0]): string | undefined => {
  const sums = new Map<string, bigint>()
  for (const { currency, layer, amount } of postings(event)) {
    const book = `${layer} ${currency}`
    sums.set(book, (sums.get(book) ?? 0n) + amount)
  }
  return [...sums].find(([, sum]) => sum !== 0n)?.[0]
}

/** Judges the events of a stream: each can be read, stands in a stream of its kind and posts as much as it takes. */
export const judgeOf = (stream: string): Judge => {
  return ({ event: text }) => {
    try {
      const event = fromText(text)
      if (!isEventType(event.type) || !stream.startsWith(`${streamKind(event.type)}-`))
        return { id: event.id, fault: `a ${event.type} cannot stand in this stream` }
      const book = unbalanced(event)
      return book === undefined
        ? { id: event.id }
        : { id: event.id, fault: `its postings in ${book} do not sum to zero` }
    } catch (error) {
      return { fault: `it cannot be read: ${messageOf(error)}` }
    }
  }
}

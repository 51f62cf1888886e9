import type { Judge as StreamJudge } from '../../domain/judge.ts'
import { judgeOf as streamJudge } from '../../domain/legal.ts'
import { postings } from '../../domain/postings.ts'
import { invalidity } from '../../domain/stored-event.ts'
import { fromText } from '../../infra/codec/event-codec.ts'
import type { Judge, Judgement } from '../../proof/verify-stream.ts'
import { ownText } from './own-text.ts'

/** What an event's postings in each currency and layer do not sum to zero in. */
const unbalanced = (event: Parameters<typeof postings>[0]): string | undefined => {
  const sums = new Map<string, bigint>()
  for (const { currency, layer, amount } of postings(event)) {
    const book = `${layer} ${currency}`
    sums.set(book, (sums.get(book) ?? 0n) + amount)
  }
  return [...sums].find(([, sum]) => sum !== 0n)?.[0]
}

const judged = (text: string, stream: StreamJudge | undefined): Judgement => {
  const invalid = invalidity(JSON.parse(text))
  if (invalid !== undefined) return { fault: `it is not valid by its schema: ${invalid}` }
  const event = fromText(text)
  const book = unbalanced(event)
  if (book !== undefined) return { id: event.id, fault: `its postings in ${book} do not sum to zero` }
  if (stream === undefined) return { id: event.id, fault: 'no stream has such a name' }
  const illegal = stream.next(event)
  return illegal === undefined ? { id: event.id } : { id: event.id, fault: `no decider gives it here: ${illegal}` }
}

/**
 * Judges the events of a stream: each is valid by the schema of its version, posts what sums to zero, and is what the
 * deciders give there. After the first that they do not give there is no telling what they would.
 */
export const judgeOf = (name: string): Judge => {
  const stream = streamJudge(name)
  let isLost = false
  return {
    next: (line) => {
      if (isLost) return {}
      try {
        const judgement = judged(ownText(line), stream)
        isLost = judgement.fault !== undefined
        return judgement
      } catch {
        // What a parser says quotes what it has found, which may be personal.
        isLost = true
        return { fault: 'it is not the text of an event' }
      }
    },
    end: () => (isLost ? undefined : stream?.end()),
  }
}

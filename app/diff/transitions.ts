import { paymentStream, payoutStream, type RecordedEvent } from '../../domain/event.ts'
import type { EventStore } from '../../command-side/event-store.ts'
import type { Position } from '../../domain/position.ts'
import { folded, type TransactionKind, upTo } from '../../query-side/transaction-as-of.ts'

/** A payment or payout whose status is another one; `from` is undefined for one that was not there. */
export type Transition = { readonly id: string; readonly from: string | undefined; readonly to: string }

/** All that changed, counted, and the first few of them. */
export type Transitions = {
  readonly total: number
  /** How many went from one status to another. */
  readonly counts: ReadonlyMap<string, number>
  readonly first: readonly Transition[]
}

const streams = { payment: paymentStream, payout: payoutStream } as const
/** Streams that are read at once. */
const atOnce = 32

/**
 * Follows which payments, or payouts, have changed their status between two positions. Of each the whole stream is read
 * once, and nothing is remembered but that it was.
 */
export const followTransitions = (
  store: Pick<EventStore, 'readStream'>,
  kind: TransactionKind,
  limit: number,
): {
  /** Notes whose events these are. */
  see(events: readonly RecordedEvent[]): void
  /** Compares what was seen at the two positions. */
  compare(from: Position, to: Position): Promise<Transitions>
} => {
  const prefix = streams[kind]('')
  const seen = new Set<string>()

  const transitionOf = async (id: string, from: Position, to: Position): Promise<Transition | undefined> => {
    const events = await store.readStream(streams[kind](id))
    const before = folded(kind, upTo(events, from))?.status
    const after = folded(kind, upTo(events, to))?.status
    return after === undefined || after === before ? undefined : { id, from: before, to: after }
  }

  return {
    see: (events) => {
      for (const { stream } of events) if (stream.startsWith(prefix)) seen.add(stream.slice(prefix.length))
    },
    compare: async (from, to) => {
      const counts = new Map<string, number>()
      const first: Transition[] = []
      let total = 0
      const ids = [...seen]
      for (let begin = 0; begin < ids.length; begin += atOnce) {
        const those = ids.slice(begin, begin + atOnce).map((id) => transitionOf(id, from, to))
        for (const transition of await Promise.all(those)) {
          if (transition === undefined) continue
          total += 1
          const name = `${transition.from ?? 'new'} → ${transition.to}`
          counts.set(name, (counts.get(name) ?? 0) + 1)
          if (first.length < limit) first.push(transition)
        }
      }
      return { total, counts, first }
    },
  }
}

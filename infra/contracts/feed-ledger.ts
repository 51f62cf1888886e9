import { setTimeout as sleep } from 'node:timers/promises'
import type { EventFeed, SeenPart, Stretch } from '../../projections/event-feed.ts'
import type { LogEvent } from '../../projections/unread.ts'

/** Stands for the read models: takes what is new, fills holes, and knows how far each part was seen. */
export type FeedLedger = {
  /** All that was taken, each event once; those of a part are in order. */
  readonly events: readonly LogEvent[]
  /** How often something was missing and had to be read from the log. */
  readonly holes: number
  /** How often it was asked where to begin. */
  readonly asked: number
  readonly errors: readonly unknown[]
  readonly seen: () => Promise<readonly SeenPart[]>
  take(feed: EventFeed, batch: readonly Stretch[]): Promise<void>
  /** Takes what a feed brings until aborted, with a new subscription whenever one has failed. */
  follow(feed: EventFeed, signal: AbortSignal, onBatch?: (batch: readonly Stretch[]) => void): Promise<void>
}

const keyOf = ({ log, part }: { readonly log: number; readonly part: number }): string => `${log} ${part}`

/** A ledger that has seen so much already. Several feeds may bring to it at once, as several projectors to one database. */
export const feedLedger = (begun: readonly SeenPart[] = []): FeedLedger => {
  const cursors = new Map<string, SeenPart>(begun.map((each) => [keyOf(each), each]))
  const events: LogEvent[] = []
  const errors: unknown[] = []
  let holes = 0
  let asked = 0
  let turn: Promise<void> = Promise.resolve()

  const apply = async (feed: EventFeed, stretch: Stretch): Promise<void> => {
    const { log, part, after, upTo, offset } = stretch
    const cursor = (): SeenPart => cursors.get(keyOf(stretch)) ?? { log, part, sequence: 0 }
    if (after > cursor().sequence) {
      holes++
      for await (const piece of feed.reread({ log, part }, cursor().sequence, after)) await apply(feed, piece)
    }
    const { sequence } = cursor()
    if (upTo <= sequence) return
    events.push(...stretch.events.filter((event) => event.sequence > sequence))
    cursors.set(keyOf(stretch), { ...cursor(), sequence: upTo, ...(offset === undefined ? {} : { offset }) })
  }
  const take = (feed: EventFeed, batch: readonly Stretch[]): Promise<void> => {
    turn = turn.then(async () => {
      for (const stretch of batch) await apply(feed, stretch)
    })
    return turn
  }
  const seen = async (): Promise<readonly SeenPart[]> => {
    asked++
    return [...cursors.values()]
  }
  return {
    events,
    errors,
    get holes() {
      return holes
    },
    get asked() {
      return asked
    },
    seen,
    take,
    follow: async (feed, signal, onBatch = () => undefined) => {
      while (!signal.aborted) {
        try {
          for await (const batch of feed.subscribe(seen, signal)) {
            await take(feed, batch)
            onBatch(batch)
          }
        } catch (error) {
          errors.push(error)
          await sleep(200)
        }
      }
    },
  }
}

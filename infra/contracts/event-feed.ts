import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { EventFeed, PartName, SeenPart, Stretch } from '../../projections/event-feed.ts'
import type { LogEvent } from '../../projections/unread.ts'
import { feedLedger, type FeedLedger } from './feed-ledger.ts'

/** A feed to be tested, of one log that nobody else writes. */
export type OpenedEventFeed = {
  readonly feed: EventFeed
  partOf(stream: string): number
  /** Some hundred events of many streams that are there from the beginning. */
  readonly events: readonly LogEvent[]
  /** Appends some more, and gives them; absent where a log cannot grow. */
  more?(): Promise<readonly LogEvent[]>
  close(): Promise<void>
}

const patience = { timeout: 60_000, interval: 50 }

/** What every feed must do, whatever it is made of. */
export const describeEventFeed = (name: string, open: () => Promise<OpenedEventFeed>): void => {
  describe(name, () => {
    let opened: OpenedEventFeed
    let feed: EventFeed
    let all: readonly LogEvent[] = []
    beforeAll(async () => {
      opened = await open()
      feed = opened.feed
      all = opened.events
    }, 180_000)
    afterAll(() => opened.close(), 60_000)

    const ofPart = (events: readonly LogEvent[], { log, part }: PartName): readonly LogEvent[] =>
      events.filter((event) => event.log === log && opened.partOf(event.stream) === part)
    const names = (): readonly PartName[] =>
      Array.from({ length: feed.logs }, (_, log) => log).flatMap((log) =>
        Array.from({ length: feed.parts }, (_, part) => ({ log, part })),
      )
    const expectAll = (ledger: FeedLedger, events: readonly LogEvent[]): void => {
      for (const part of names()) expect(ofPart(ledger.events, part)).toEqual(ofPart(events, part))
      expect(ledger.events).toHaveLength(events.length)
    }
    /** Follows the feed until the ledger has taken so many events. */
    const followUntil = async (ledger: FeedLedger, count: number): Promise<void> => {
      const done = new AbortController()
      const following = ledger.follow(feed, done.signal)
      await vi.waitFor(() => expect(ledger.events.length).toBeGreaterThanOrEqual(count), patience)
      done.abort()
      await following
    }

    test('all of it comes, in order per part, with nothing missing', async () => {
      const ledger = feedLedger()
      await followUntil(ledger, all.length)
      expectAll(ledger, all)
      expect(ledger.holes).toBe(0)
      expect(ledger.errors).toEqual([])
    })

    test('a stretch has what it says, and nothing else', async () => {
      const done = new AbortController()
      const ledger = feedLedger()
      const stretches: Stretch[] = []
      const following = ledger.follow(feed, done.signal, (batch) => stretches.push(...batch))
      await vi.waitFor(() => expect(ledger.events.length).toBe(all.length), patience)
      done.abort()
      await following
      for (const { log, part, after, upTo, events } of stretches) {
        const within = ofPart(all, { log, part }).filter(({ sequence }) => sequence > after && sequence <= upTo)
        expect(events).toEqual(within)
      }
    })

    const halfway = (): readonly SeenPart[] => {
      const middle = all[all.length >> 1]?.sequence ?? 0
      return names().map((part) => ({ ...part, sequence: middle }))
    }
    test('it begins where each part was seen up to', async () => {
      const begun = halfway()
      const rest = all.filter(({ sequence }) => sequence > (begun[0]?.sequence ?? 0))
      const ledger = feedLedger(begun)
      await followUntil(ledger, rest.length)
      expectAll(ledger, rest)
    })

    test('also where its own hint says something wrong', async () => {
      for (const offset of [0, 3, 1_000_000]) {
        const begun = halfway().map((each) => ({ ...each, offset }))
        const rest = all.filter(({ sequence }) => sequence > (begun[0]?.sequence ?? 0))
        const ledger = feedLedger(begun)
        await followUntil(ledger, rest.length)
        expectAll(ledger, rest)
      }
    })

    test('it goes on from the places that it gave', async () => {
      const first = feedLedger()
      await followUntil(first, 1)
      const second = feedLedger(await first.seen())
      await followUntil(second, all.length - first.events.length)
      expectAll(
        second,
        all.filter((event) => !first.events.some(({ id }) => id === event.id)),
      )
    })

    test('what is appended comes too', async () => {
      if (opened.more === undefined) return
      const ledger = feedLedger()
      const done = new AbortController()
      const following = ledger.follow(feed, done.signal)
      all = [...all, ...(await opened.more())]
      await vi.waitFor(() => expect(ledger.events.length).toBe(all.length), patience)
      all = [...all, ...(await opened.more())]
      await vi.waitFor(() => expect(ledger.events.length).toBe(all.length), patience)
      done.abort()
      await following
      expectAll(ledger, all)
    })

    test('it ends when it is told to, also before it has begun', async () => {
      const waiting = new AbortController()
      const ledger = feedLedger()
      const following = ledger.follow(feed, waiting.signal)
      await vi.waitFor(() => expect(ledger.events.length).toBe(all.length), patience)
      waiting.abort()
      await following
      for await (const batch of feed.subscribe(ledger.seen, AbortSignal.abort())) expect(batch).toBeUndefined()
      const early = new AbortController()
      const begun = feedLedger().follow(feed, early.signal)
      early.abort()
      await begun
    })

    test('a log that is read again is dealt out to all parts, with exactly what is in it', async () => {
      for (let log = 0; log < feed.logs; log++) {
        const places = all.filter((event) => event.log === log).map(({ sequence }) => sequence)
        const [after, upTo] = [places[places.length >> 2] ?? 0, places.at(-2) ?? 0]
        const ledger: LogEvent[][] = Array.from({ length: feed.parts }, () => [])
        let reached = after
        for await (const piece of feed.rereadAll(log, after, upTo)) {
          expect(piece.map(({ part }) => part)).toEqual([...ledger.keys()])
          for (const stretch of piece) {
            expect(stretch).toMatchObject({ log, after: reached, upTo: piece[0]?.upTo })
            ledger[stretch.part]?.push(...stretch.events)
          }
          reached = piece[0]?.upTo ?? 0
        }
        expect(reached).toBe(upTo)
        for (const [part, events] of ledger.entries())
          expect(events).toEqual(ofPart(all, { log, part }).filter((e) => e.sequence > after && e.sequence <= upTo))
      }
    })

    test('a stretch that is read again has exactly what is in the log', async () => {
      for (const part of names()) {
        const places = all.filter(({ log }) => log === part.log).map(({ sequence }) => sequence)
        const [first = 0, last = 0, lastButOne = 0] = [places.at(0), places.at(-1), places.at(-2)]
        for (const [after, upTo] of [
          [0, last],
          [0, first],
          [places[places.length >> 2] ?? 0, places[places.length >> 1] ?? 0],
          [lastButOne, last],
          [last, last],
        ] as const) {
          const events: LogEvent[] = []
          let reached = after
          for await (const piece of feed.reread(part, after, upTo)) {
            expect(piece).toMatchObject({ ...part, after: reached })
            events.push(...piece.events)
            reached = piece.upTo
          }
          expect(reached).toBe(upTo)
          expect(events).toEqual(ofPart(all, part).filter((e) => e.sequence > after && e.sequence <= upTo))
        }
      }
    })

    test('a log that is not there is an error', () => {
      expect(() => feed.reread({ log: feed.logs, part: 0 }, 0, 1)).toThrow(RangeError)
      expect(() => feed.rereadAll(feed.logs, 0, 1)).toThrow(RangeError)
    })
  })
}

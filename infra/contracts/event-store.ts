import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AppendResult, EventStore, ExpectedRevision } from '../../command-side/event-store.ts'
import type { NewEvent, StreamId } from '../../domain/event.ts'
import { type Position, positionOf, reached } from '../../domain/position.ts'
import type { LogReader } from '../../projections/log-reader.ts'
import type { StreamReader } from '../../projections/stream-reader.ts'
import type { LogEvent } from '../../projections/unread.ts'
import { idsOf, someEvent, someEvents, someStream } from './some-events.ts'

export type StoreAndFeed = EventStore & LogReader & StreamReader

/** A store to be tested. It may hold events already, and others must not write to it meanwhile. */
export type OpenedEventStore = {
  readonly store: StoreAndFeed
  /** Closes the store and opens it again on the same events. */
  reopen(): Promise<StoreAndFeed>
  close(): Promise<void>
}

const appended = (result: AppendResult): Extract<AppendResult, { type: 'appended' }> => {
  if (result.type !== 'appended') throw new Error(`not appended: the stream is at ${result.actual}`)
  return result
}

/** All events after a position, page by page. */
const allAfter = async (feed: LogReader, from: Position, limit = 500): Promise<LogEvent[]> => {
  const events: LogEvent[] = []
  for (let page = await feed.readAll(from, limit); page.events.length > 0; ) {
    expect(page.events.length).toBeLessThanOrEqual(limit)
    events.push(...page.events)
    page = await feed.readAll(page.position, limit)
  }
  return events
}

const expectAscending = (events: readonly LogEvent[]): void => {
  const last = new Map<number, number>()
  for (const { log, sequence } of events) {
    expect(sequence).toBeGreaterThan(last.get(log) ?? 0)
    last.set(log, sequence)
  }
}

/** Logs are in no order among each other; within each the events keep theirs. */
const byLog = (events: readonly LogEvent[]): LogEvent[] => events.toSorted((one, other) => one.log - other.log)

/** What every event store and its feed must do, whatever they are made of. */
export const describeEventStore = (name: string, open: () => Promise<OpenedEventStore>): void => {
  describe(name, () => {
    let opened: OpenedEventStore
    let store: StoreAndFeed
    beforeAll(async () => {
      opened = await open()
      store = opened.store
    })
    afterAll(async () => {
      await opened.close()
    })

    const given = async (...appends: readonly (readonly NewEvent[])[]): Promise<StreamId> => {
      const stream = someStream()
      let expected: ExpectedRevision = 'none'
      for (const events of appends) expected = appended(await store.append(stream, expected, events)).revision
      return stream
    }

    describe('append and read a stream', () => {
      test('what was appended is read, with its place', async () => {
        const stream = someStream()
        const events = [someEvent('first'), someEvent('second', 2n ** 60n + 1n)]
        const result = appended(await store.append(stream, 'none', events))
        expect(result.revision).toBe(1)
        const read = await store.readStream(stream)
        expect(read).toMatchObject(events)
        expect(read.map(({ stream: name, revision }) => [name, revision])).toEqual([
          [stream, 0],
          [stream, 1],
        ])
        expectAscending(read)
        expect(read.map(positionOf).at(-1)).toBe(result.position)
      })

      test('a stream that is not there has no events and no revision', async () => {
        const stream = someStream()
        expect(await store.readStream(stream)).toEqual([])
        expect(await store.readStream(stream, 5, 5)).toEqual([])
        expect(await store.streamFrom(stream, 0)).toEqual([])
        expect(await store.streamRevision(stream)).toBe('none')
      })

      test('one append after another', async () => {
        const batches = [someEvents(1), someEvents(3), someEvents(2)]
        const stream = await given(...batches)
        expect(await store.streamRevision(stream)).toBe(5)
        const read = await store.readStream(stream)
        expect(idsOf(read)).toEqual(idsOf(batches.flat()))
        expect(read.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5])
        for (const from of [0, 4, 6]) expect(await store.streamFrom(stream, from)).toEqual(read.slice(from))
      })

      test.each([
        [0, undefined, [0, 1, 2, 3, 4, 5]],
        [2, undefined, [2, 3, 4, 5]],
        [5, undefined, [5]],
        [6, undefined, []],
        [99, undefined, []],
        [0, 1, [0]],
        [0, 6, [0, 1, 2, 3, 4, 5]],
        [2, 3, [2, 3, 4]],
        [4, 9, [4, 5]],
        [6, 1, []],
        [0, 0, []],
      ])('from revision %d at most %s', async (from, limit, revisions) => {
        const stream = await given(someEvents(4), someEvents(2))
        const read = await store.readStream(stream, from, limit)
        expect(read.map(({ revision }) => revision)).toEqual(revisions)
      })

      test('a long stream, in parts and from its end', async () => {
        const batches = Array.from({ length: 6 }, () => someEvents(100))
        const stream = await given(...batches)
        const ids = idsOf(batches.flat())
        expect(idsOf(await store.readStream(stream))).toEqual(ids)
        for (const [from, limit] of [
          [0, 100],
          [100, 200],
          [127, 2],
          [128, 1],
          [255, 258],
          [511, 2],
          [590, 100],
          [599, 1],
        ] as const) {
          expect(idsOf(await store.readStream(stream, from, limit))).toEqual(ids.slice(from, from + limit))
        }
      })

      test('text of all scripts, large events, amounts beyond 2^53', async () => {
        const events = [
          someEvent('₹ naïve “quotes” \\ " \n \u0000 \u2028 🏦 नमस्ते'),
          someEvent('x'.repeat(500_000)),
          someEvent('🏦'.repeat(50_000)),
          someEvent('most', 2n ** 63n - 1n),
          someEvent('less than nothing', -(2n ** 53n) - 1n),
        ]
        const stream = someStream()
        let expected: ExpectedRevision = 'none'
        for (const event of events) expected = appended(await store.append(stream, expected, [event])).revision
        expect(await store.readStream(stream)).toMatchObject(events)
      })

      test('nothing to append is an error', async () => {
        await expect(store.append(someStream(), 'none', [])).rejects.toThrow()
      })

      test.each([-1, 0.5, Number.NaN])('revision %d is an error', async (revision) => {
        await expect(store.append(someStream(), revision, someEvents(1))).rejects.toThrow()
      })
    })

    describe('expected revisions', () => {
      test.each<[string, number, ExpectedRevision, ExpectedRevision]>([
        ['a stream that is there is not new', 2, 'none', 1],
        ['behind', 3, 1, 2],
        ['ahead', 2, 2, 1],
        ['far ahead', 1, 1_000_000, 0],
        ['a stream that is not there has no revision', 0, 0, 'none'],
      ])('%s', async (_, present, expected, actual) => {
        const events = someEvents(present)
        const stream = present === 0 ? someStream() : await given(events)
        const head = await store.head()
        expect(await store.append(stream, expected, someEvents(2))).toEqual({ type: 'wrongRevision', actual })
        expect(await store.head()).toBe(head)
        expect(idsOf(await store.readStream(stream))).toEqual(idsOf(events))
      })

      test('of many appends at once to one revision, one wins', async () => {
        const stream = await given(someEvents(1))
        const rivals = Array.from({ length: 20 }, () => someEvents(2))
        const results = await Promise.all(rivals.map((events) => store.append(stream, 0, events)))
        const winners = rivals.filter((_, index) => results[index]?.type === 'appended')
        expect(winners).toHaveLength(1)
        expect(results.filter(({ type }) => type === 'wrongRevision')).toEqual(
          Array.from({ length: 19 }, () => ({ type: 'wrongRevision', actual: 2 })),
        )
        expect(idsOf((await store.readStream(stream)).slice(1))).toEqual(idsOf(winners.flat()))
      })

      test('writers who try again all get through, once each', async () => {
        const stream = someStream()
        const written = await Promise.all(
          Array.from({ length: 8 }, async () => {
            const events = someEvents(5)
            for (const event of events) {
              let expected = await store.streamRevision(stream)
              for (;;) {
                const result = await store.append(stream, expected, [event])
                if (result.type === 'appended') break
                expected = result.actual
              }
            }
            return idsOf(events)
          }),
        )
        const read = idsOf(await store.readStream(stream))
        expect(read.toSorted()).toEqual(written.flat().toSorted())
        for (const ids of written) expect(read.filter((id) => ids.includes(id))).toEqual(ids)
      })
    })

    describe('the same append again', () => {
      test('gives the first answer and writes nothing', async () => {
        const stream = someStream()
        const events = someEvents(3)
        const first = await store.append(stream, 'none', events)
        const head = await store.head()
        expect(await store.append(stream, 'none', events)).toEqual(first)
        expect(await store.append(stream, 'none', events)).toEqual(first)
        expect(await store.head()).toBe(head)
        expect(await store.readStream(stream)).toHaveLength(3)
      })

      test('also when the stream has moved on', async () => {
        const stream = someStream()
        const opening = someEvents(2)
        const second = someEvents(1)
        const first = await store.append(stream, 'none', opening)
        const next = await store.append(stream, 1, second)
        await store.append(stream, 2, someEvents(300))
        expect(await store.append(stream, 'none', opening)).toEqual(first)
        expect(await store.append(stream, 1, second)).toEqual(next)
        expect(await store.streamRevision(stream)).toBe(302)
      })

      test('also several times at once', async () => {
        const stream = someStream()
        const events = someEvents(2)
        const results = await Promise.all(Array.from({ length: 5 }, () => store.append(stream, 'none', events)))
        const [first] = await store.readStream(stream, 1)
        expect(first).toBeDefined()
        for (const result of results) expect(appended(result).revision).toBe(1)
        expect(new Set(results.map((result) => appended(result).position)).size).toBe(1)
        expect(await store.readStream(stream)).toHaveLength(2)
      })

      test('a part of what is there, at its own place', async () => {
        const events = someEvents(5)
        const stream = await given(events)
        expect(appended(await store.append(stream, 'none', events.slice(0, 2))).revision).toBe(1)
        expect(appended(await store.append(stream, 2, events.slice(3))).revision).toBe(4)
        expect(await store.readStream(stream)).toHaveLength(5)
      })

      test.each<[string, (present: NewEvent[]) => [ExpectedRevision, NewEvent[]]]>([
        ['an event more', (present) => ['none', [...present, someEvent()]]],
        [
          'another event among them',
          ([first, , third]) => ['none', [first, someEvent(), third].flatMap((e) => e ?? [])],
        ],
        ['another order', (present) => ['none', present.toReversed()]],
        ['another place', (present) => ['none', present.slice(1)]],
        ['beyond the end', (present) => [1, present.slice(1)]],
      ])('%s is another append', async (_, change) => {
        const present = someEvents(3)
        const stream = await given(present)
        const [expected, events] = change(present)
        expect(await store.append(stream, expected, events)).toEqual({ type: 'wrongRevision', actual: 2 })
        expect(idsOf(await store.readStream(stream))).toEqual(idsOf(present))
      })
    })

    describe('the whole log', () => {
      test('many streams at once, in order', async () => {
        const before = await store.head()
        const streams = Array.from({ length: 200 }, someStream)
        const written = await Promise.all(
          streams.map(async (stream) => {
            const events = someEvents(6)
            await store.append(stream, 'none', events.slice(0, 2))
            await store.append(stream, 1, events.slice(2, 3))
            await store.append(stream, 2, events.slice(3))
            return [stream, idsOf(events)] as const
          }),
        )
        const all = await allAfter(store, before)
        expect(all).toHaveLength(1_200)
        expectAscending(all)
        for (const [stream, ids] of written) {
          const own = all.filter((event) => event.stream === stream)
          expect(idsOf(own)).toEqual(ids)
          expect(own.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5])
          expect(await store.readStream(stream)).toEqual(own)
        }
      })

      test('an append of many events is not torn apart', async () => {
        const before = await store.head()
        await Promise.all(Array.from({ length: 20 }, () => given(someEvents(30))))
        const all = await allAfter(store, before)
        const streams = all.map(({ stream }) => stream)
        const changes = streams.filter((stream, index) => stream !== streams[index - 1])
        expect(changes).toHaveLength(20)
      })

      test('pages of any size are the same events', async () => {
        const before = await store.head()
        await Promise.all(Array.from({ length: 5 }, () => given(someEvents(5))))
        const all = idsOf(await allAfter(store, before))
        expect(all).toHaveLength(25)
        for (const limit of [1, 7, 25, 26]) expect(idsOf(await allAfter(store, before, limit))).toEqual(all)
      })

      test('the head is the last event, and nothing comes after it', async () => {
        const before = await store.head()
        const { position } = appended(await store.append(someStream(), 'none', someEvents(2)))
        const head = await store.head()
        expect(reached(before, head)).toBe(false)
        expect(reached(head, before)).toBe(true)
        expect(reached(head, position)).toBe(true)
        const last = (await allAfter(store, before)).at(-1)
        expect(last && positionOf(last)).toBe(position)
        const { events, position: end } = await store.readAll(head, 10)
        expect(events).toEqual([])
        expect(reached(end, head)).toBe(true)
      })
    })

    describe('a subscription', () => {
      const collect = async (from: Position, count: number): Promise<LogEvent[]> => {
        const events: LogEvent[] = []
        const done = new AbortController()
        for await (const batch of store.subscribe(from, done.signal)) {
          events.push(...batch.events)
          const last = events.at(-1)
          if (last) expect(reached(batch.position, positionOf(last))).toBe(true)
          if (events.length >= count) done.abort()
        }
        return events
      }

      test('starts in the middle, goes on live, and ends', async () => {
        await given(someEvents(2))
        const middle = await store.head()
        const old = someEvents(3)
        const stream = await given(old)
        const seen = collect(middle, 13)
        const live = someEvents(10)
        let expected = 2
        for (const event of live) expected = appended(await store.append(stream, expected, [event])).revision
        const events = await seen
        expect(idsOf(events)).toEqual(idsOf([...old, ...live]))
        expectAscending(events)
      })

      test('goes on from any position it gave', async () => {
        const before = await store.head()
        await Promise.all(Array.from({ length: 30 }, () => given(someEvents(2))))
        const all = await allAfter(store, before)
        const first = new AbortController()
        let position = before
        let seen: LogEvent[] = []
        for await (const batch of store.subscribe(before, first.signal)) {
          seen = [...batch.events]
          position = batch.position
          break
        }
        const stream = await given(someEvents(1))
        const later = await store.readStream(stream)
        const rest = await collect(position, all.length + 1 - seen.length)
        expect(byLog([...seen, ...rest])).toEqual(byLog([...all, ...later]))
      })

      test('several see the same', async () => {
        const before = await store.head()
        const seen = [collect(before, 40), collect(before, 40)]
        await Promise.all(Array.from({ length: 40 }, () => given(someEvents(1))))
        const [one, other] = await Promise.all(seen)
        expect(one).toHaveLength(40)
        expect(byLog(other ?? [])).toEqual(byLog(one ?? []))
      })

      test('ends while it waits, or before it began', async () => {
        const waiting = new AbortController()
        const ended = (async () => {
          for await (const batch of store.subscribe(await store.head(), waiting.signal)) {
            expect(batch.events).toEqual([])
          }
        })()
        await sleep(50)
        waiting.abort()
        await ended
        for await (const batch of store.subscribe(await store.head(), AbortSignal.abort())) {
          expect(batch.events).toEqual([])
        }
      })
    })

    test('closed and opened again, all is there and known', async () => {
      const events = someEvents(3)
      const stream = someStream()
      const first = await store.append(stream, 'none', events)
      await store.append(stream, 2, someEvents(1))
      const before = await store.readStream(stream)
      const head = await store.head()
      store = await opened.reopen()
      expect(await store.head()).toBe(head)
      expect(await store.readStream(stream)).toEqual(before)
      expect(await store.append(stream, 'none', events)).toEqual(first)
      expect(await store.append(stream, 'none', someEvents(1))).toEqual({ type: 'wrongRevision', actual: 3 })
      expect(appended(await store.append(stream, 3, someEvents(1))).revision).toBe(4)
    })
  })
}

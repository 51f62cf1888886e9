import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RecordedEvent } from '../domain/event.ts'
import { newer } from '../infra/contracts/newer-events.ts'
import type { LogBatch, LogReader } from './log-reader.ts'
import type { Outgoing, Publisher } from './publisher.ts'
import { type RelayProgress, runRelay } from './relay.ts'
import type { RelayPace } from './relay-pace.ts'
import { type MemoryLease, memoryLease } from './testing/memory-lease.ts'
import { partOf } from './testing/parted-feed.ts'
import { randomLog } from './testing/random-log.ts'
import type { LogEvent } from './unread.ts'

const parts = 3
const quick: RelayPace = {
  askMs: 5,
  renewMs: 3,
  unheardMs: 100,
  watermarkMs: 10,
  heartbeatMs: 40,
  firstPauseMs: 1,
  longestPauseMs: 5,
  graceMs: 20,
  roundLimit: 100,
}
/** Nothing is sent for the time's sake but what a relay begins with. */
const timeless = { ...quick, watermarkMs: 3_600_000, heartbeatMs: 3_600_000 }
const within = { timeout: 10_000, interval: 2 }

const events = randomLog(5, 600, ['1042', '7'])
const upTo = (sequence: number): readonly RecordedEvent[] => events.slice(0, sequence)

/** A call of `publish` that a test answers. */
type Call = { readonly records: readonly Outgoing[]; confirm(): void; refuse(): void }

let calls: Call[]
let lease: MemoryLease
let progress: (RelayProgress | undefined)[]
let stopped: AbortController
let running: Promise<void>
let batches: LogBatch[]
let taken: number
let arrived: () => void

const publisher: Publisher = {
  parts,
  partOf: (stream) => partOf(stream, parts),
  publish: (records) =>
    new Promise((resolve, reject) => {
      calls.push({ records, confirm: resolve, refuse: () => reject(new Error('not confirmed')) })
    }),
}
/** What the test brings, batch by batch, whatever place it is asked for. */
const reader: Pick<LogReader, 'subscribe'> = {
  async *subscribe(_, signal) {
    while (!signal.aborted) {
      const batch = batches.shift()
      if (batch !== undefined) {
        taken++
        yield batch
      } else
        await Promise.race([
          once(signal, 'abort'),
          new Promise<void>((resolve) => {
            arrived = resolve
          }),
        ])
    }
  },
}
const bring = (from: number, to: number, position = to, all: readonly LogEvent[] = events): void => {
  batches.push({ events: all.slice(from, to), position: String(position) })
  arrived()
}
const start = (pace: RelayPace = timeless, own = lease.of('ours'), source = reader): void => {
  running = runRelay(
    {
      log: 0,
      reader: source,
      publisher,
      lease: own,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      onProgress: (each) => progress.push(each),
      pace,
    },
    stopped.signal,
  )
}
const nthCall = async (n: number): Promise<Call> => {
  await expect.poll(() => calls.length, within).toBeGreaterThan(n)
  const call = calls[n]
  if (call === undefined) throw new Error('no such call')
  return call
}
/** `part:(after,upTo]`, with a star for an event. */
const said = ({ records }: Call): readonly string[] =>
  records.map(({ part, after, upTo: end, event }) => `${part}:(${after},${end}]${event === undefined ? '' : '*'}`)
const marks = (sequence: number): readonly string[] =>
  Array.from({ length: parts }, (_, part) => `${part}:(${sequence},${sequence}]`)

beforeEach(() => {
  calls = []
  progress = []
  batches = []
  taken = 0
  arrived = () => undefined
  stopped = new AbortController()
  lease = memoryLease()
})
afterEach(async () => {
  stopped.abort()
  await running
})

test('records of a part follow on one another, and a round ends with all parts where the log is', async () => {
  start({ ...timeless, watermarkMs: 0 })
  const first = await nthCall(0)
  expect(said(first)).toEqual(marks(0))
  first.confirm()
  bring(0, 5, 7)
  const second = await nthCall(1)
  const ends = new Map<number, number>()
  for (const { part, after, upTo: end } of second.records) {
    expect(after).toBe(ends.get(part) ?? 0)
    ends.set(part, end)
  }
  expect(second.records.flatMap(({ event }) => event ?? [])).toEqual(upTo(5))
  expect([...ends.values()]).toEqual([7, 7, 7])
})

test('an event that cannot be read goes its way like any other', async () => {
  start()
  ;(await nthCall(0)).confirm()
  const strange = events.map((event, n) => (n === 1 || n === 3 ? newer(event) : event))
  bring(0, 6, 6, strange)
  const sent = await nthCall(1)
  expect(sent.records.map(({ event }) => event)).toEqual(strange.slice(0, 6))
  expect(sent.records.map(({ part }) => part)).toEqual(events.slice(0, 6).map(({ stream }) => partOf(stream, parts)))
  sent.confirm()
  bring(6, 8)
  expect((await nthCall(2)).records.map(({ upTo: end }) => end)).toEqual([7, 8])
})

test('one call at a time, and what comes meanwhile is the next one', async () => {
  start()
  const first = await nthCall(0)
  bring(0, 2)
  bring(2, 5)
  await expect.poll(() => taken, within).toBe(2)
  await sleep(20)
  expect(calls).toHaveLength(1)
  first.confirm()
  const second = await nthCall(1)
  expect(second.records.map(({ upTo: end }) => end)).toEqual([1, 2, 3, 4, 5])
})

test('what was refused is sent again before anything else', async () => {
  start()
  const first = await nthCall(0)
  first.confirm()
  bring(0, 3)
  const second = await nthCall(1)
  bring(3, 6)
  for (let n = 1; n < 6; n++) (await nthCall(n)).refuse()
  const last = await nthCall(6)
  expect(calls.slice(1).map(({ records }) => records)).toEqual(Array(6).fill(second.records))
  last.confirm()
  expect((await nthCall(7)).records.map(({ upTo: end }) => end)).toEqual([4, 5, 6])
})

test('the checkpoint follows what every part was told and the brokers have confirmed', async () => {
  start({ ...timeless, watermarkMs: 60 })
  ;(await nthCall(0)).confirm()
  bring(0, 1)
  // Too soon for those that have no event.
  const events1 = await nthCall(1)
  expect(events1.records).toHaveLength(1)
  events1.confirm()
  const watermarks = await nthCall(2)
  expect(watermarks.records.map(({ upTo: end }) => end)).toEqual([1, 1])
  await sleep(20)
  expect(lease.checkpoint()).toBe(0)
  watermarks.confirm()
  await expect.poll(() => lease.checkpoint(), within).toBe(1)
  expect(progress.at(-1)).toEqual({ log: 0, sent: 1, confirmed: 1 })
})

test('parts without events are told where the log is soon after it has moved, and again when nothing happens', async () => {
  start(quick)
  ;(await nthCall(0)).confirm()
  bring(0, 1)
  const told = (): readonly Outgoing[] => calls.flatMap(({ records }) => records)
  await expect
    .poll(() => {
      calls.at(-1)?.confirm()
      return new Set(told().flatMap(({ part, upTo: end }) => (end === 1 ? [part] : []))).size
    }, within)
    .toBe(parts)
  const before = calls.length
  await expect
    .poll(() => {
      calls.at(-1)?.confirm()
      return calls.length
    }, within)
    .toBeGreaterThan(before + 2)
  const call = calls.at(-1)
  expect(call === undefined ? [] : said(call)).toEqual(marks(1))
})

test('the lease is renewed however long the brokers refuse', async () => {
  let kept = 0
  const own = lease.of('ours')
  start(timeless, {
    ...own,
    keep: (log, checkpoint) => {
      kept++
      return own.keep(log, checkpoint)
    },
  })
  for (let n = 0; n < 20; n++) (await nthCall(n)).refuse()
  await expect.poll(() => kept, within).toBeGreaterThan(3)
  expect(lease.holder()).toBe('ours')
  expect(lease.checkpoint()).toBe(0)
})

test('who has lost the lease sends nothing more and stands by, and begins where the next one was', async () => {
  start()
  ;(await nthCall(0)).confirm()
  bring(0, 3)
  const second = await nthCall(1)
  lease.expire()
  const theirs = lease.of('theirs')
  await theirs.take(0)
  await sleep(20)
  second.refuse()
  await expect.poll(() => progress.at(-1), within).toBeUndefined()
  bring(3, 6)
  await sleep(30)
  expect(calls).toHaveLength(2)
  await theirs.keep(0, 4)
  await theirs.release(0)
  const third = await nthCall(2)
  expect(said(third).slice(-parts)).toEqual(marks(4))
})

test('who cannot ask for its lease goes on for a while, and then stands by', async () => {
  let cutOff = false
  start(
    { ...quick, heartbeatMs: 5 },
    lease.of('ours', () => cutOff),
  )
  ;(await nthCall(0)).confirm()
  cutOff = true
  ;(await nthCall(1)).confirm()
  await expect
    .poll(() => {
      calls.at(-1)?.confirm()
      return progress.at(-1)
    }, within)
    .toBeUndefined()
  const before = calls.length
  await sleep(30)
  expect(calls.length).toBe(before)
  cutOff = false
  await nthCall(before)
})

test('no more is read ahead than there is room for', async () => {
  start({ ...timeless, roundLimit: 10 })
  const first = await nthCall(0)
  for (let n = 0; n < 10; n++) bring(4 * n, 4 * n + 4)
  await expect.poll(() => taken, within).toBe(3)
  await sleep(20)
  expect(taken).toBe(3)
  first.confirm()
  for (let n = 1; calls.flatMap(({ records }) => records).filter(({ event }) => event).length < 40; n++) {
    const { records, confirm } = await nthCall(n)
    expect(records.length).toBeLessThanOrEqual(10 + parts)
    confirm()
  }
  expect(calls.flatMap(({ records }) => records.flatMap(({ event }) => event ?? []))).toEqual(upTo(40))
})

test('a reader that repeats itself is not repeated', async () => {
  start()
  ;(await nthCall(0)).confirm()
  bring(0, 5)
  ;(await nthCall(1)).confirm()
  bring(2, 4)
  bring(1, 7)
  const { records } = await nthCall(2)
  expect(records.map(({ upTo: end }) => end)).toEqual([6, 7])
})

test.each([
  ['out of order', [2, 1], 2],
  ['beyond the place of their batch', [1, 2], 1],
])('events that are %s are not sent', async (_, sequences, position) => {
  start()
  ;(await nthCall(0)).confirm()
  const wrong = sequences.flatMap((sequence) => events[sequence - 1] ?? [])
  batches.push({ events: wrong, position: String(position) })
  arrived()
  // It begins again.
  const next = await nthCall(1)
  expect(said(next)).toEqual(marks(0))
  next.confirm()
  bring(0, 2)
  expect((await nthCall(2)).records.map(({ upTo: end }) => end)).toEqual([1, 2])
})

test('a reader that fails or ends is asked again from the checkpoint', async () => {
  const asked: string[] = []
  start({ ...timeless, watermarkMs: 0 }, lease.of('ours'), {
    async *subscribe(from, signal) {
      asked.push(from)
      if (asked.length === 1) yield { events: upTo(4), position: '4' }
      if (asked.length === 2) throw new Error('the log cannot be read')
      if (asked.length > 3) await once(signal, 'abort')
    },
  })
  const confirmAll = (): number => {
    for (const call of calls) call.confirm()
    return asked.length
  }
  await expect.poll(confirmAll, within).toBe(4)
  expect(asked).toEqual(['0', '4', '4', '4'])
})

test('a relay that is told to stop gives its lease back, with what was confirmed', async () => {
  start({ ...timeless, watermarkMs: 0, graceMs: 60_000 })
  ;(await nthCall(0)).confirm()
  bring(0, 3)
  const second = await nthCall(1)
  stopped.abort()
  await sleep(10)
  second.confirm()
  await running
  expect([lease.holder(), lease.checkpoint(), progress.at(-1)]).toEqual([undefined, 3, undefined])
})

test('a relay that is told to stop does not wait for ever, and then nothing is confirmed', async () => {
  start()
  ;(await nthCall(0)).confirm()
  bring(0, 3)
  await nthCall(1)
  stopped.abort()
  await running
  expect([lease.holder(), lease.checkpoint()]).toEqual([undefined, 0])
})

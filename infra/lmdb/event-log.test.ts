import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EventStoreBusy } from '../../command-side/event-store.ts'
import { describeEventStore } from '../contracts/event-store.ts'
import { someEvent, someEvents, someStream } from '../contracts/some-events.ts'
import { commit } from './commit.ts'
import { type EventLog, type EventLogOptions, openEventLog } from './event-log.ts'
import { entryIn } from './page.ts'
import { openStore } from './store.ts'
import { verifyStream } from './testing/verify-stream.ts'
import { pageBefore } from './walk.ts'

describeEventStore('the event log in LMDB', async () => {
  const path = await mkdtemp(join(tmpdir(), 'daybook-log-'))
  let log = openEventLog({ path })
  return {
    store: log,
    reopen: async () => {
      await log.close()
      log = openEventLog({ path })
      return log
    },
    close: async () => {
      await log.close()
      await rm(path, { recursive: true })
    },
  }
})

describe('in LMDB', () => {
  let path = ''
  const opened: EventLog[] = []
  const open = (options: Omit<EventLogOptions, 'path'> = {}): EventLog => {
    const log = openEventLog({ path, ...options })
    opened.push(log)
    return log
  }
  beforeEach(async () => {
    path = join(await mkdtemp(join(tmpdir(), 'daybook-log-')), 'log')
  })
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.close()
    await rm(dirname(path), { recursive: true })
  })

  test('positions count the events', async () => {
    const log = open()
    expect(await log.head()).toBe('0')
    expect(await log.append(someStream(), 'none', someEvents(3))).toMatchObject({ position: '3' })
    expect(await log.append(someStream(), 'none', someEvents(2))).toMatchObject({ position: '5' })
    expect(await log.head()).toBe('5')
    const { events } = await log.readAll('0', 10)
    expect(events.map(({ log: number, sequence }) => [number, sequence])).toEqual([1, 2, 3, 4, 5].map((n) => [0, n]))
  })

  test('from any place in the middle of a page', async () => {
    const log = open()
    const streams = Array.from({ length: 8 }, someStream)
    for (const expected of ['none', 19, 39] as const) {
      await Promise.all(streams.map((stream) => log.append(stream, expected, someEvents(20))))
    }
    const { events } = await log.readAll('0', 1_000)
    expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 480 }, (_, index) => index + 1))
    for (let after = 0; after <= 480; after += 1) {
      expect((await log.readAll(String(after), 3)).events).toEqual(events.slice(after, after + 3))
    }
    for (const stream of streams) {
      const own = events.filter((event) => event.stream === stream)
      for (const from of [0, 1, 19, 20, 21, 58, 59])
        expect(await log.readStream(stream, from, 3)).toEqual(own.slice(from, from + 3))
    }
  })

  test('a batch of large events ends before its limit', async () => {
    const log = open()
    const large = Array.from({ length: 5 }, () => someEvent('x'.repeat(6_000_000)))
    await log.append(someStream(), 'none', large)
    const first = await log.readAll('0', 10)
    expect(first.events).toHaveLength(3)
    expect((await log.readAll(first.position, 10)).events).toHaveLength(2)
  })

  test('when too many wait, the rest are told so and nothing of them is written', async () => {
    const log = open({ maxQueued: 3 })
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () => log.append(someStream(), 'none', someEvents(1))),
    )
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(refused).toHaveLength(7)
    for (const reason of refused) expect(reason).toBeInstanceOf(EventStoreBusy)
    expect(await log.head()).toBe('3')
    expect(await log.append(someStream(), 'none', someEvents(1))).toMatchObject({ position: '4' })
  })

  test('a log of another format is refused', async () => {
    const log = open()
    await log.append(someStream(), 'none', someEvents(1))
    await log.close()
    const { environment } = openStore({ path })
    environment.progress.removeSync('format')
    await environment.root.close()
    expect(() => open()).toThrow(`the event log in ${path} has format 1, and this program reads format 2 only`)
    expect(() => open({ readOnly: true })).toThrow('has format 1')
  })

  test('two who write and one who reads', async () => {
    const [one, other, reader] = [open(), open(), open({ readOnly: true })]
    const stream = someStream()
    expect(await one.append(stream, 'none', someEvents(1))).toMatchObject({ revision: 0, position: '1' })
    expect(await other.append(stream, 'none', someEvents(1))).toEqual({ type: 'wrongRevision', actual: 0 })
    expect(await other.append(stream, 0, someEvents(2))).toMatchObject({ revision: 2, position: '3' })
    expect(await one.streamRevision(stream)).toBe(2)
    expect(await one.append(stream, 2, someEvents(1))).toMatchObject({ revision: 3, position: '4' })
    expect(await reader.readStream(stream)).toEqual(await one.readStream(stream))
    expect(await reader.streamRevision(stream)).toBe(3)
    expect(await reader.head()).toBe('4')
  })

  test('read only: no writing, and no log where there is none', async () => {
    expect(() => open({ readOnly: true })).toThrow(`there is no event log in ${path}`)
    open()
    const reader = open({ readOnly: true })
    await expect(reader.append(someStream(), 'none', someEvents(1))).rejects.toThrow('read only')
  })

  test('closing lets appends finish, ends subscriptions and refuses the rest', async () => {
    const log = open()
    const batches: number[] = []
    const ended = (async () => {
      const { signal } = new AbortController()
      for await (const { events } of log.subscribe('0', signal)) batches.push(events.length)
    })()
    const appended = Array.from({ length: 50 }, () => log.append(someStream(), 'none', someEvents(1)))
    const closed = log.close()
    for (const result of await Promise.all(appended)) expect(result.type).toBe('appended')
    await Promise.all([closed, ended, log.close()])
    await expect(log.append(someStream(), 'none', someEvents(1))).rejects.toThrow('closed')
    await expect(log.head()).rejects.toThrow('closed')
    expect(await open().head()).toBe('50')
  })

  test('appends to one stream in one group build on each other, however large they are', async () => {
    const log = open()
    const stream = someStream()
    const sizes = [10, 500_000, 3_000, 20, 2_000_000, 70_000, 5]
    const events = sizes.map((size) => someEvent('é'.repeat(size)))
    const results = await Promise.all([
      ...events.map((event, index) => log.append(stream, index === 0 ? 'none' : index - 1, [event])),
      log.append(stream, 3, events.slice(4, 6)),
      log.append(stream, 'none', someEvents(1)),
    ])
    expect(results.map((result) => (result.type === 'appended' ? result.revision : result.actual))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 5, 6,
    ])
    expect(await log.readStream(stream)).toMatchObject(events)
    const store = openStore({ path })
    expect(verifyStream(store, stream)).toEqual({ events: 7 })
    await store.environment.root.close()
  })

  test('names of streams are bounded', async () => {
    const log = open()
    await expect(log.append('', 'none', someEvents(1))).rejects.toThrow(RangeError)
    await expect(log.append('अ'.repeat(501), 'none', someEvents(1))).rejects.toThrow(RangeError)
    const longest = 'अ'.repeat(500)
    await log.append(longest, 'none', someEvents(130))
    expect(await log.readStream(longest, 129)).toMatchObject([{ stream: longest, revision: 129 }])
  })

  test('others may not read the files', async () => {
    open()
    for (const file of ['data.mdb', 'lock.mdb']) expect((await stat(join(path, file))).mode & 0o077).toBe(0)
  })

  test('a change to what was written is found', async () => {
    const log = open()
    const streams = [someStream(), someStream()] as const
    for (const stream of streams) await log.append(stream, 'none', someEvents(5))
    const store = openStore({ path })
    expect(streams.map((stream) => verifyStream(store, stream))).toEqual([{ events: 5 }, { events: 5 }])
    for (const sequence of [10, 7]) {
      await commit(store.environment, () => {
        const found = pageBefore(store.environment, sequence)
        const page = Buffer.from(found?.value ?? [])
        entryIn(page, sequence - (found?.key ?? 0))?.write('9', 100)
        store.environment.log.putSync(found?.key ?? 0, page)
      })
    }
    expect(streams.map((stream) => verifyStream(store, stream))).toEqual([{ events: 5 }, { events: 5, broken: 1 }])
    await store.environment.root.close()
  })
})

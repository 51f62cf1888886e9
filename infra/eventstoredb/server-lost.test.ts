import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NewEvent } from '../../domain/event.ts'
import { sequenceIn, start } from '../../domain/position.ts'
import type { LogEvent } from '../../projections/unread.ts'
import { idsOf, someEvents, someStream } from '../contracts/some-events.ts'
import { type EventStoreDb, type EventStoreDbOptions, openEventStoreDb } from './event-store.ts'
import { type Killable, startKillable } from './test-server/killable.ts'

let folder = ''
let server: Killable
let store: EventStoreDb

/** The server is a process that has to be started on a busy machine. */
const patience = { callMs: 10_000, allMs: 30_000 }
const open = (more: Partial<EventStoreDbOptions> = {}): EventStoreDb =>
  openEventStoreDb({ connectionString: server.connectionString, patience, ...more })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-esdb-lost-'))
  server = await startKillable(join(folder, 'log'))
  store = open()
})
afterEach(async () => {
  server.resume()
  await store.close()
  await server.kill()
  await rm(folder, { recursive: true, force: true })
})

type Written = { readonly stream: string; readonly events: readonly NewEvent[] }

/** Appends to streams of its own, two events and then one, until told to end; gives what was acknowledged. */
const write = async (isOver: () => boolean): Promise<readonly Written[]> => {
  const written: Written[] = []
  while (!isOver()) {
    const stream = someStream()
    const [first, second] = [someEvents(2), someEvents(1)]
    expect(await store.append(stream, 'none', first)).toMatchObject({ type: 'appended', revision: 1 })
    expect(await store.append(stream, 1, second)).toMatchObject({ type: 'appended', revision: 2 })
    written.push({ stream, events: [...first, ...second] })
  }
  return written
}

/** Kills the server and starts it again, `times` times, each time after something was written since. */
const shake = async (times: number): Promise<void> => {
  const grown = async (): Promise<void> => {
    const before = await head()
    await expect.poll(head, { timeout: 20_000 }).toBeGreaterThan(before + 5_000)
  }
  const head = async (): Promise<number> => sequenceIn(await store.head().catch(() => start), 0)
  for (let n = 0; n < times; n++) {
    await grown()
    await server.kill()
    await sleep(100)
    await server.start()
  }
  await grown()
}

describe('a server that is killed and started again', () => {
  test('loses nothing that was acknowledged, and writes nothing twice', async () => {
    let over = false
    const writers = Array.from({ length: 16 }, () => write(() => over))
    await shake(3)
    over = true
    const written = (await Promise.all(writers)).flat()
    expect(written.length).toBeGreaterThan(20)
    for (const { stream, events } of written) expect(idsOf(await store.readStream(stream))).toEqual(idsOf(events))
    const page = await store.readAll(start, 1_000_000)
    expect(page.events).toHaveLength(3 * written.length)
  })

  test('keeps no subscription, and the next one leaves nothing out', async () => {
    let over = false
    const ended = new AbortController()
    const seen: LogEvent[] = []
    const reading = (async () => {
      for await (const { events } of store.subscribe(start, ended.signal)) seen.push(...events)
    })()
    const writers = Array.from({ length: 4 }, () => write(() => over))
    await shake(3)
    over = true
    const written = (await Promise.all(writers)).flat()
    const expected = new Set(written.flatMap(({ events }) => idsOf(events)))
    await expect.poll(() => new Set(idsOf(seen)).size, { timeout: 30_000 }).toBe(expected.size)
    ended.abort()
    await reading
    expect(new Set(idsOf(seen))).toEqual(expected)
    // In the order of each stream, each time it comes.
    for (const { stream } of written.slice(0, 200)) {
      const revisions = seen.filter((event) => event.stream === stream).map(({ revision }) => revision)
      expect([...new Set(revisions)]).toEqual([0, 1, 2])
    }
  })
})

describe('a server that is silent', () => {
  test('is waited for so long, and no longer', async () => {
    const hasty = open({ patience: { callMs: 200, allMs: 600 } })
    expect(await hasty.append(someStream(), 'none', someEvents(1))).toMatchObject({ type: 'appended' })
    server.pause()
    const asked = [
      hasty.append(someStream(), 'none', someEvents(1)),
      hasty.readStream(someStream()),
      hasty.streamRevision(someStream()),
      hasty.head(),
    ]
    // None of them takes the silence for an answer, such as that there is nothing.
    for (const { status } of await Promise.allSettled(asked)) expect(status).toBe('rejected')
    await expect(hasty.readStream(someStream())).rejects.toThrow()
    server.resume()
    await hasty.close()
  })

  test('is asked again with the same ids by a new client, and has written once', async () => {
    const patient = open({ patience: { callMs: 300, allMs: 20_000 } })
    const stream = someStream()
    const events = someEvents(2)
    await patient.append(someStream(), 'none', someEvents(1))
    server.pause()
    const appending = patient.append(stream, 'none', events)
    await sleep(1_000)
    server.resume()
    expect(await appending).toMatchObject({ type: 'appended', revision: 1 })
    expect(idsOf(await patient.readStream(stream))).toEqual(idsOf(events))
    await patient.close()
  })
})

test('a subscription to a server that has fallen silent is given up, and another one goes on', async () => {
  const troubles: unknown[] = []
  const watched = open({
    patience: { callMs: 500, allMs: 20_000 },
    quietMs: 500,
    onTrouble: (error) => troubles.push(error),
  })
  const ended = new AbortController()
  const seen: string[] = []
  const reading = (async () => {
    for await (const { events } of watched.subscribe(start, ended.signal)) seen.push(...idsOf(events))
  })()
  const [before, meanwhile, after] = [someEvents(1), someEvents(1), someEvents(1)]
  await store.append(someStream(), 'none', before)
  await expect.poll(() => seen, { timeout: 20_000 }).toEqual(idsOf(before))
  server.pause()
  const appending = store.append(someStream(), 'none', meanwhile)
  await expect.poll(() => troubles.length, { timeout: 20_000 }).toBeGreaterThan(0)
  server.resume()
  await appending
  await store.append(someStream(), 'none', after)
  await expect.poll(() => seen, { timeout: 20_000 }).toEqual(idsOf([...before, ...meanwhile, ...after]))
  ended.abort()
  await reading
  await watched.close()
})

test('a consumer that is slow is dropped, and goes on where it was', async () => {
  const ended = new AbortController()
  const seen: string[] = []
  const reading = (async () => {
    for await (const { events } of store.subscribe(start, ended.signal)) {
      seen.push(...idsOf(events))
      await sleep(50)
    }
  })()
  await sleep(200)
  const streams = await Promise.all(
    Array.from({ length: 300 }, async () => {
      const events = someEvents(10)
      await store.append(someStream(), 'none', events)
      return idsOf(events)
    }),
  )
  const expected = new Set(streams.flat())
  await expect.poll(() => new Set(seen).size, { timeout: 30_000 }).toBe(expected.size)
  ended.abort()
  await reading
  expect(new Set(seen)).toEqual(expected)
})

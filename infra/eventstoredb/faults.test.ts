import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EventStoreBusy } from '../../command-side/event-store.ts'
import { start } from '../../domain/position.ts'
import { idsOf, someEvent, someEvents, someStream } from '../contracts/some-events.ts'
import { type EventStoreDb, type EventStoreDbOptions, openEventStoreDb } from './event-store.ts'
import { AppendRefused } from './failures.ts'
import type { Fault } from './test-server/faults.ts'
import { startTestServer, type TestServer } from './test-server/test-server.ts'

// What is uncaught in here is uncaught in the test's process, which fails for it.

let folder = ''
let server: TestServer
let store: EventStoreDb

const open = (more: Partial<EventStoreDbOptions> = {}): EventStoreDb =>
  openEventStoreDb({
    connectionString: server.connectionString,
    patience: { callMs: 1_000, allMs: 30_000 },
    quietMs: 300,
    ...more,
  })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-esdb-faults-'))
  server = await startTestServer(join(folder, 'log'))
  store = open()
})
afterEach(async () => {
  await store.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const faults: readonly Fault[] = [
  'unknown id',
  'twice',
  'id in integers',
  'timed out',
  'ends',
  'silent',
  'bare error',
  'not ready',
]

describe('an append that the server answers wrongly', () => {
  test.each(faults)('%s: is written once, and so are those beside it', async (fault) => {
    await store.append(someStream(), 'none', someEvents(1))
    server.faults.next.push(fault, fault)
    const written = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const [stream, events] = [someStream(), someEvents(2)]
        expect(await store.append(stream, 'none', events)).toMatchObject({ type: 'appended', revision: 1 })
        return { stream, events }
      }),
    )
    expect(server.faults.next).toEqual([])
    for (const { stream, events } of written) expect(idsOf(await store.readStream(stream))).toEqual(idsOf(events))
    expect((await store.readAll(start, 1_000)).events).toHaveLength(41)
  })

  test.each(faults)('%s: also the first of all', async (fault) => {
    server.faults.next.push(fault)
    const events = someEvents(1)
    const stream = someStream()
    const appending = [store.append(stream, 'none', events), store.append(someStream(), 'none', someEvents(1))]
    for (const result of await Promise.all(appending)) expect(result).toMatchObject({ type: 'appended', revision: 0 })
    expect(idsOf(await store.readStream(stream))).toEqual(idsOf(events))
  })

  test('an append that makes no sense to the server is not tried again', async () => {
    server.faults.next.push('bad request')
    await expect(store.append(someStream(), 'none', someEvents(1))).rejects.toThrow(AppendRefused)
    expect(server.faults.arrived).toBe(1)
  })
})

test('the first append of a client goes alone', async () => {
  let go = (): void => undefined
  server.faults.held = new Promise((resolve) => (go = resolve))
  server.faults.next.push('held')
  const appending = Array.from({ length: 50 }, () => store.append(someStream(), 'none', someEvents(1)))
  await expect.poll(() => server.faults.arrived).toBe(1)
  // Whatever else were on its way would have come before the answer to this.
  await store.readStream(someStream())
  expect(server.faults.arrived).toBe(1)
  go()
  await Promise.all(appending)
  expect(server.faults.arrived).toBe(50)
})

describe('what is on its way has bounds', () => {
  test('an append of more than a server takes is not sent', async () => {
    const tooMuch = [someEvent('x'.repeat(600_000)), someEvent('y'.repeat(600_000))]
    await expect(store.append(someStream(), 'none', tooMuch)).rejects.toThrow(/may hold 1048576 bytes/)
    expect(server.faults.arrived).toBe(0)
  })

  test.each([
    ['bytes', { events: 1_000, bytes: 1_500_000 }, 'x'.repeat(500_000)],
    ['events', { events: 2, bytes: 1_500_000 }, 'x'],
  ])('%s beyond them are refused at once, and let in later', async (_, room, text) => {
    const narrow = open({ room })
    const append = () => narrow.append(someStream(), 'none', [someEvent(text)])
    const settled = await Promise.allSettled([append(), append(), append()])
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect(settled[2]).toMatchObject({ reason: expect.any(EventStoreBusy) })
    expect(await append()).toMatchObject({ type: 'appended' })
    await narrow.close()
  })

  test('nothing goes to a store that is closed', async () => {
    await store.close()
    await expect(store.append(someStream(), 'none', someEvents(1))).rejects.toThrow('closed')
  })
})

test('a subscription that has died without a word is found out', async () => {
  server.faults.deadSubscriptions = 2
  const troubles: unknown[] = []
  const watched = open({ onTrouble: (error) => troubles.push(error) })
  const ended = new AbortController()
  const seen: string[] = []
  const reading = (async () => {
    for await (const { events } of watched.subscribe(start, ended.signal)) seen.push(...idsOf(events))
  })()
  await expect.poll(() => server.faults.deadSubscriptions).toBe(1)
  const first = someEvents(3)
  await store.append(someStream(), 'none', first)
  await expect.poll(() => seen, { timeout: 20_000 }).toEqual(idsOf(first))
  await expect.poll(() => server.faults.deadSubscriptions).toBe(0)
  const second = someEvents(3)
  await store.append(someStream(), 'none', second)
  await expect.poll(() => seen, { timeout: 20_000 }).toEqual(idsOf([...first, ...second]))
  expect(String(troubles[0])).toMatch('DeadSubscription')
  ended.abort()
  await reading
  await watched.close()
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { start } from '../../domain/position.ts'
import { idsOf, someEvents, someStream } from '../contracts/some-events.ts'
import { freePort } from '../postgres/free-port.ts'
import { type EventStoreDb, openEventStoreDb } from './event-store.ts'
import type { Cluster } from './test-server/leadership.ts'
import { startTestServer, type TestServer } from './test-server/test-server.ts'

// The nodes do not share their events: what is read tells who was asked.

let folder = ''
let cluster: Cluster
let nodes: TestServer[] = []
let store: EventStoreDb

const open = (connectionString: string): EventStoreDb =>
  openEventStoreDb({ connectionString, patience: { callMs: 2_000, allMs: 20_000 }, quietMs: 300 })

const startNodes = async (): Promise<void> => {
  nodes = await Promise.all(cluster.ports.map((port) => startTestServer(join(folder, `log-${port}`), port, cluster)))
}
const arrived = (): number[] => nodes.map(({ faults }) => faults.arrived)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-esdb-cluster-'))
  const ports = [await freePort(0), await freePort(0)]
  cluster = { ports, leader: ports[1] ?? 0 }
  await startNodes()
})
afterEach(async () => {
  await store.close()
  await Promise.all(nodes.map((node) => node.stop()))
  await rm(folder, { recursive: true, force: true })
})

const hosts = (): string => cluster.ports.map((port) => `127.0.0.1:${port}`).join(',')

test.each([
  ['both nodes', () => `esdb://${hosts()}?tls=false`],
  ['one to ask for the others', () => `esdb+discover://127.0.0.1:${cluster.ports[0]}?tls=false`],
  ['the one that follows alone', () => `esdb://127.0.0.1:${cluster.ports[0]}?tls=false`],
  ['both, those that follow preferred', () => `esdb://${hosts()}?tls=false&nodePreference=follower`],
])('by %s, the leader is found', async (_, connectionString) => {
  store = open(connectionString())
  const [stream, events] = [someStream(), someEvents(2)]
  const others = Array.from({ length: 20 }, () => store.append(someStream(), 'none', someEvents(1)))
  expect(await store.append(stream, 'none', events)).toMatchObject({ type: 'appended', revision: 1 })
  await Promise.all(others)
  expect(idsOf(await store.readStream(stream))).toEqual(idsOf(events))
  expect(await store.streamRevision(stream)).toBe(1)
  expect(await store.head()).not.toBe(start)
  expect((await store.readAll(start, 100)).events).toHaveLength(22)
  expect(arrived()).toEqual([0, 21])
})

test('when another node leads, it is asked for what only a leader knows', async () => {
  store = open(`esdb://${hosts()}?tls=false`)
  await store.append(someStream(), 'none', someEvents(1))
  cluster.leader = cluster.ports[0] ?? 0
  // A node that leads no more ends what it has open.
  await nodes[1]?.stop()
  nodes[1] = await startTestServer(join(folder, `log-${cluster.ports[1]}`), cluster.ports[1], cluster)
  const [stream, events] = [someStream(), someEvents(1)]
  expect(await store.append(stream, 'none', events)).toMatchObject({ type: 'appended' })
  expect(idsOf(await store.readStream(stream))).toEqual(idsOf(events))
  expect(arrived()).toEqual([1, 0])
})

test('while no node is there, calls fail, the process goes on, and so does the store', async () => {
  store = open(`esdb://${hosts()}?tls=false&maxDiscoverAttempts=2`)
  await store.append(someStream(), 'none', someEvents(1))
  const ended = new AbortController()
  const seen: string[] = []
  const reading = (async () => {
    for await (const { events } of store.subscribe(start, ended.signal)) seen.push(...idsOf(events))
  })()
  await expect.poll(() => seen.length).toBe(1)
  const written = Array.from({ length: 50 }, () => someEvents(1))
  const appending = written.map((events) => store.append(someStream(), 'none', events))
  await Promise.all(nodes.map((node) => node.stop()))
  for (let n = 0; n < 5; n++) {
    const asked = await Promise.allSettled([store.head(), store.readStream(someStream()), sleep(50)])
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  }
  await startNodes()
  for (const result of await Promise.all(appending)) expect(result).toMatchObject({ type: 'appended', revision: 0 })
  await expect.poll(() => seen.length, { timeout: 20_000 }).toBeGreaterThan(50)
  expect(new Set(seen.slice(1))).toEqual(new Set(idsOf(written.flat())))
  ended.abort()
  await reading
})

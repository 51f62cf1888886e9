import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { positionAt, positionOf, sequenceIn } from '../../domain/position.ts'
import { openEventStoreDb } from '../../infra/eventstoredb/event-store.ts'
import { startTestServer, type TestServer } from '../../infra/eventstoredb/test-server/test-server.ts'
import { type OpenStore, spreadStores } from '../../infra/spread-stores.ts'
import { randomLog } from '../../projections/testing/random-log.ts'
import type { Logs } from '../engines/event-store.ts'
import { type Diff, diff } from './diff.ts'

let folder = ''
let servers: readonly TestServer[]
let each: readonly OpenStore[]
let logs: Logs

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-diff-esdb-'))
  servers = await Promise.all([0, 1].map((log) => startTestServer(join(folder, `log-${log}`))))
  each = servers.map(({ connectionString }, log) => openEventStoreDb({ connectionString, log }))
  logs = { all: spreadStores(each), each, stride: 1_024 }
  for (const event of randomLog(72, 150, ['1', '2']))
    await logs.all.append(event.stream, event.revision === 0 ? 'none' : event.revision - 1, [event])
})
afterAll(async () => {
  await logs.all.close()
  for (const server of servers) await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const between = (from: string, to: string): Promise<Diff> =>
  diff(logs, { from: { position: from }, to: { position: to }, merchantId: undefined, limit: 100 }, () => undefined)

test('a position where no event is says the same as that of the event before it', async () => {
  const head = await logs.all.head()
  const places = await Promise.all(
    each.map(async (log, of) => {
      const { events } = await log.readAll(positionOf({ log: of, sequence: 0 }), 30)
      return events.at(-1)?.sequence ?? 0
    }),
  )
  const [exact, beside] = [positionAt(places), positionAt(places.map((place) => place + 5))]
  const [found, expected] = [await between(beside, head), await between(exact, head)]
  expect(expected.events.length).toBeGreaterThan(3)
  expect(found).toEqual({ ...expected, from: beside })
  expect((await between('0', beside)).events).toEqual((await between('0', exact)).events)
  const nothing = await between(beside, positionAt(places.map((place) => place + 9)))
  expect([nothing.events, sequenceIn(nothing.to, 0)]).toEqual([[], (places[0] ?? 0) + 9])
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Config } from '../../infra/config/load-config.ts'
import { loadConfig } from '../../infra/config/load-config.ts'
import { cluster } from '../../infra/config/testing/cluster.ts'
import { type EventStoreDb, openEventStoreDb } from '../../infra/eventstoredb/event-store.ts'
import { openProvedStore } from '../../infra/eventstoredb/proved-log.ts'
import { startTestServer, type TestServer } from '../../infra/eventstoredb/test-server/test-server.ts'
import { openRecordFile } from '../../infra/proof/record-file.ts'
import { newKey, signerOf } from '../../infra/proof/signer.ts'
import { changeLog } from '../../loadtest/corruptions/change-log.ts'
import { randomLog } from '../../projections/testing/random-log.ts'
import { runNotary } from '../../proof/notary.ts'
import { beginSigning } from '../../proof/signing.ts'
import { exportBundle } from '../audit/export-bundle.ts'
import { verifyBundle } from '../audit/verify-bundle.ts'
import { verifyInstallation, verifyOneStream } from './verify-installation.ts'

const events = randomLog(17, 300, ['1', '2'])
const signedEvents = 40
/** One that is signed, and neither the first nor the last of its stream. */
const changed = events.findIndex(
  ({ stream, revision }, index) =>
    revision > 0 && events.findIndex((later) => later.stream === stream && later.revision === revision + 1) > index,
)
let folder = ''
let server: TestServer
let config: Config

const settings = (): Config =>
  loadConfig({
    ...cluster,
    DAYBOOK_DATA: folder,
    EVENTSTORE_CONNECTION_STRING: server.connectionString,
  })

const write = async (store: EventStoreDb): Promise<void> => {
  for (const event of events) {
    const result = await store.append(event.stream, event.revision === 0 ? 'none' : event.revision - 1, [event])
    expect(result.type).toBe('appended')
  }
  await store.close()
}

const sign = async (): Promise<void> => {
  const lines = openProvedStore(server.connectionString, 0)
  const file = await openRecordFile(join(folder, 'checkpoints.ndjson'))
  const signing = await beginSigning(undefined, { current: signerOf('daybook', newKey()) }, file, () => new Date())
  const done = new AbortController()
  const pace = { events: signedEvents, ms: 3_600_000 }
  await runNotary({ log: 0, lines, last: undefined, signing, pace, onCheckpoint: () => done.abort() }, done.signal)
  await lines.close()
  await file.close()
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-verify-'))
  server = await startTestServer(join(folder, 'log'))
  config = settings()
  await write(openEventStoreDb({ connectionString: server.connectionString }))
  await sign()
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const found: string[] = []
const verification = () => ({
  config,
  isRunning: true,
  onFinding: ({ where, what }: { readonly where: string; readonly what: string }) =>
    void found.push(`${where}: ${what}`),
  onProgress: () => undefined,
})

test('an EventStoreDB as it was written has nothing to be found', async () => {
  const { logs } = await verifyInstallation(verification())
  expect(found).toEqual([])
  expect(logs.map((log) => log.events)).toEqual([events.length])
  const { stream = '' } = events.at(-1) ?? {}
  expect(await verifyOneStream(verification(), stream)).toBeGreaterThan(1)
  expect(found).toEqual([])
})

test('a bundle of it verifies, and so it does with nothing but Node', async () => {
  const out = join(folder, 'bundle')
  const { logs } = await exportBundle(config, { out }, () => undefined)
  expect(logs.map((log) => log.events)).toEqual([signedEvents])
  await verifyBundle({ folder: out, onFinding: verification().onFinding })
  expect(found).toEqual([])
  const alone = spawnSync(process.execPath, [join(out, 'verify.mjs')], { encoding: 'utf8' })
  expect([alone.stdout.trimEnd().split('\n').at(-1), alone.status]).toEqual(['0 findings', 0])
})

/** Changes one byte of what the server has of the event at this place in the log, `after` bytes behind a text in it. */
const change = async (index: number, text: string, after: number): Promise<void> => {
  await server.stop()
  await changeLog(folder, (pages) => {
    const page = pages.find(({ first, entries }) => first <= index + 1 && first + entries.length > index + 1)
    const entry = page?.entries[index + 1 - page.first] ?? Buffer.alloc(0)
    const at = entry.indexOf(text) + text.length + after
    entry[at] = (entry[at] ?? 0) ^ 1
    return new Map(page === undefined ? [] : [[page.first, page.entries]])
  })
  server = await startTestServer(join(folder, 'log'))
  config = settings()
}

test('an event that somebody has changed is found by the one after it and by what was signed', async () => {
  const { stream = '', revision = 0 } = events[changed] ?? {}
  await change(changed, '"recordedAt":"', 20)
  await verifyInstallation(verification())
  expect(found.find((each) => each.includes(`(${stream}, revision ${revision + 1})`))).toMatch('its hash is another')
  expect(found.at(-1)).toMatch('they are not those that were signed')
})

test('and so is the hash of the one before it', async () => {
  found.length = 0
  await change(changed, '"recordedAt":"', 20)
  await verifyInstallation(verification())
  expect(found).toEqual([])
  await change(changed, '"previous":"', 10)
  await verifyInstallation(verification())
  const { stream = '', revision = 0 } = events[changed] ?? {}
  expect(found.find((each) => each.includes(`(${stream}, revision ${revision})`))).toMatch('its hash is another')
  expect(found.at(-1)).toMatch('they are not those that were signed')
})

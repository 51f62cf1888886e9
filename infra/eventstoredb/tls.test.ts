import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { start } from '../../domain/position.ts'
import { loadConfig } from '../config/load-config.ts'
import { eventStores } from '../config/places.ts'
import { idsOf, someEvents, someStream } from '../contracts/some-events.ts'
import { type Authority, isOpensslHere, makeAuthority } from '../testing/certificates.ts'
import { openEventStoreDb } from './event-store.ts'
import { startTestServer, type TestServer } from './test-server/test-server.ts'

/** An append is tried again for so long, whatever is wrong. */
const patience = { callMs: 10_000, allMs: 1_000 }

describe.skipIf(!isOpensslHere)('an event store with TLS and a user', () => {
  let trusted: Authority
  let unknown: Authority
  let folder = ''
  let server: TestServer

  beforeAll(async () => {
    trusted = await makeAuthority()
    unknown = await makeAuthority()
    folder = await mkdtemp(join(tmpdir(), 'daybook-esdb-tls-'))
    const access = { user: 'ledger', password: 'secret', ...(await trusted.certify()) }
    server = await startTestServer(folder, 0, undefined, access)
  })
  afterAll(async () => {
    await trusted.remove()
    await unknown.remove()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const openBy = (login: string, ca: string, host = '127.0.0.1') => {
    const port = new URL(server.connectionString).port
    const text = `esdb://${login}${host}:${port}?tls=true&tlsCAFile=${ca}`
    const troubles: unknown[] = []
    const config = loadConfig({ EVENT_STORE: 'eventstoredb', EVENTSTORE_CONNECTION_STRING: text })
    const [connectionString = ''] = eventStores(config)
    const onTrouble = (error: unknown) => troubles.push(error)
    const store = openEventStoreDb({ connectionString, patience, onTrouble })
    onTestFinished(() => store.close())
    return { store, troubles }
  }

  test('is appended to, read and subscribed to', async () => {
    const { store } = openBy('ledger:secret@', trusted.caPath)
    const [stream, events] = [someStream(), someEvents(3)]
    expect(await store.append(stream, 'none', events)).toMatchObject({ type: 'appended', revision: 2 })
    expect(idsOf(await store.readStream(stream))).toEqual(idsOf(events))
    expect(await store.streamRevision(stream)).toBe(2)
    const done = new AbortController()
    for await (const batch of store.subscribe(start, done.signal)) {
      expect(idsOf(batch.events)).toEqual(expect.arrayContaining(idsOf(events)))
      done.abort()
    }
  })

  const reasonOf = ({ message, cause }: Error): string => (cause instanceof Error ? cause.message : message)

  test.each([
    ['a wrong password', 'ledger:other@', () => trusted.caPath, '127.0.0.1', /credentials/],
    ['nobody named', '', () => trusted.caPath, '127.0.0.1', /credentials/],
    ['an unknown authority', 'ledger:secret@', () => unknown.caPath, '127.0.0.1', /certificate/],
    ['the certificate of another host', 'ledger:secret@', () => trusted.caPath, 'localhost', /certificate/],
  ])(
    'with %s refuses, and says why',
    async (_, login, ca, host, why) => {
      const { store, troubles } = openBy(login, ca(), host)
      expect(await store.head().catch(reasonOf)).toMatch(why)
      expect(await store.readStream(someStream()).catch(reasonOf)).toMatch(why)
      expect(await store.append(someStream(), 'none', someEvents(1)).catch(reasonOf)).toMatch(why)
      const done = new AbortController()
      const following = (async () => {
        for await (const batch of store.subscribe(start, done.signal)) expect(batch.events).toEqual([])
      })()
      await expect.poll(() => troubles.map(String).join(), { timeout: 20_000 }).toMatch(why)
      done.abort()
      await following
    },
    90_000,
  )
})

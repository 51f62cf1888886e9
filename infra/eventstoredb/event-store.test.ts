import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEventStore } from '../contracts/event-store.ts'
import { openEventStoreDb } from './event-store.ts'
import { startTestServer } from './test-server/test-server.ts'

/** A server that runs somewhere, for instance `esdb://127.0.0.1:2113?tls=false`; nobody else may write to it meanwhile. */
const elsewhere = process.env['TEST_EVENTSTOREDB']

describeEventStore('EventStoreDB', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-esdb-'))
  const server = elsewhere === undefined ? await startTestServer(join(folder, 'log')) : undefined
  const open = () => openEventStoreDb({ connectionString: server?.connectionString ?? elsewhere ?? '' })
  let store = open()
  return {
    store,
    reopen: async () => {
      await store.close()
      store = open()
      return store
    },
    close: async () => {
      await store.close()
      await server?.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEventStore } from '../contracts/event-store.ts'
import { spreadStores } from '../spread-stores.ts'
import { openEventStoreDb } from './event-store.ts'
import { startTestServer } from './test-server/test-server.ts'

describeEventStore('three EventStoreDBs as one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-spread-'))
  const servers = await Promise.all([0, 1, 2].map((n) => startTestServer(join(folder, `log-${n}`))))
  const open = () =>
    spreadStores(servers.map(({ connectionString }, log) => openEventStoreDb({ connectionString, log })))
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
      for (const server of servers) await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
})

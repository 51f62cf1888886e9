import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeProvedLog } from '../contracts/proved-log.ts'
import { openEventStoreDb } from './event-store.ts'
import { openProvedStore } from './proved-log.ts'
import { startTestServer } from './test-server/test-server.ts'

describeProvedLog('EventStoreDB, to be proved', async () => {
  const path = await mkdtemp(join(tmpdir(), 'daybook-proved-'))
  const server = await startTestServer(path)
  const { connectionString } = server
  const stores = [openEventStoreDb({ connectionString }), openEventStoreDb({ connectionString })] as const
  const log = openProvedStore(connectionString, 0)
  return {
    stores,
    log,
    dense: false,
    close: async () => {
      await log.close()
      for (const store of stores) await store.close()
      await server.stop()
      await rm(path, { recursive: true })
    },
  }
})

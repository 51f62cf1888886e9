import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { testUnreadEvents } from '../contracts/unread-events.ts'
import { writeTexts } from '../lmdb/testing/write-texts.ts'
import { openEventStoreDb } from './event-store.ts'
import { startTestServer } from './test-server/test-server.ts'

testUnreadEvents(async () => {
  const path = await mkdtemp(join(tmpdir(), 'daybook-esdb-'))
  const server = await startTestServer(path)
  const { connectionString } = server
  const troubles: unknown[] = []
  const store = openEventStoreDb({ connectionString, onTrouble: (error) => troubles.push(error) })
  return {
    store,
    write: (stream, texts) =>
      writeTexts(
        path,
        texts.map((text) => [stream, text]),
      ),
    close: async () => {
      await store.close()
      await server.stop()
      await rm(path, { recursive: true })
      expect(troubles).toEqual([])
    },
  }
})

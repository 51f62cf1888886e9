import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeProvedLog } from '../contracts/proved-log.ts'
import { openEventLog } from './event-log.ts'
import { openProvedLog } from './proved-log.ts'

describeProvedLog('the log in LMDB, to be proved', async () => {
  const path = await mkdtemp(join(tmpdir(), 'daybook-proved-'))
  const stores = [openEventLog({ path }), openEventLog({ path })] as const
  const log = openProvedLog(path)
  return {
    stores,
    log,
    dense: true,
    close: async () => {
      await log.close()
      for (const store of stores) await store.close()
      await rm(path, { recursive: true })
    },
  }
})

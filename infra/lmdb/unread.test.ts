import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testUnreadEvents } from '../contracts/unread-events.ts'
import { openEventLog } from './event-log.ts'
import { writeTexts } from './testing/write-texts.ts'

testUnreadEvents(async () => {
  const path = await mkdtemp(join(tmpdir(), 'daybook-log-'))
  const log = openEventLog({ path })
  return {
    store: log,
    write: (stream, texts) =>
      writeTexts(
        path,
        texts.map((text) => [stream, text]),
      ),
    close: async () => {
      await log.close()
      await rm(path, { recursive: true })
    },
  }
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogEvent } from './unread.ts'
import { describeEventFeed } from '../infra/contracts/event-feed.ts'
import { someEvents, someStream } from '../infra/contracts/some-events.ts'
import { openEventLog } from '../infra/lmdb/event-log.ts'
import { tailFeed } from './tail-feed.ts'
import { memoryLog } from './testing/memory-log.ts'
import { randomLog } from './testing/random-log.ts'

describeEventFeed('the tail of a log in memory', async () => {
  const events = randomLog(61, 800, ['1042', '7'])
  return { feed: tailFeed(memoryLog(events)), partOf: () => 0, events, close: async () => undefined }
})

describeEventFeed('the tail of a log in LMDB', async () => {
  const path = await mkdtemp(join(tmpdir(), 'daybook-log-'))
  const log = openEventLog({ path })
  const more = async (): Promise<readonly LogEvent[]> => {
    const before = await log.head()
    await Promise.all(Array.from({ length: 100 }, () => log.append(someStream(), 'none', someEvents(3))))
    return (await log.readAll(before, 1_000)).events
  }
  return {
    feed: tailFeed(log),
    partOf: () => 0,
    events: await more(),
    more,
    close: async () => {
      await log.close()
      await rm(path, { recursive: true })
    },
  }
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import type { LogEvent } from '../../projections/unread.ts'
import { tailFeed } from '../../projections/tail-feed.ts'
import { describeEventFeed } from '../contracts/event-feed.ts'
import { someEvents, someStream } from '../contracts/some-events.ts'
import { spreadStores } from '../spread-stores.ts'
import { openEventStoreDb } from './event-store.ts'
import { startTestServer } from './test-server/test-server.ts'

describe.each([1, 3])('%i event stores', (count) => {
  describeEventFeed('the tail of them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'daybook-esdb-tail-'))
    const starting = Array.from({ length: count }, (_, n) => startTestServer(join(folder, `log-${n}`)))
    const servers = await Promise.all(starting)
    const each = servers.map(({ connectionString }, log) => openEventStoreDb({ connectionString, log }))
    const all = spreadStores(each)
    /** In the order of each log. */
    const more = async (): Promise<readonly LogEvent[]> => {
      const before = await Promise.all(each.map((store) => store.head()))
      await Promise.all(Array.from({ length: 100 }, () => all.append(someStream(), 'none', someEvents(3))))
      const pages = await Promise.all(each.map((store, log) => store.readAll(before[log] ?? '0', 1_000)))
      return pages.flatMap(({ events }) => events)
    }
    return {
      feed: tailFeed(all, each),
      partOf: () => 0,
      events: await more(),
      more,
      close: async () => {
        await all.close()
        for (const server of servers) await server.stop()
        await rm(folder, { recursive: true, force: true })
      },
    }
  })
})

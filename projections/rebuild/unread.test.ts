import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newer } from '../../infra/contracts/newer-events.ts'
import { schemaOfCopy } from '../copies/copy.ts'
import type { LogReader } from '../log-reader.ts'
import { partitionsOf } from '../partitions.ts'
import type { StreamReader } from '../stream-reader.ts'
import { tailFeed } from '../tail-feed.ts'
import { takeUpOnce } from '../take-up.ts'
import { dumpCopy } from '../testing/dump-copy.ts'
import { expectModels } from '../testing/expect-models.ts'
import { allProjections } from '../testing/follow.ts'
import { memoryLog } from '../testing/memory-log.ts'
import { randomLog } from '../testing/random-log.ts'
import { runToHead } from '../testing/run-to-head.ts'
import { noEvent, streamWith } from '../testing/strange-events.ts'
import { startTestReadModels, type TestReadModels } from '../testing/test-read-models.ts'
import type { LogEvent } from '../unread.ts'
import { diffCopies, differing } from './diff.ts'
import { type Order, rebuild } from './rebuild.ts'

const log = randomLog(112, 700, ['1042', '7', '13', 'shop_a'])
const [payment, payout] = [streamWith(log, 'PaymentVoided'), streamWith(log, 'PayoutRequested')]
/** One stream that tells whose it is, and one that does not and may be any shard's. */
const strange = log.map((event): LogEvent => {
  if (event.stream === payout) return newer(event)
  return event.stream === payment && event.revision === 2 ? noEvent(event) : event
})
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const signal = new AbortController().signal

let models: TestReadModels

beforeAll(async () => {
  models = await startTestReadModels(3, 8)
})
afterAll(() => models.stop())
beforeEach(() => models.empty())

const build = (order: Order, source: LogReader & StreamReader) =>
  rebuild(
    {
      servers: [models.server],
      feed: tailFeed(source),
      head: () => source.head(),
      streams: source,
      logger: quiet,
      signal,
      onProgress: () => undefined,
    },
    order,
  )

const parkedIn = async (projection: string, number: number): Promise<readonly unknown[]> => {
  const selects = models.server.shards.map(
    (shard) => `select '${shard}' as shard, stream, log, sequence, revision, reason, unreadable, merchant_id
      from ${schemaOfCopy(projection, shard, number)}.parked_streams where projection = '${projection}'`,
  )
  return (await models.pool.query(`${selects.join(' union all ')} order by shard, stream`)).rows
}

/** Both copies of all projections have the same rows, and so many parked streams are in both. */
const expectBothAlike = async (parked: Readonly<Record<string, number>>): Promise<void> => {
  for (const projection of allProjections()) {
    const { name } = projection
    expect(await parkedIn(name, 1)).toHaveLength(parked[name] ?? 0)
    expect(await parkedIn(name, 2)).toEqual(await parkedIn(name, 1))
    expect(await dumpCopy(models.server, projection, 2)).toBe(await dumpCopy(models.server, projection, 1))
    expect(differing(await diffCopies([models.server], projection, signal))).toBe(0)
  }
}

test('what cannot be read is parked in a copy as in the live one, and taken up again in both', async () => {
  const { server } = models
  await runToHead(server, memoryLog(strange))
  for (const projection of allProjections()) expect(await build({ projection }, memoryLog(strange))).toBe('caughtUp')
  await expectBothAlike({ journal: 4, payments: 3, payouts: 1, periods: 4 })

  const told: string[] = []
  await takeUpOnce(
    {
      feed: tailFeed(memoryLog(log)),
      log: memoryLog(log),
      server,
      partitions: partitionsOf(server),
      projections: allProjections(),
      statusCache: { put: (entries) => void told.push(...entries.map(({ id }) => id)) },
      logger: quiet,
    },
    signal,
  )
  await expectBothAlike({})
  await expectModels(server, log)
  // Of the live one alone.
  expect(told).toEqual([...new Set(told)])
  expect(told).not.toEqual([])
})

test('what an older version could not read is in the copy when a newer one has built it to its end', async () => {
  await runToHead(models.server, memoryLog(log))
  const to = String(log.findLast(({ stream }) => stream === payment || stream === payout)?.sequence)
  for (const projection of allProjections()) {
    expect(await build({ projection, to }, memoryLog(strange))).toBe('builtTo')
    expect(await parkedIn(projection.name, 2)).not.toEqual([])
    expect(await build({ projection }, memoryLog(log))).toBe('caughtUp')
  }
  await expectBothAlike({})
})

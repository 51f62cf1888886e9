import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { RecordedEvent } from '../../domain/event.ts'
import type { StatusEntry } from '../../projections/status-cache.ts'
import { memoryLog } from '../../projections/testing/memory-log.ts'
import { randomLog } from '../../projections/testing/random-log.ts'
import type { Difference } from '../../reconciliation/difference.ts'
import { isSame } from '../../reconciliation/digest.ts'
import type { Place } from '../../reconciliation/place.ts'
import { readPage } from '../../reconciliation/read-page.ts'
import { statusesPlace } from '../../reconciliation/statuses/statuses-place.ts'
import { paymentRowAt } from '../../reconciliation/tables/fold-to.ts'
import { kinds } from '../cache/kinds.ts'
import { connectRedis, type RedisConnection } from './connection.ts'
import { redisSharedStatuses } from './shared-statuses.ts'
import { redisStatusCache } from './status-cache.ts'
import { isRedisHere, type RedisServers, startRedis } from './testing/redis-servers.ts'

const log = randomLog(5, 600, ['1042', '7'])
const streams = new Map<string, RecordedEvent[]>()
for (const event of log) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event])
const ids = [...streams.keys()].flatMap((stream) => (stream.startsWith('payment-') ? [stream.slice(8)] : []))
const eventsOf = (id: string): readonly RecordedEvent[] => streams.get(`payment-${id}`) ?? []

/** What the projector says of a payment at a revision. */
const entryAt = (id: string, version: number): StatusEntry => {
  const row = paymentRowAt(eventsOf(id), version)
  if (row === undefined) throw new Error(`${id} has no revision ${version}`)
  return { id, version, merchantId: row.merchantId, position: '1', document: row.document }
}
const last = (id: string): number => eventsOf(id).length - 1
const moved = ids.filter((id) => last(id) > 1)
const [one = '', other = ''] = moved

describe.runIf(isRedisHere)('statuses in a real Redis', () => {
  let servers: RedisServers
  let connection: RedisConnection
  let place: Place
  let byHand: Redis
  beforeAll(async () => {
    servers = await startRedis()
    byHand = new Redis({ ...servers.settings.nodes[0] })
    connection = connectRedis(servers.settings, 2_000, () => undefined)
    place = statusesPlace({
      statuses: redisSharedStatuses(connection),
      streams: { streamFrom: async (name) => streams.get(name) ?? [] },
      reached: async () => String(log.length),
    })
    const cache = redisStatusCache(connection, { onLookup: () => undefined, onTrouble: () => undefined })
    await vi.waitFor(() => connection.get('ready'))
    // Every third one was forgotten.
    await cache.putAll(ids.filter((_, index) => index % 3 > 0).map((id) => entryAt(id, last(id))))
    await cache.putAll([one, other].map((id) => entryAt(id, last(id))))
    cache.end()
  })
  afterAll(async () => {
    byHand.disconnect()
    await connection.close()
    await servers.stop()
  })

  const round = async (): Promise<readonly Difference[]> => {
    const page = await readPage(memoryLog(log), 0, 0, log.length)
    const { differences, parts } = await place.compare(page)
    expect(parts.every(({ expected, found }) => isSame(expected, found))).toBe(differences.length === 0)
    const found = [...differences]
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const piece = await place.strays(after, new Set())
      found.push(...piece.differences)
      after = piece.next
    }
    return found
  }

  test('what the projector has put there, or what was forgotten, is no difference', async () => {
    expect(await round()).toEqual([])
  })

  const value = (entry: StatusEntry): string => `${entry.version}:${JSON.stringify(entry)}`
  test.each<[string, string, () => string, string]>([
    ['says something else', one, () => value({ ...entryAt(one, last(one)), document: '{"amount":1}' }), 'altered'],
    ['is of another merchant', one, () => value({ ...entryAt(one, last(one)), merchantId: 'x' }), 'altered'],
    ['is older than the log', one, () => value(entryAt(one, 0)), 'altered'],
    ['is no status', one, () => `${last(one)}:[]`, 'altered'],
    ['is of a revision that is not there', one, () => value({ ...entryAt(one, last(one)), version: 99 }), 'ahead'],
    ['is that of another payment', one, () => value(entryAt(other, last(other))), 'doubled'],
    [
      'is of nothing',
      `pay_${'0'.repeat(32)}`,
      () => value({ ...entryAt(one, 0), id: `pay_${'0'.repeat(32)}` }),
      'ahead',
    ],
  ])('one that %s is found, located and dropped', async (_, id, text, kind) => {
    await byHand.set(kinds.status.keyOf(id), text(), 'PX', 60_000)
    const found = await round()
    expect(new Set(found.map((each) => `${each.stream} ${each.kind}`))).toEqual(new Set([`payment-${id} ${kind}`]))
    for (const difference of found) await place.repair(difference, new Set())
    expect(await round()).toEqual([])
  })

  test('what has gone on is left as it is by a repair', async () => {
    const [wrong] = await (async () => {
      await byHand.set(kinds.status.keyOf(one), value(entryAt(one, 0)), 'PX', 60_000)
      return round()
    })()
    await byHand.set(kinds.status.keyOf(one), value(entryAt(one, last(one))), 'PX', 60_000)
    if (wrong === undefined) throw new Error('nothing was found')
    expect(await place.repair(wrong, new Set())).toBe('notNeeded')
    expect(await byHand.get(kinds.status.keyOf(one))).toBe(value(entryAt(one, last(one))))
  })
})

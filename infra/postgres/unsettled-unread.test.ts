import { afterAll, beforeAll, expect, test } from 'vitest'
import { isMerchantEvent } from '../../domain/event-types.ts'
import { evolveMerchant, initialMerchant } from '../../domain/merchant/evolve.ts'
import type { Merchant } from '../../domain/merchant/state.ts'
import { sequenceIn } from '../../domain/position.ts'
import { memoryLog } from '../../projections/testing/memory-log.ts'
import { randomLog } from '../../projections/testing/random-log.ts'
import { runToHead } from '../../projections/testing/run-to-head.ts'
import { newerFrom } from '../../projections/testing/strange-events.ts'
import { startTestReadModels, type TestReadModels } from '../../projections/testing/test-read-models.ts'
import { unsettledIn } from '../../projections/testing/unsettled-in.ts'
import { allOnPool } from './shard-servers.ts'
import { unsettledPostings } from './unsettled-postings.ts'

const shards = 3
let models: TestReadModels
beforeAll(async () => {
  models = await startTestReadModels(shards)
  await models.empty()
})
afterAll(() => models.stop())

const merchants = ['1042', '7', 'shop_a']
const log = randomLog(30, 3_000, merchants)
const merchantAt = (id: string): Merchant =>
  log
    .filter((event) => isMerchantEvent(event))
    .filter(({ data }) => data.merchantId === id)
    .reduce(evolveMerchant, initialMerchant)

/** What a merchant has unsettled by the events before a place, as of settlements anywhere. */
const unsettledBefore = (sequence: number, merchantId: string) =>
  unsettledIn(log.slice(0, sequence - 1), merchantAt(merchantId))

test('what may come to light later is settled later: a merchant is settled up to what cannot be read', async () => {
  const hidden = log.findLast(({ type, metadata, sequence }) => {
    const settledTo = [...merchantAt(metadata.merchantId).settledTo.values()].map((position) => sequenceIn(position, 0))
    const isUnsettled = type === 'PaymentCaptured' && sequence > Math.max(...settledTo)
    return isUnsettled && unsettledBefore(sequence, metadata.merchantId).length > 0
  })
  if (hidden === undefined) throw new Error('everything is settled')
  await runToHead(models.server, memoryLog(newerFrom(log, [hidden.stream], hidden.revision)))

  const unsettled = unsettledPostings(allOnPool(models.pool, shards))
  const expected = merchants.flatMap((id) =>
    id === hidden.metadata.merchantId ? unsettledBefore(hidden.sequence, id) : unsettledIn(log, merchantAt(id)),
  )
  const found = await unsettled({}, String(log.length), 0)
  expect(new Set(found.map(({ to }) => to))).toEqual(new Set([String(hidden.sequence - 1), String(log.length)]))
  expect(found).toHaveLength(expected.length)
  expect(found).toEqual(expect.arrayContaining(expected))
})

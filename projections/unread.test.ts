import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { expectModels } from './testing/expect-models.ts'
import { inOrder, memoryLog } from './testing/memory-log.ts'
import { randomLog } from './testing/random-log.ts'
import { runToHead } from './testing/run-to-head.ts'
import { newerFrom, noEvent, parkedIn, streamWith, without } from './testing/strange-events.ts'
import { startTestReadModels, type TestReadModels } from './testing/test-read-models.ts'

let models: TestReadModels

beforeAll(async () => {
  models = await startTestReadModels(3)
})
afterAll(() => models.stop())
beforeEach(() => models.empty())

const log = randomLog(90, 500, ['1042', '7', 'shop_a'])

test('its stream is parked for each projection that would follow it, and everything else goes on', async () => {
  const [payment, payout] = [streamWith(log, 'PaymentCaptured'), streamWith(log, 'PayoutSent')]
  await runToHead(models.server, memoryLog(newerFrom(log, [payment, payout], 1), inOrder(37)))
  await expectModels(models.server, without(log, [payment, payout], 1))
  const expected = [payment, payout].flatMap((stream) => {
    const event = log.find((each) => each.stream === stream && each.revision === 1)
    if (event === undefined) throw new Error('too short')
    const { type, sequence, metadata } = event
    const row = {
      schema: models.server.shardOf(metadata.merchantId),
      stream,
      sequence: BigInt(sequence),
      event_type: type,
      reason: `an event of type ${type}, version 2, is not known to this version`,
      unreadable: true,
      revision: 1,
      merchant_id: metadata.merchantId,
    }
    return ['journal', stream === payment ? 'payments' : 'payouts', 'periods'].map((projection) => ({
      projection,
      ...row,
    }))
  })
  const columns = 'projection, stream, sequence, event_type, reason, unreadable, revision, merchant_id'
  const rows = await parkedIn(models, columns)
  expect(rows).toHaveLength(expected.length)
  expect(rows).toEqual(expect.arrayContaining(expected))
})

test('one that does not tell whose it is parks its stream wherever it may be', async () => {
  const payment = streamWith(log, 'PaymentVoided')
  const strange = log.map((event) => (event.stream === payment && event.revision === 2 ? noEvent(event) : event))
  await runToHead(models.server, memoryLog(strange))
  await expectModels(models.server, without(log, [payment], 2))
  const row = { reason: 'not the text of an event', event_type: 'Unreadable', merchant_id: null }
  expect(await parkedIn(models, 'projection, reason, event_type, merchant_id')).toEqual(
    models.server.shards.flatMap((schema) =>
      ['journal', 'payments', 'periods'].map((projection) => ({ schema, projection, ...row })),
    ),
  )
})

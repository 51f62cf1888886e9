import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectionStream, type RecordedEvent } from '../domain/event.ts'
import { countParked } from './count-parked.ts'
import { parkedReporter } from './report-parked.ts'
import { memoryLog } from './testing/memory-log.ts'
import { startTestReadModels, type TestReadModels } from './testing/test-read-models.ts'

let models: TestReadModels
const projections = ['journal', 'payments']

beforeAll(async () => {
  models = await startTestReadModels(2)
  await models.empty()
})
afterAll(() => models.stop())

const park = (schema: string, projection: string, numbers: readonly number[]) =>
  models.pool.query(
    `insert into ${schema}.parked_streams (projection, stream, log, sequence, event_type, reason)
     select $1, 'payment-' || n, 0, n, 'PaymentCaptured', 'by hand' from unnest($2::integer[]) n`,
    [projection, numbers],
  )

const discarded = (stream: string, position: string, revision: number): RecordedEvent => ({
  type: 'ParkedStreamDiscarded',
  data: { projection: 'payments', stream, position, reason: 'a test payment', by: 'key' },
  id: `00000000-0000-5000-8000-00000000000${revision}`,
  version: 1,
  recordedAt: '2026-03-01T10:00:00.000Z',
  metadata: { merchantId: 'daybook' },
  stream: projectionStream('payments'),
  revision,
  log: 0,
  sequence: 100 + revision,
})
/** The first is parked where it was discarded, the second at another event since, the third not at all. */
const log = memoryLog([discarded('payment-1', '1', 0), discarded('payment-2', '7', 1), discarded('payment-9', '9', 2)])

const counts = async () =>
  (await countParked(models.server, log, projections)).map(
    ({ shard, projection, parked, discarded: left }) => `${shard} ${projection} ${parked} ${left}`,
  )

test('streams are counted by shard and projection, those that are discarded apart', async () => {
  const none = ['shard_0 journal 0 0', 'shard_0 payments 0 0', 'shard_1 journal 0 0', 'shard_1 payments 0 0']
  expect(await counts()).toEqual(none)
  await park('shard_0', 'payments', [1, 2, 3])
  await park('shard_1', 'journal', [1])
  expect(await counts()).toEqual([
    'shard_0 journal 0 0',
    'shard_0 payments 2 1',
    'shard_1 journal 1 0',
    'shard_1 payments 0 0',
  ])
})

test('those that are not discarded are told by the number of their shard, and none as well', async () => {
  const told: unknown[] = []
  await parkedReporter(models.server, log, projections, (...each) => told.push(each))()
  expect(told).toEqual([
    [0, 'journal', 0],
    [0, 'payments', 2],
    [1, 'journal', 1],
    [1, 'payments', 0],
  ])
})

test('only the copy that is read counts', async () => {
  await models.pool.query(
    `create schema shard_0_payments_2;
     create table shard_0_payments_2.parked_streams (like shard_0.parked_streams including all);
     insert into daybook.copies (projection, shard, number, version, state) values
       ('payments', 'shard_0', 1, 1, 'caughtUp'), ('payments', 'shard_0', 2, 1, 'caughtUp');`,
  )
  expect((await counts())[1]).toBe('shard_0 payments 2 1')
  await models.pool.query(
    `insert into daybook.live_copies (projection, change, numbers) values ('payments', 1, array[2, 1])`,
  )
  expect((await counts())[1]).toBe('shard_0 payments 0 0')
})

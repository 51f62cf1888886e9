import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { merchantStream } from '../../domain/event.ts'
import { closePool, openPool } from '../../infra/postgres/pools.ts'
import { readModelServer } from '../../infra/postgres/read-model-server.ts'
import { allOnPool } from '../../infra/postgres/shard-servers.ts'
import { startTestPostgres, type TestPostgres } from '../../infra/postgres/testing/test-postgres.ts'
import { unsettledPostings } from '../../infra/postgres/unsettled-postings.ts'
import { journalProjection } from '../../projections/journal/journal.ts'
import { migrate } from '../../projections/migrate.ts'
import { partitionsOf } from '../../projections/partitions.ts'
import { runProjector } from '../../projections/projector.ts'
import { tailFeed } from '../../projections/tail-feed.ts'
import { createChangeMerchant } from '../merchants/change-merchant.ts'
import { createMerchantStates } from '../merchants/merchant-states.ts'
import { type Ledger, openLedger } from '../testing/ledger.ts'
import { until } from '../testing/until.ts'
import { scheduleSettlement } from './schedule.ts'
import { createSettle, type Settle } from './settle.ts'
import { ReadModelBehind, type UnsettledPostings } from './unsettled.ts'

const shards = 3
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const poolSettings = { max: 4, connectionTimeoutMs: 5_000, idleTimeoutMs: 10_000, statementTimeoutMs: 30_000 }

let postgres: TestPostgres
let pools: { readonly write: pg.Pool; readonly read: pg.Pool }
let unsettled: UnsettledPostings
let ledger: Ledger
let behind = false
const projecting = new AbortController()
let projected: Promise<void>

beforeAll(async () => {
  postgres = await startTestPostgres()
  pools = {
    write: openPool(postgres.connection, { ...poolSettings, name: 'projections' }, () => undefined),
    read: openPool(postgres.connection, { ...poolSettings, name: 'settlement', readOnly: true }, () => undefined),
  }
  const server = readModelServer(pools.write, shards)
  await migrate(server)
  unsettled = unsettledPostings(allOnPool(pools.read, shards))
  ledger = await openLedger({
    unsettled: (...given) => (behind ? Promise.reject(new ReadModelBehind('1 s')) : unsettled(...given)),
    settings: { readModelWaitMs: 30_000 },
  })
  projected = runProjector(
    {
      feed: tailFeed(ledger.log),
      server,
      partitions: partitionsOf(server),
      projections: [journalProjection()],
      statusCache: { put: () => Promise.resolve() },
      logger: silent,
      onProgress: () => undefined,
      onHole: () => undefined,
    },
    projecting.signal,
  )
})
afterAll(async () => {
  projecting.abort()
  await projected
  await ledger.close()
  await Promise.all([closePool(pools.write), closePool(pools.read)])
  await postgres.stop()
})

const method = { type: 'upi', vpa: 'asha@okbank' }
let keys = 0
const pay = async (merchantId: string, amount: number, currency = 'INR'): Promise<string> => {
  const sent = { key: `pay ${++keys}`, as: `merchant.${merchantId}` }
  const { body } = await ledger.post('/v1/payments', { amount, currency, method }, sent)
  return String(body['id'])
}
const refund = (merchantId: string, paymentId: string, amount: number) =>
  ledger.post(`/v1/payments/${paymentId}/refunds`, { amount }, { key: `re ${++keys}`, as: `merchant.${merchantId}` })
const payOut = (merchantId: string, amount: number, key: string) =>
  ledger.post(
    '/v1/payouts',
    { amount, currency: 'INR', destination: { type: 'bankAccount', token: 'tok' } },
    { key, as: `merchant.${merchantId}` },
  )
const settleOver = (body: object, as = 'finance') => ledger.post('/v1/settlements', body, { as })
const register = async (merchantId: string) => {
  const changeMerchant = createChangeMerchant(ledger.log, createMerchantStates(ledger.log, 1))
  const now = new Date().toISOString()
  await changeMerchant(merchantId, {
    command: { type: 'registerMerchant', now, merchantId, name: 'Asha' },
    metadata: {},
  })
  const fees = { default: { basisPoints: 200, fixed: 0 } }
  await changeMerchant(merchantId, { command: { type: 'setFees', now, fees }, metadata: {} })
}
/** A process of its own on the same log. */
const settleElsewhere = (from: UnsettledPostings = unsettled): Settle =>
  createSettle({
    store: ledger.log,
    unsettled: from,
    changeMerchant: createChangeMerchant(ledger.log, createMerchantStates(ledger.log, 10)),
    clock: Date.now,
    waitMs: 30_000,
  })
const settlementsOf = async (merchantId: string) =>
  (await ledger.log.readStream(merchantStream(merchantId))).flatMap((event) =>
    event.type === 'SettlementRecorded' ? [event.data] : [],
  )

test('what was captured, less refunds and fees, can be paid out', async () => {
  await register('s1')
  const first = await pay('s1', 10_000)
  await pay('s1', 5_000)
  await refund('s1', first, 2_000)
  expect(await payOut('s1', 1, 'early')).toMatchObject({ status: 422, body: { code: 'insufficientFunds' } })

  const settled = await settleOver({ merchantId: 's1' })
  expect(settled).toMatchObject({
    status: 201,
    body: {
      data: [
        {
          id: expect.stringMatching(/^st_[0-9a-f]{32}$/) as string,
          merchantId: 's1',
          currency: 'INR',
          gross: 15_000,
          refunds: 2_000,
          disputes: 0,
          fees: 300,
          net: 12_700,
          payments: 2,
          createdAt: expect.any(String) as string,
        },
      ],
    },
  })
  expect(settled.headers.get('Daybook-Position')).toBe(await ledger.log.head())
  expect(await payOut('s1', 12_701, 'late')).toMatchObject({ status: 422, body: { code: 'insufficientFunds' } })
  expect(await payOut('s1', 12_700, 'late')).toMatchObject({ status: 201, body: { status: 'sent' } })
  expect(await settleOver({ merchantId: 's1' })).toMatchObject({ status: 201, body: { data: [] } })
})

test('refunds after a payout make the balance negative; payouts wait until it is positive again', async () => {
  await register('s2')
  const paymentId = await pay('s2', 1_000)
  await settleOver({ merchantId: 's2' })
  expect(await payOut('s2', 980, 'all')).toMatchObject({ status: 201 })
  await refund('s2', paymentId, 600)
  expect(await settleOver({ merchantId: 's2' })).toMatchObject({
    body: { data: [{ gross: 0, refunds: 600, net: -600 }] },
  })
  expect(await payOut('s2', 1, 'more')).toMatchObject({ status: 422, body: { code: 'insufficientFunds' } })
  await pay('s2', 500)
  await settleOver({ merchantId: 's2' })
  expect(await payOut('s2', 1, 'more')).toMatchObject({ status: 422, body: { code: 'insufficientFunds' } })
  await pay('s2', 200)
  await settleOver({ merchantId: 's2' })
  // 980 − 980 − 600 + 490 + 196
  expect(await payOut('s2', 87, 'more')).toMatchObject({ status: 422 })
  expect(await payOut('s2', 86, 'more')).toMatchObject({ status: 201 })
})

test('a filter leaves the rest for later', async () => {
  for (const merchantId of ['s3', 's4']) {
    await register(merchantId)
    await pay(merchantId, 100)
    await pay(merchantId, 200, 'USD')
  }
  const found = async (body: object) => {
    const { data } = (await settleOver(body, 'operator')).body as { data: { merchantId: string; currency: string }[] }
    return data.map(({ merchantId, currency }) => `${merchantId} ${currency}`).toSorted()
  }
  expect(await found({ merchantId: 's3', currency: 'USD' })).toEqual(['s3 USD'])
  expect(await found({ merchantId: 's3', currency: 'EUR' })).toEqual([])
  expect(await found({ currency: 'USD' })).toEqual(['s4 USD'])
  expect(await found({})).toEqual(['s3 INR', 's4 INR'])
})

test('only finance and operators settle, and say what', async () => {
  const before = await ledger.log.head()
  for (const role of ['merchant.s1', 'auditor']) expect(await settleOver({}, role)).toMatchObject({ status: 403 })
  expect(await settleOver({ merchant: 's1' })).toMatchObject({ status: 400, body: { code: 'invalidRequest' } })
  expect(await settleOver({ currency: 'inr' })).toMatchObject({ status: 400, body: { code: 'invalidRequest' } })
  expect(await ledger.log.head()).toBe(before)
})

test('read models that are behind are a 503 with Retry-After', async () => {
  behind = true
  const reply = await settleOver({})
  behind = false
  expect(reply).toMatchObject({ status: 503, body: { code: 'readModelBehind' } })
  expect(reply.headers.get('Retry-After')).toBe('1')
})

test('concurrent runs of several processes settle each payment once, while payments go on', async () => {
  const merchants = ['c1', 'c2', 'c3']
  for (const merchantId of merchants) await register(merchantId)
  const runs = [settleElsewhere(), settleElsewhere(), settleElsewhere()]
  const paying = merchants.map(async (merchantId) => {
    for (let n = 0; n < 30; n++) {
      const paymentId = await pay(merchantId, 1_000)
      if (n % 3 === 0) await refund(merchantId, paymentId, 100)
    }
  })
  const settling = runs.map(async (settle) => {
    for (let n = 0; n < 10; n++) await settle({})
  })
  await Promise.all([...paying, ...settling])
  await Promise.all(runs.map((settle) => settle({})))

  for (const merchantId of merchants) {
    const settlements = await settlementsOf(merchantId)
    expect(settlements.reduce((sum, { gross }) => sum + gross, 0n)).toBe(30_000n)
    expect(settlements.reduce((sum, { refunds }) => sum + refunds, 0n)).toBe(1_000n)
    expect(settlements.reduce((sum, { fees }) => sum + fees, 0n)).toBe(600n)
    expect(settlements.map(({ from }) => from)).toEqual(['0', ...settlements.slice(0, -1).map(({ to }) => to)])
    expect(new Set(settlements.map(({ settlementId }) => settlementId)).size).toBe(settlements.length)
  }
})

test('a run on what was read before another settled it does nothing', async () => {
  await register('s5')
  await pay('s5', 1_000)
  const stale = await unsettled({ merchantId: 's5' }, await ledger.log.head(), 30_000)
  const first = await settleElsewhere()({ merchantId: 's5' })
  expect(first.settled).toHaveLength(1)
  const second = await settleElsewhere(() => Promise.resolve(stale))({})
  expect(second.settled).toEqual([])
  expect(await settlementsOf('s5')).toHaveLength(1)
})

test('the schedule settles, goes on after a failure, and stops between two runs', async () => {
  let runs = 0
  let underWay = 0
  const logged: string[] = []
  const logger = {
    ...silent,
    warn: () => logged.push('warning'),
    error: () => logged.push('error'),
  }
  const settle: Settle = async () => {
    runs += 1
    underWay += 1
    expect(underWay).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 5))
    underWay -= 1
    if (runs === 1) throw new ReadModelBehind('1 s')
    if (runs === 2) throw new Error('the log is gone')
    return { settled: [], position: '0' }
  }
  const loop = scheduleSettlement(settle, 1, logger)
  loop.start()
  await until(() => runs >= 4)
  await loop.stop()
  const stopped = runs
  expect(underWay).toBe(0)
  expect(logged).toEqual(['warning', 'error'])

  const never = scheduleSettlement(settle, 0, logger)
  never.start()
  await never.stop()
  expect(runs).toBe(stopped)
})

test('nothing went wrong on the way', () => {
  expect(ledger.logged).toEqual([])
})

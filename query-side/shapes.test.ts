import { afterAll, beforeAll, expect, test } from 'vitest'
import { merchantStream, paymentStream, payoutStream } from '../domain/event.ts'
import { disputed, idOf, payout, refunded, type Sale, settled, sold } from './testing/events.ts'
import { appOf, asker, failures, openStage, type Reply, type Stage } from './testing/stage.ts'

let stage: Stage
let ask: (who: string, path: string, headers?: Readonly<Record<string, string>>) => Promise<Reply>
let head = ''

const first: Sale = { name: 'first', merchantId: '1042', amount: 12_500n, fee: 250n, customerId: 'cus_1' }
const second: Sale = { name: 'second', merchantId: '1042', amount: 1_000n, gateway: 'other' }
const foreign: Sale = { name: 'foreign', merchantId: '7', amount: 700n, currency: 'EUR' }

beforeAll(async () => {
  stage = await openStage()
  ask = asker(appOf(stage.deps))
  await stage.record(merchantStream('1042'), '2025-05-01T00:00:00.000Z', {
    type: 'MerchantRegistered',
    data: { merchantId: '1042', name: 'Asha Books' },
  })
  await stage.record(paymentStream(idOf('pay', 'first')), '2025-05-31T23:59:59.999Z', ...sold(first))
  await stage.record(paymentStream(idOf('pay', 'first')), '2025-06-01T00:00:00.000Z', ...refunded(first, 500n))
  const to = await stage.record(paymentStream(idOf('pay', 'second')), '2025-06-01T10:00:00.000Z', ...sold(second))
  await stage.record(
    merchantStream('1042'),
    '2025-06-02T00:00:00.000Z',
    settled('first', '1042', { gross: 13_500n, refunds: 500n, disputes: 0n, fees: 250n, net: 12_750n }, '0', to),
  )
  await stage.record(paymentStream(idOf('pay', 'second')), '2025-06-02T10:00:00.000Z', ...disputed(second, 400n))
  const { reserved, sent } = payout('first', '1042', 8_000n)
  await stage.record(merchantStream('1042'), '2025-06-03T00:00:00.000Z', reserved)
  await stage.record(payoutStream(idOf('po', 'first')), '2025-06-03T00:00:00.000Z', ...sent)
  head = await stage.record(paymentStream(idOf('pay', 'foreign')), '2025-06-04T00:00:00.000Z', ...sold(foreign))
  await stage.caughtUp()
})
afterAll(async () => {
  await stage.close()
  expect(failures).toEqual([])
})

test('a payment', async () => {
  const { status, headers, body } = await ask('merchant 1042', `/v1/payments/${idOf('pay', 'first')}`)
  expect(status).toBe(200)
  expect(headers.get('ETag')).toBe('"4"')
  expect(headers.get('Daybook-Position')).toBe(head)
  expect(headers.get('Content-Type')).toBe('application/json')
  expect(body).toMatchObject({ id: idOf('pay', 'first'), status: 'partiallyRefunded', refunded: 500, revision: 4 })
})

test.each(['"4"', 'W/"4"', '"1", "4"', '*'])('a payment that the client has already: %s', async (known) => {
  const path = `/v1/payments/${idOf('pay', 'first')}`
  const { status, headers, text } = await ask('merchant 1042', path, { 'If-None-Match': known })
  expect([status, text]).toEqual([304, ''])
  expect(headers.get('ETag')).toBe('"4"')
})

test('a payment that has changed since the client saw it', async () => {
  const path = `/v1/payments/${idOf('pay', 'first')}`
  expect((await ask('merchant 1042', path, { 'If-None-Match': '"3"' })).status).toBe(200)
})

test.each(['pay_1', 'pay_00000000000000000000000000000000', idOf('po', 'first'), 'x', '%00', 'PAY_0'])(
  'no payment: %s',
  async (id) => {
    const { status, body } = await ask('finance', `/v1/payments/${id}`)
    expect([status, body['code']]).toEqual([404, 'paymentNotFound'])
  },
)

test('payments, newest first', async () => {
  const { status, headers, body } = await ask('finance', '/v1/payments')
  expect(status).toBe(200)
  expect(headers.get('Daybook-Position')).toBe(head)
  expect(Object.keys(body)).toEqual(['data', 'nextCursor'])
  expect(body.data.map(({ id }) => id)).toEqual(['foreign', 'second', 'first'].map((name) => idOf('pay', name)))
  expect(body['nextCursor']).toBeNull()
})

test.each([
  ['merchantId=1042', ['second', 'first']],
  ['status=disputed', ['second']],
  ['method=upi&gateway=sandbox', ['foreign', 'first']],
  ['method=card', []],
  ['customerId=cus_1', ['first']],
  ['from=2025-06-01', ['foreign', 'second']],
  ['to=2025-06-01', ['first']],
  ['from=2025-05-31T23:59:59.999Z&to=2025-06-01T10:00:00Z', ['first']],
  ['from=2025-06-01T15:30:00%2B05:30&to=2025-06-01T10:00:00.001Z', ['second']],
  ['merchantId=1042&status=disputed&gateway=other&method=upi&from=2025-01-01', ['second']],
])('payments with %s', async (query, names) => {
  const { status, body } = await ask('finance', `/v1/payments?${query}`)
  expect([status, body.data.map(({ id }) => id)]).toEqual([200, names.map((name) => idOf('pay', name))])
})

test("a payment's events", async () => {
  const { body, headers } = await ask('auditor', `/v1/payments/${idOf('pay', 'first')}/events`)
  expect(headers.get('Daybook-Position')).toBe(head)
  expect(body.data.map(({ type, revision }) => [type, revision])).toEqual([
    ['PaymentAuthorizationRequested', 0],
    ['PaymentAuthorized', 1],
    ['PaymentCaptured', 2],
    ['PaymentRefundRequested', 3],
    ['PaymentRefunded', 4],
  ])
  expect(body.data[2]).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    type: 'PaymentCaptured',
    revision: 2,
    position: '4',
    recordedAt: '2025-05-31T23:59:59.999Z',
    data: {
      paymentId: idOf('pay', 'first'),
      merchantId: '1042',
      currency: 'INR',
      gateway: 'sandbox',
      captureId: idOf('cap', 'first'),
      amount: 12_500,
      released: 0,
      fee: 250,
    },
  })
})

test('a payout, and its events', async () => {
  const path = `/v1/payouts/${idOf('po', 'first')}`
  const { status, headers, body } = await ask('merchant 1042', path)
  expect([status, headers.get('ETag')]).toEqual([200, '"1"'])
  expect(body).toMatchObject({ id: idOf('po', 'first'), status: 'sent', amount: 8_000, revision: 1 })
  const events = await ask('merchant 1042', `${path}/events`)
  expect(events.body.data.map(({ type }) => type)).toEqual(['PayoutRequested', 'PayoutSent'])
})

test.each([
  ['', 1],
  ['?status=sent', 1],
  ['?status=settled', 0],
  ['?merchantId=7', 0],
  ['?from=2025-06-03&to=2025-06-04', 1],
])('payouts%s', async (query, count) => {
  const { status, body } = await ask('auditor', `/v1/payouts${query}`)
  expect([status, body.data.length, body['nextCursor']]).toEqual([200, count, null])
})

test('balances', async () => {
  const { body } = await ask('finance', '/v1/balances')
  expect(body).toEqual({
    data: [
      { merchantId: '1042', currency: 'INR', pending: -400, available: 4_750, inTransit: 8_000, disputed: 400 },
      { merchantId: '7', currency: 'EUR', pending: 700, available: 0, inTransit: 0, disputed: 0 },
    ],
    nextCursor: null,
  })
  expect((await ask('finance', '/v1/balances?currency=EUR&merchantId=7')).body.data).toHaveLength(1)
  expect((await ask('finance', '/v1/balances?currency=EUR&merchantId=1042')).body.data).toHaveLength(0)
})

test('journal entries, newest first', async () => {
  const { body, headers } = await ask('finance', '/v1/ledger/entries?merchantId=7&layer=posted')
  expect(headers.get('Daybook-Position')).toBe(head)
  const common = {
    position: head,
    eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    transactionId: idOf('pay', 'foreign'),
    merchantId: '7',
    currency: 'EUR',
    layer: 'posted',
    recordedAt: '2025-06-04T00:00:00.000Z',
  }
  expect(body).toEqual({
    data: [
      { ...common, account: 'merchantPending', amount: -700 },
      { ...common, account: 'gatewayReceivable', amount: 700 },
    ],
    nextCursor: null,
  })
})

test.each([
  ['account=fees', 1],
  ['account=disputes&currency=INR', 1],
  ['account=disputes&currency=EUR', 0],
  ['layer=pending', 12],
  ['from=2025-06-04', 6],
  ['to=2025-06-01', 8],
])('journal entries with %s', async (query, count) => {
  const { body } = await ask('finance', `/v1/ledger/entries?${query}`)
  expect(body.data).toHaveLength(count)
})

test('the trial balance adds up', async () => {
  const { body, headers } = await ask('finance', '/v1/ledger/trial-balance')
  expect(headers.get('Daybook-Position')).toBe(head)
  expect(body['totals']).toEqual([
    { currency: 'EUR', layer: 'pending', debit: 1_400, credit: 1_400, difference: 0 },
    { currency: 'EUR', layer: 'posted', debit: 700, credit: 700, difference: 0 },
    { currency: 'INR', layer: 'pending', debit: 27_000, credit: 27_000, difference: 0 },
    { currency: 'INR', layer: 'posted', debit: 35_400, credit: 35_400, difference: 0 },
  ])
  expect(body.data).toContainEqual({ account: 'fees', currency: 'INR', layer: 'posted', debit: 0, credit: 250 })
  expect(Object.keys(body)).toEqual(['data', 'totals'])
})

test('daily totals', async () => {
  const zero = { count: 0, amount: 0 }
  const { body } = await ask('finance', '/v1/reports/daily?merchantId=1042&from=2025-05-31&to=2025-06-02')
  expect(body).toEqual({
    data: [
      {
        merchantId: '1042',
        day: '2025-05-31',
        currency: 'INR',
        authorized: { count: 1, amount: 12_500 },
        captured: { count: 1, amount: 12_500 },
        refunded: zero,
        disputed: zero,
        fees: { count: 1, amount: 250 },
      },
      {
        merchantId: '1042',
        day: '2025-06-01',
        currency: 'INR',
        authorized: { count: 1, amount: 1_000 },
        captured: { count: 1, amount: 1_000 },
        refunded: { count: 1, amount: 500 },
        disputed: zero,
        fees: zero,
      },
    ],
    nextCursor: null,
  })
  const later = await ask('finance', '/v1/reports/daily?from=2025-06-01T00:00:00.001Z')
  expect(later.body.data.map(({ day }) => day)).toEqual(['2025-06-02', '2025-06-04'])
})

test('a settlement, and the entries that it covers', async () => {
  const id = idOf('st', 'first')
  const expected = {
    id,
    merchantId: '1042',
    currency: 'INR',
    gross: 13_500,
    refunds: 500,
    disputes: 0,
    fees: 250,
    net: 12_750,
    payments: 1,
    createdAt: '2025-06-02T00:00:00.000Z',
  }
  expect((await ask('merchant 1042', '/v1/settlements')).body).toEqual({ data: [expected], nextCursor: null })
  expect((await ask('finance', '/v1/settlements?currency=EUR')).body.data).toEqual([])
  expect((await ask('merchant 1042', `/v1/settlements/${id}`)).body).toEqual(expected)
  const { body } = await ask('merchant 1042', `/v1/settlements/${id}/entries`)
  const amounts = body.data.map(({ amount }) => Number(amount))
  expect(amounts).toEqual([-1_000, 500, 250, -12_500])
  expect(-amounts.reduce((sum, amount) => sum + amount, 0)).toBe(expected.net)
})

test('projections at the head', async () => {
  const { body, headers } = await ask('operator', '/v1/projections')
  expect(headers.get('Daybook-Position')).toBe(head)
  expect(body.data).toHaveLength(12)
  expect(body.data[0]).toEqual({
    projection: 'journal',
    shard: 'shard_0',
    copy: 1,
    state: 'live',
    cursor: head,
    head,
    lag: { events: 0, seconds: 0 },
    parked: 0,
    discarded: 0,
  })
})

test('projections behind the head, and a parked stream', async () => {
  await stage.pause()
  await stage.pool.query(
    `insert into shard_1.parked_streams (projection, stream, log, sequence, event_type, reason)
     values ('payments', 'payment-x', 0, 1, 'PaymentCaptured', 'example')`,
  )
  const late: Sale = { name: 'late', merchantId: '7', amount: 5n, currency: 'EUR' }
  const at = new Date(Date.now() - 90_000).toISOString()
  const now = await stage.record(paymentStream(idOf('pay', 'late')), at, ...sold(late))
  const { body } = await ask('auditor', '/v1/projections')
  expect(body.data).toContainEqual({
    projection: 'payments',
    shard: 'shard_1',
    copy: 1,
    state: 'live',
    cursor: head,
    head: now,
    lag: { events: 3, seconds: expect.any(Number) },
    parked: 1,
    discarded: 0,
  })
  const { lag } = body.data[0] as { readonly lag: { readonly seconds: number } }
  expect(lag.seconds).toBeGreaterThanOrEqual(90)
  expect(body.data.filter(({ parked }) => parked === 1)).toHaveLength(1)
})

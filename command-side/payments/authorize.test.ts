import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ledger, openLedger } from '../testing/ledger.ts'

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.close())

const order = {
  amount: 12500,
  currency: 'INR',
  method: { type: 'upi', vpa: 'asha@okbank' },
  capture: 'automatic',
  customerId: 'cus_1',
  reference: 'order 1',
  metadata: { cart: '7' },
}
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

test('the example of the contract, to the letter', async () => {
  const reply = await ledger.post('/v1/payments', order, { key: 'order-1' })
  expect(reply.status).toBe(201)
  const { id, captures } = reply.body as { id: string; captures: { id: string }[] }
  expect(id).toMatch(/^pay_[0-9a-f]{32}$/)
  expect(captures[0]?.id).toMatch(/^cap_[0-9a-f]{32}$/)
  expect(reply.body).toEqual({
    id,
    merchantId: '1042',
    status: 'captured',
    amount: 12500,
    currency: 'INR',
    authorized: 12500,
    captured: 12500,
    refunded: 0,
    voided: 0,
    expired: 0,
    disputed: 0,
    method: { type: 'upi', vpa: 'asha@okbank' },
    gateway: 'sandbox',
    customerId: 'cus_1',
    reference: 'order 1',
    metadata: { cart: '7' },
    captures: [
      { id: captures[0]?.id, amount: 12500, status: 'succeeded', createdAt: expect.stringMatching(instant) as string },
    ],
    refunds: [],
    voids: [],
    disputes: [],
    expiresAt: null,
    createdAt: expect.stringMatching(instant) as string,
    updatedAt: expect.stringMatching(instant) as string,
    revision: 2,
  })
  expect(Object.keys(reply.body).join()).toBe(
    'id,merchantId,status,amount,currency,authorized,captured,refunded,voided,expired,disputed,method,gateway,' +
      'customerId,reference,metadata,captures,refunds,voids,disputes,expiresAt,createdAt,updatedAt,revision',
  )
  expect(reply.headers.get('Location')).toBe(`/v1/payments/${id}`)
  expect(reply.headers.get('ETag')).toBe('"2"')
  expect(reply.headers.get('Content-Type')).toBe('application/json')
  expect(reply.headers.get('Daybook-Position')).toBe(await ledger.log.head())
  expect(reply.headers.get('Idempotency-Replayed')).toBeNull()
})

test('without optional things: automatic capture, nulls and no metadata', async () => {
  const method = { type: 'card', token: 'tok_1' }
  const { status, body } = await ledger.post('/v1/payments', { amount: 1, currency: 'JPY', method }, { key: 'bare' })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    status: 'captured',
    customerId: null,
    reference: null,
    metadata: {},
    method,
    revision: 2,
  })
  expect(Object.keys(body)).not.toContain('decline')
  expect(Object.keys(body)).not.toContain('mandate')
})

test('manual capture waits until it lapses', async () => {
  const { body } = await ledger.post('/v1/payments', { ...order, capture: 'manual' }, { key: 'manual' })
  expect(body).toMatchObject({ status: 'authorized', authorized: 12500, captured: 0, captures: [], revision: 1 })
  expect(Date.parse(String(body['expiresAt'])) - Date.parse(String(body['createdAt']))).toBe(604_800_000)
})

test('a mandate and an authentication are kept', async () => {
  const more = { mandate: { reference: 'm1', sequence: 3 }, authentication: { type: 'biometric', reference: 'a1' } }
  const { body } = await ledger.post('/v1/payments', { ...order, ...more }, { key: 'subscription' })
  expect(body).toMatchObject(more)
})

test('a declined authorization is a payment', async () => {
  const method = { type: 'card', token: 'decline-insufficientFunds' }
  const { status, headers, body } = await ledger.post('/v1/payments', { ...order, method }, { key: 'declined' })
  expect(status).toBe(201)
  expect(headers.get('Content-Type')).toBe('application/json')
  expect(headers.get('ETag')).toBe('"1"')
  expect(body).toMatchObject({
    status: 'declined',
    amount: 12500,
    authorized: 0,
    captured: 0,
    decline: { code: 'insufficientFunds', message: 'The account does not hold enough' },
    expiresAt: null,
    revision: 1,
  })
})

test('the intent is in the log before the gateway is asked, and each event tells who caused it', async () => {
  const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }
  const { body } = await ledger.post('/v1/payments', order, { key: 'recorded', headers })
  const events = await ledger.events(String(body['id']))
  expect(events.map(({ type }) => type)).toEqual([
    'PaymentAuthorizationRequested',
    'PaymentAuthorized',
    'PaymentCaptured',
  ])
  expect(new Set(events.map(({ id }) => id)).size).toBe(3)
  for (const { metadata, version } of events) {
    expect(version).toBe(1)
    expect(metadata).toEqual({
      merchantId: '1042',
      key: 'recorded',
      fingerprint: expect.stringContaining('authorize ') as string,
      traceId: '0af7651916cd43dd8448eb211c80319c',
    })
  }
})

describe('what is refused', () => {
  const refused = async (body: unknown, status: number, code: string, pointer: string, as?: string) => {
    const reply = await ledger.post('/v1/payments', body, { key: 'refused', ...(as === undefined ? {} : { as }) })
    expect(reply.headers.get('Content-Type')).toBe('application/problem+json')
    expect([reply.status, reply.body['code']]).toEqual([status, code])
    expect((reply.body['errors'] as { pointer: string }[]).map((fault) => fault.pointer)).toContain(pointer)
  }
  test.each<[string, unknown, string]>([
    ['a zero amount', { ...order, amount: 0 }, '/amount'],
    ['a negative amount', { ...order, amount: -1 }, '/amount'],
    ['a fractional amount', { ...order, amount: 1.5 }, '/amount'],
    ['too large an amount', { ...order, amount: 1_000_000_000_001 }, '/amount'],
    ['an amount in quotes', { ...order, amount: '100' }, '/amount'],
    ['no amount', { ...order, amount: undefined }, '/amount'],
    ['a currency in small letters', { ...order, currency: 'inr' }, '/currency'],
    ['a currency that does not exist', { ...order, currency: 'ZZZ' }, '/currency'],
    ['an unknown field', { ...order, colour: 'red' }, '/colour'],
    ['an unknown way to pay', { ...order, method: { type: 'cheque' } }, '/method/type'],
    ['no way to pay', { ...order, method: undefined }, '/method'],
    ['another capture', { ...order, capture: 'later' }, '/capture'],
  ])('%s', (_, body, pointer) => refused(body, 400, 'invalidRequest', pointer))

  test('an operator names the merchant, and not the house', async () => {
    await refused(order, 400, 'invalidRequest', '/merchantId', 'operator')
    await refused({ ...order, merchantId: 'daybook' }, 400, 'invalidRequest', '/merchantId', 'operator')
  })
  test('card data, wherever it is, and never repeated', async () => {
    const card = { type: 'card', token: '4111111111111111' }
    const reply = await ledger.post('/v1/payments', { ...order, method: card }, { key: 'pan' })
    expect([reply.status, reply.body['code']]).toEqual([400, 'cardDataRefused'])
    expect(reply.text).not.toContain('4111')
    const cvv = await ledger.post('/v1/payments', { ...order, metadata: { cvv: '123' } }, { key: 'cvv' })
    expect([cvv.status, cvv.body['code']]).toEqual([400, 'cardDataRefused'])
  })
  test('a number that would be rounded', async () => {
    const text = JSON.stringify(order).replace('12500', '9007199254740993')
    const reply = await ledger.post('/v1/payments', text, { key: 'rounded' })
    expect([reply.status, reply.body['code']]).toEqual([400, 'numberNotExact'])
  })
  test('nothing of it is in the log', async () => {
    const before = await ledger.log.head()
    await ledger.post('/v1/payments', { ...order, amount: 0 }, { key: 'nothing' })
    expect(await ledger.log.head()).toBe(before)
  })
})

describe('who may', () => {
  const by = async (as: string, body: object) => {
    const { status, body: answer } = await ledger.post('/v1/payments', body, { key: `by ${as}`, as })
    return [status, answer['code'] ?? answer['merchantId']]
  }
  test('a merchant for itself', async () => {
    expect(await by('merchant.2', order)).toEqual([201, '2'])
    expect(await by('merchant.3', { ...order, merchantId: '3' })).toEqual([201, '3'])
    expect(await by('merchant.4', { ...order, merchantId: '5' })).toEqual([403, 'forbidden'])
  })
  test('an operator for any merchant, under the key that the merchant would use', async () => {
    expect(await by('operator', { ...order, merchantId: '6' })).toEqual([201, '6'])
    const reply = await ledger.post(
      '/v1/payments',
      { ...order, merchantId: '6' },
      { key: 'by operator', as: 'merchant.6' },
    )
    expect(reply.headers.get('Idempotency-Replayed')).toBe('true')
  })
  test('nobody else', async () => {
    expect(await by('finance', order)).toEqual([403, 'forbidden'])
    expect(await by('auditor', order)).toEqual([403, 'forbidden'])
    expect(await by('nobody', order)).toEqual([401, 'unauthenticated'])
  })
  test('two merchants may use the same key', async () => {
    const one = await ledger.post('/v1/payments', order, { key: 'shared', as: 'merchant.7' })
    const other = await ledger.post('/v1/payments', order, { key: 'shared', as: 'merchant.8' })
    expect([one.status, other.status]).toEqual([201, 201])
    expect(one.body['id']).not.toBe(other.body['id'])
  })
})

test('checks come in the order of the contract', async () => {
  const outcome = async (body: unknown, sent: Parameters<Ledger['post']>[2]) => {
    const reply = await ledger.post('/v1/payments', body, sent)
    return [reply.status, reply.body['code']]
  }
  const plain = { 'Content-Type': 'text/plain' }
  expect(await outcome('{', { as: 'nobody', headers: plain })).toEqual([401, 'unauthenticated'])
  expect(await outcome('{', { as: 'auditor', headers: plain })).toEqual([403, 'forbidden'])
  expect(await outcome('{', { headers: plain })).toEqual([415, 'unsupportedMediaType'])
  expect(await outcome('x'.repeat(70_000), {})).toEqual([413, 'bodyTooLarge'])
  expect(await outcome('{', {})).toEqual([400, 'malformedJson'])
  expect(await outcome({}, {})).toEqual([400, 'invalidRequest'])
  expect(await outcome(order, {})).toEqual([400, 'idempotencyKeyMissing'])
  expect(await outcome(order, { key: 'x'.repeat(256) })).toEqual([400, 'idempotencyKeyInvalid'])
  expect(await outcome(order, { key: 'x'.repeat(255) })).toEqual([201, undefined])
})

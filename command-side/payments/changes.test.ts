import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, Sent } from '../testing/client.ts'
import { type Ledger, openLedger } from '../testing/ledger.ts'

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.close())

let keys = 0
const fresh = (): string => `key ${++keys}`
const authorized = async (more: object = {}): Promise<string> => {
  const order = { amount: 10_000, currency: 'INR', method: { type: 'card', token: 't' }, capture: 'manual', ...more }
  const reply = await ledger.post('/v1/payments', order, { key: fresh() })
  expect(reply.status).toBe(201)
  return String(reply.body['id'])
}
const captured = (): Promise<string> => authorized({ capture: 'automatic' })
const send = (id: string, to: string, body: unknown, sent: Sent = {}): Promise<Reply> =>
  ledger.post(`/v1/payments/${id}/${to}`, body, { key: fresh(), ...sent })
const operator: Sent = { as: 'operator' }
const outcomeOf = ({ status, body }: Reply): unknown[] => [status, body['code'] ?? body['status']]

describe('capture', () => {
  test('all of it when no amount is named', async () => {
    const id = await authorized()
    const reply = await send(id, 'captures', {})
    expect(outcomeOf(reply)).toEqual([201, 'captured'])
    expect(reply.body).toMatchObject({ captured: 10_000, voided: 0, expiresAt: null, revision: 3 })
    expect(reply.headers.get('Location')).toBe(`/v1/payments/${id}`)
    expect(reply.headers.get('ETag')).toBe('"3"')
    expect(reply.headers.get('Daybook-Position')).toBe(await ledger.log.head())
  })
  test('in parts, the final one releasing the rest', async () => {
    const id = await authorized()
    expect(outcomeOf(await send(id, 'captures', { amount: 3_000 }))).toEqual([201, 'partiallyCaptured'])
    expect(outcomeOf(await send(id, 'captures', { amount: 8_000 }))).toEqual([422, 'captureExceedsAuthorized'])
    const { body } = await send(id, 'captures', { amount: 5_000, final: true })
    expect(body).toMatchObject({ status: 'captured', authorized: 10_000, captured: 8_000, voided: 2_000 })
    expect(body['captures']).toMatchObject([{ amount: 3_000 }, { amount: 5_000, status: 'succeeded' }])
    expect(outcomeOf(await send(id, 'captures', {}))).toEqual([422, 'nothingToCapture'])
  })
  test('also after a refund, while something is left', async () => {
    const id = await authorized()
    await send(id, 'captures', { amount: 4_000 })
    await send(id, 'refunds', { amount: 1_000 })
    expect(outcomeOf(await send(id, 'captures', { amount: 1_000 }))).toEqual([201, 'partiallyRefunded'])
  })
  test('a currency or an unknown field is refused', async () => {
    const id = await authorized()
    expect(outcomeOf(await send(id, 'captures', { amount: 1, currency: 'INR' }))).toEqual([400, 'invalidRequest'])
    expect(outcomeOf(await send(id, 'captures', { amount: 0 }))).toEqual([400, 'invalidRequest'])
    expect(outcomeOf(await send(id, 'captures', { final: 'yes' }))).toEqual([400, 'invalidRequest'])
  })
})

describe('void', () => {
  test('all of it', async () => {
    const { status, body } = await send(await authorized(), 'voids', {})
    expect(status).toBe(201)
    expect(body).toMatchObject({ status: 'voided', voided: 10_000, voids: [{ amount: 10_000, status: 'succeeded' }] })
  })
  test('the rest after a partial capture, which leaves a captured payment', async () => {
    const id = await authorized()
    await send(id, 'captures', { amount: 4_000 })
    const { body } = await send(id, 'voids', {})
    expect(body).toMatchObject({ status: 'captured', captured: 4_000, voided: 6_000 })
  })
  test('takes no amount, and needs something to release', async () => {
    expect(outcomeOf(await send(await authorized(), 'voids', { amount: 5 }))).toEqual([400, 'invalidRequest'])
    expect(outcomeOf(await send(await captured(), 'voids', {}))).toEqual([422, 'nothingToVoid'])
  })
})

describe('increment', () => {
  test('names the new total', async () => {
    const id = await authorized()
    const { status, body } = await send(id, 'increments', { amount: 15_000 })
    expect(status).toBe(201)
    expect(body).toMatchObject({ status: 'authorized', amount: 15_000, authorized: 15_000 })
    expect(outcomeOf(await send(id, 'increments', { amount: 15_000 }))).toEqual([422, 'incrementNotHigher'])
    expect(outcomeOf(await send(id, 'increments', {}))).toEqual([400, 'invalidRequest'])
  })
  test('not after a capture', async () => {
    expect(outcomeOf(await send(await captured(), 'increments', { amount: 20_000 }))).toEqual([422, 'paymentCaptured'])
  })
})

describe('refund', () => {
  test('in parts and the rest', async () => {
    const id = await captured()
    const part = await send(id, 'refunds', { amount: 500, reason: 'damaged' })
    expect(outcomeOf(part)).toEqual([201, 'partiallyRefunded'])
    expect(part.body['refunds']).toMatchObject([{ amount: 500, status: 'succeeded', reason: 'damaged' }])
    const { body } = await send(id, 'refunds', {})
    expect(body).toMatchObject({ status: 'refunded', refunded: 10_000 })
    expect(outcomeOf(await send(id, 'refunds', {}))).toEqual([422, 'nothingToRefund'])
  })
  test('never more than was captured', async () => {
    const id = await authorized()
    expect(outcomeOf(await send(id, 'refunds', {}))).toEqual([422, 'nothingToRefund'])
    await send(id, 'captures', { amount: 4_000 })
    expect(outcomeOf(await send(id, 'refunds', { amount: 4_001 }))).toEqual([422, 'refundExceedsCaptured'])
  })
})

describe('disputes', () => {
  const open = async (id: string, body: object = { reason: 'fraud' }): Promise<string> => {
    const reply = await send(id, 'disputes', body, operator)
    expect(outcomeOf(reply)).toEqual([201, 'disputed'])
    return (reply.body['disputes'] as { id: string }[]).at(-1)?.id ?? ''
  }
  test("won: the money is the merchant's again", async () => {
    const id = await captured()
    const dispute = await open(id, { amount: 4_000, reason: 'fraud', reference: 'cb 1' })
    expect(dispute).toMatch(/^dp_[0-9a-f]{32}$/)
    const reply = await ledger.post(`/v1/payments/${id}/disputes/${dispute}/won`, {}, operator)
    expect(outcomeOf(reply)).toEqual([200, 'captured'])
    expect(reply.headers.get('Location')).toBeNull()
    expect(reply.headers.get('ETag')).toBe('"4"')
    expect(reply.body).toMatchObject({
      disputed: 0,
      disputes: [{ id: dispute, amount: 4_000, status: 'won', reason: 'fraud', reference: 'cb 1' }],
    })
  })
  test('lost: it stays disputed', async () => {
    const id = await captured()
    const dispute = await open(id)
    const reply = await ledger.post(`/v1/payments/${id}/disputes/${dispute}/lost`, {}, operator)
    expect(outcomeOf(reply)).toEqual([200, 'disputed'])
    expect(reply.body).toMatchObject({ disputed: 10_000, disputes: [{ status: 'lost' }] })
    const again = await ledger.post(`/v1/payments/${id}/disputes/${dispute}/won`, {}, operator)
    expect(outcomeOf(again)).toEqual([422, 'disputeClosed'])
  })
  test('also after refunds, and never more than captured', async () => {
    const id = await captured()
    await send(id, 'refunds', {})
    const reply = await send(id, 'disputes', { amount: 10_001, reason: 'late' }, operator)
    expect(outcomeOf(reply)).toEqual([422, 'disputeExceedsCaptured'])
    await open(id)
    expect(outcomeOf(await send(id, 'disputes', { reason: 'again' }, operator))).toEqual([422, 'nothingToDispute'])
  })
  test('with a key, closing replays', async () => {
    const id = await captured()
    const dispute = await open(id)
    const first = await ledger.post(`/v1/payments/${id}/disputes/${dispute}/won`, {}, { ...operator, key: 'close' })
    const again = await ledger.post(`/v1/payments/${id}/disputes/${dispute}/won`, {}, { ...operator, key: 'close' })
    expect([again.status, again.text]).toEqual([200, first.text])
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
    const lost = await ledger.post(`/v1/payments/${id}/disputes/${dispute}/lost`, {}, { ...operator, key: 'close' })
    expect(outcomeOf(lost)).toEqual([422, 'idempotencyKeyReused'])
  })
  test('one that is not there', async () => {
    const id = await captured()
    const reply = await ledger.post(`/v1/payments/${id}/disputes/dp_0/won`, {}, operator)
    expect(outcomeOf(reply)).toEqual([404, 'disputeNotFound'])
  })
})

describe('expiry by an operator', () => {
  test('at once, what is left', async () => {
    const id = await authorized()
    await send(id, 'captures', { amount: 4_000 })
    const reply = await ledger.post(`/v1/payments/${id}/expirations`, {}, operator)
    expect(outcomeOf(reply)).toEqual([201, 'captured'])
    expect(reply.body).toMatchObject({ expired: 6_000, expiresAt: null })
    const again = await ledger.post(`/v1/payments/${id}/expirations`, {}, operator)
    expect(outcomeOf(again)).toEqual([422, 'paymentExpired'])
  })
  test('an event without key and cause', async () => {
    const id = await authorized()
    const { body } = await ledger.post(`/v1/payments/${id}/expirations`, {}, operator)
    expect(body['status']).toBe('expired')
    const last = (await ledger.events(id)).at(-1)
    expect(last?.metadata).toEqual({ merchantId: '1042', traceId: expect.any(String) as string })
  })
  test('with a key it replays', async () => {
    const id = await authorized()
    const first = await send(id, 'expirations', {}, { ...operator, key: 'expire' })
    const again = await send(id, 'expirations', {}, { ...operator, key: 'expire' })
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text])
  })
})

describe('who may', () => {
  test.each(['captures', 'voids', 'increments', 'refunds'])('%s: merchants and operators', async (to) => {
    const id = await authorized()
    const body = to === 'increments' ? { amount: 20_000 } : {}
    for (const as of ['finance', 'auditor']) {
      expect(outcomeOf(await send(id, to, body, { as }))).toEqual([403, 'forbidden'])
    }
    expect((await send(id, to, body, operator)).status).toBe(to === 'refunds' ? 422 : 201)
  })
  test.each(['disputes', 'expirations', 'disputes/dp_1/won', 'disputes/dp_1/lost'])('%s: operators', async (to) => {
    const id = await captured()
    for (const as of ['merchant.1042', 'finance', 'auditor']) {
      expect(outcomeOf(await send(id, to, { reason: 'x' }, { as }))).toEqual([403, 'forbidden'])
    }
  })
  test("another merchant's looks as if it were not there", async () => {
    const id = await authorized()
    const absent = await send(`pay_${'0'.repeat(32)}`, 'captures', {})
    const foreign = await send(id, 'captures', {}, { as: 'merchant.2' })
    expect(outcomeOf(foreign)).toEqual([404, 'paymentNotFound'])
    expect({ ...foreign.body, traceId: '' }).toEqual({ ...absent.body, traceId: '' })
    expect(await ledger.events(id)).toHaveLength(2)
  })
  test.each([
    'pay_',
    'pay_1',
    'x',
    `pay_${'g'.repeat(32)}`,
    `po_${'0'.repeat(32)}`,
    `${'9'.repeat(4_000)}`,
    '%00',
    '..%2f',
  ])("the id %s is nobody's", async (id) => {
    expect(outcomeOf(await send(id, 'captures', {}))).toEqual([404, 'paymentNotFound'])
  })
})

test('a path that is there knows other methods not', async () => {
  const headers = { Authorization: 'Bearer operator' }
  const response = await ledger.routes.request('/v1/payments/x/captures', { headers })
  expect(response.status).toBe(405)
})

test('checks come in the order of the contract', async () => {
  const id = await captured()
  const foreign: Sent = { as: 'merchant.2', key: 'order', headers: { 'If-Match': '"9"' } }
  expect(outcomeOf(await send(id, 'captures', '{', { as: 'auditor' }))).toEqual([403, 'forbidden'])
  expect(outcomeOf(await send('x', 'captures', '{', foreign))).toEqual([400, 'malformedJson'])
  expect(outcomeOf(await send('x', 'captures', { amount: 0 }, foreign))).toEqual([400, 'invalidRequest'])
  expect(outcomeOf(await ledger.post('/v1/payments/x/captures', {}, {}))).toEqual([400, 'idempotencyKeyMissing'])
  expect(outcomeOf(await send(id, 'captures', {}, foreign))).toEqual([404, 'paymentNotFound'])
  const stale: Sent = { key: 'once', headers: { 'If-Match': '"9"' } }
  expect(outcomeOf(await send(id, 'captures', {}, stale))).toEqual([412, 'preconditionFailed'])
  expect(outcomeOf(await send(id, 'captures', {}, { key: 'once' }))).toEqual([422, 'nothingToCapture'])
  expect(outcomeOf(await send(id, 'refunds', {}, { key: 'once' }))).toEqual([201, 'refunded'])
  expect(outcomeOf(await send(id, 'refunds', {}, stale))).toEqual([201, 'refunded'])
  expect(outcomeOf(await send(id, 'refunds', { amount: 1 }, stale))).toEqual([422, 'idempotencyKeyReused'])
})

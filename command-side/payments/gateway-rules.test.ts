import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { sandboxGateway } from '../../infra/sandbox/gateway.ts'
import { type Ledger, openLedger } from '../testing/ledger.ts'

let ledger: Ledger
beforeAll(async () => {
  const sandbox = sandboxGateway({ latencyMs: 0 })
  ledger = await openLedger({ gateways: [sandbox, { ...sandbox, name: 'second' }] })
})
afterEach(async () => {
  await set('', { enabled: true })
  await set('/methods/card', { enabled: true })
})
afterAll(() => ledger.close())

const set = async (path: string, body: object): Promise<void> => {
  expect((await ledger.put(`/v1/gateways/sandbox${path}`, body)).status).toBe(200)
}
const limits = (minAmount: number, maxAmount: number) => ({
  enabled: true,
  limits: [{ currency: 'INR', minAmount, maxAmount }],
})
const order = (amount: number, more = {}) => ({
  amount,
  currency: 'INR',
  method: { type: 'card', token: 't' },
  capture: 'manual',
  ...more,
})
const pay = (key: string, body = order(10_000)) => ledger.post('/v1/payments', body, { key })
const refused = (code: string) => ({ status: 422, body: { code } })

test('a disabled gateway takes no new payments, and nothing is recorded of them', async () => {
  await set('', { enabled: false })
  const before = await ledger.log.head()
  expect(await pay('d1')).toMatchObject(refused('gatewayDisabled'))
  const { lines } = await ledger.batch([
    { type: 'authorize', idempotencyKey: 'd2', ...order(5) },
    { type: 'authorize', idempotencyKey: 'd3', ...order(0) },
  ])
  expect(lines).toMatchObject([
    { status: 422, problem: { code: 'gatewayDisabled' } },
    { status: 400, problem: { code: 'invalidRequest' } },
  ])
  expect(await ledger.log.head()).toBe(before)
  await set('', { enabled: true })
  expect((await pay('d1')).status).toBe(201)
})

test('other gateways and other methods are as they were', async () => {
  await set('/methods/card', { enabled: false })
  expect(await pay('o1')).toMatchObject(refused('methodNotAccepted'))
  expect((await pay('o2', order(10_000, { method: { type: 'qr' } }))).status).toBe(201)
  const other = 'other'
  await ledger.post('/v1/merchants', { id: other, name: other }, { as: 'operator' })
  await ledger.put(`/v1/merchants/${other}/gateway`, { gateway: 'second' })
  const paid = await ledger.post('/v1/payments', order(10_000), { key: 'o3', as: `merchant.${other}` })
  expect([paid.status, paid.body['gateway']]).toEqual([201, 'second'])
})

test('amounts are taken from the least to the most, in the currency that has a limit', async () => {
  await set('/methods/card', limits(100, 1_000))
  const statuses = [99, 100, 1_000, 1_001].map(async (amount) => (await pay(`a${amount}`, order(amount))).status)
  expect(await Promise.all(statuses)).toEqual([422, 201, 201, 422])
  expect(await pay('a1001', order(1_001))).toMatchObject(refused('amountOutsideRules'))
  expect((await pay('eur', order(1_001, { currency: 'EUR' }))).status).toBe(201)
})

test('an increment obeys what the rules say now of its new total', async () => {
  const path = `/v1/payments/${String((await pay('i1')).body['id'])}/increments`
  const increment = (amount: number, key: string) => ledger.post(path, { amount }, { key })
  await set('/methods/card', limits(1, 12_000))
  expect(await increment(12_001, 'more')).toMatchObject(refused('amountOutsideRules'))
  expect(await increment(12_000, 'enough')).toMatchObject({ status: 201, body: { authorized: 12_000 } })
  await set('', { enabled: false })
  expect(await increment(12_500, 'yet more')).toMatchObject(refused('gatewayDisabled'))
  expect((await increment(12_000, 'enough')).headers.get('Idempotency-Replayed')).toBe('true')
})

test('what was paid through a disabled gateway is captured, refunded and voided all the same', async () => {
  const [one, other] = [await pay('c1'), await pay('c2')]
  await set('', { enabled: false })
  await set('/methods/card', { enabled: false })
  const id = String(one.body['id'])
  const captured = await ledger.post(`/v1/payments/${id}/captures`, { amount: 6_000 }, { key: 'c3' })
  const refunded = await ledger.post(`/v1/payments/${id}/refunds`, { amount: 2_000 }, { key: 'c4' })
  const voided = await ledger.post(`/v1/payments/${String(other.body['id'])}/voids`, {}, { key: 'c5' })
  expect([captured, refunded, voided].map(({ status, body }) => [status, body['status']])).toEqual([
    [201, 'partiallyCaptured'],
    [201, 'partiallyRefunded'],
    [201, 'voided'],
  ])
})

test('a repetition gets its first answer, whatever the rules say by now', async () => {
  const first = await pay('r1')
  await set('', { enabled: false })
  await set('/methods/card', limits(1, 2))
  const again = await pay('r1')
  expect([again.status, again.text]).toEqual([201, first.text])
  expect(again.headers.get('Idempotency-Replayed')).toBe('true')
  expect(await pay('r1', order(9_999))).toMatchObject(refused('idempotencyKeyReused'))
})

test('nothing went wrong on the way', () => {
  expect(ledger.logged).toEqual([])
})

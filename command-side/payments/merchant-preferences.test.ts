import { afterAll, beforeAll, expect, test } from 'vitest'
import { sandboxGateway } from '../../infra/sandbox/gateway.ts'
import { type Ledger, openLedger } from '../testing/ledger.ts'

let ledger: Ledger
beforeAll(async () => {
  const sandbox = sandboxGateway({ latencyMs: 0 })
  ledger = await openLedger({ gateways: [sandbox, { ...sandbox, name: 'second' }] })
  await ledger.post('/v1/merchants', { id: '1042', name: 'Asha' }, { as: 'operator' })
})
afterAll(() => ledger.close())

const put = async (path: string, body: object): Promise<void> => {
  expect((await ledger.put(path, body)).status).toBe(200)
}
const order = { amount: 10_000, currency: 'INR', method: { type: 'card', token: 't' } }

test('fees are those that the merchant has when the gateway has captured', async () => {
  const first = await ledger.post('/v1/payments', order, { key: 'a' })
  expect((await ledger.events(String(first.body['id']))).at(-1)).toMatchObject({ data: { fee: 0n } })

  await put('/v1/merchants/1042/fees', { default: { basisPoints: 200, fixed: 30 } })
  const second = await ledger.post('/v1/payments', { ...order, capture: 'manual' }, { key: 'b' })
  const id = String(second.body['id'])
  await ledger.post(`/v1/payments/${id}/captures`, { amount: 5_000 }, { key: 'c' })
  expect((await ledger.events(id)).at(-1)).toMatchObject({ type: 'PaymentCaptured', data: { fee: 130n } })
})

test('a payment goes through the gateway that the merchant has chosen, and stays with it', async () => {
  const first = await ledger.post('/v1/payments', order, { key: 'd' })
  expect(first.body['gateway']).toBe('sandbox')
  await put('/v1/merchants/1042/gateway', { gateway: 'second' })
  const second = await ledger.post('/v1/payments', order, { key: 'e' })
  expect(second.body['gateway']).toBe('second')
  const refund = await ledger.post(`/v1/payments/${String(first.body['id'])}/refunds`, {}, { key: 'f' })
  expect([refund.status, refund.body['gateway']]).toEqual([201, 'sandbox'])
})

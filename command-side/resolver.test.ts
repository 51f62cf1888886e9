import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GatewayLookup } from './gateway.ts'
import { everything, type Ledger, openLedger } from './testing/ledger.ts'
import { resolveOnce } from './testing/resolve-once.ts'
import { type ScriptedGateway, scriptedGateway } from './testing/scripted-gateway.ts'
import { until } from './testing/until.ts'

const order = { amount: 10_000, currency: 'INR', method: { type: 'card', token: 't' }, capture: 'manual' }
const approved = { type: 'approved' } as const

let ledger: Ledger
let gateway: ScriptedGateway
beforeEach(async () => {
  gateway = scriptedGateway()
  ledger = await openLedger({ gateways: [gateway], settings: { gatewayTimeoutMs: 30 } })
})
afterEach(() => ledger.close())

const pendingPayment = async (key = 'a'): Promise<string> =>
  String((await ledger.post('/v1/payments', order, { key })).body['id'])

const resolve = async (found: GatewayLookup): Promise<void> => {
  gateway.find(found)
  ledger.forward(10_000)
  await resolveOnce(ledger, gateway)
}

test('leaves alone what may still be answered', async () => {
  const id = await pendingPayment()
  gateway.find(approved)
  await resolveOnce(ledger, gateway)
  expect(await ledger.events(id)).toHaveLength(1)
})
test.each([
  [approved, 'PaymentAuthorized', {}],
  [{ type: 'declined', code: 'c', message: 'm' } as const, 'PaymentDeclined', { code: 'c', message: 'm' }],
  [{ type: 'notFound' } as const, 'PaymentDeclined', { code: 'notReceived' }],
])('records what it finds: %o', async (found, type, data) => {
  const id = await pendingPayment()
  await resolve(found)
  const [, outcome] = await ledger.events(id)
  expect(outcome).toMatchObject({ type, data, metadata: { merchantId: '1042', cause: 'resolver' } })
  expect(Object.keys(outcome?.metadata ?? {})).not.toContain('key')
  await resolve(found)
  expect(await ledger.events(id)).toHaveLength(2)
})
test('asks again while the gateway does not know', async () => {
  const id = await pendingPayment()
  await resolve({ type: 'pending' })
  expect(await ledger.events(id)).toHaveLength(1)
  await resolve(approved)
  expect(await ledger.events(id)).toHaveLength(2)
})
test('asks under the reference of the operation, for each of them', async () => {
  const begun = ledger.post('/v1/payments', order, { key: 'a' })
  await until(() => gateway.asked.length === 1)
  gateway.answer(approved)
  const id = String((await begun).body['id'])
  for (const amount of [3_000, 4_000]) {
    const { body } = await ledger.post(`/v1/payments/${id}/captures`, { amount }, { key: `capture ${amount}` })
    expect(body['status']).toBe('authorized')
  }
  await resolve(approved)
  expect((await ledger.events(id)).slice(4)).toMatchObject([
    { type: 'PaymentCaptured', data: { amount: 3_000n } },
    { type: 'PaymentCaptured', data: { amount: 4_000n } },
  ])
  expect(gateway.lookedUp).toEqual(gateway.asked.slice(1))
  expect(gateway.lookedUp.map(({ operation, amount }) => [operation, amount])).toEqual([
    ['capture', 3_000n],
    ['capture', 4_000n],
  ])
})

test('a payment that fails does not keep it from the others', async () => {
  const id = await pendingPayment()
  gateway.find(approved)
  ledger.forward(10_000)
  const data = { paymentId: 'pay_broken', merchantId: '1042', currency: 'INR', gateway: 'scripted', amount: 1n }
  const damaged = { id: '0', version: 1, recordedAt: '', metadata: { merchantId: '1042' } }
  await ledger.log.append('payment-pay_broken', 'none', [{ ...damaged, type: 'PaymentExpired', data }])
  const unresolvedPayments = () => Promise.resolve(['pay_broken', 'pay_absent', id])
  const logged = await resolveOnce(ledger, gateway, { ...everything(ledger.log), unresolvedPayments })
  expect(await ledger.events(id)).toHaveLength(2)
  expect(logged).toMatchObject([{ about: 'pay_broken' }])
})

test('two at once record one outcome', async () => {
  const id = await pendingPayment()
  gateway.find(approved)
  ledger.forward(10_000)
  await Promise.all([resolveOnce(ledger, gateway), resolveOnce(ledger, gateway), resolveOnce(ledger, gateway)])
  expect(await ledger.events(id)).toHaveLength(2)
})

test('it works by itself once the side is started', async () => {
  const id = await pendingPayment()
  ledger.side.start()
  gateway.find({ type: 'declined', code: 'c', message: 'm' })
  ledger.forward(10_000)
  await until(async () => (await ledger.events(id)).length === 2)
})

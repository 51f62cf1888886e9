import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventTypes, streamKind } from '../domain/event-types.ts'
import type { RecordedEvent } from '../domain/event.ts'
import { firstIllegal } from '../domain/legal.ts'
import type { Unsettled } from '../domain/merchant/command.ts'
import { start } from '../domain/position.ts'
import { invalidity } from '../domain/stored-event.ts'
import { allRead } from '../projections/unread.ts'
import { toJson } from '../infra/codec/event-codec.ts'
import { type Ledger, openLedger } from './testing/ledger.ts'
import { until } from './testing/until.ts'

const weekMs = 604_800_000
const operator = { as: 'operator' }

let unsettled: readonly Unsettled[] = []
let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger({ unsettled: () => Promise.resolve(unsettled), settings: { gatewayTimeoutMs: 50 } })
})
afterAll(() => ledger.close())

let keys = 0
const post = async (path: string, body: object, sent: object = {}): Promise<string> => {
  const { status, text, body: answer } = await ledger.post(path, body, { key: `key ${++keys}`, ...sent })
  if (status >= 300 && answer['code'] !== 'gatewayDeclined') throw new Error(`${path}: ${text}`)
  return String(answer['id'])
}
const ask = async (method: string, path: string, body: object): Promise<string> => {
  const headers = { Authorization: 'Bearer operator', 'Content-Type': 'application/json' }
  const response = await ledger.routes.request(path, { method, headers, body: JSON.stringify(body) })
  if (response.status >= 300) throw new Error(`${method} ${path}: ${await response.text()}`)
  return response.text()
}

const pay = (token: string, capture: 'automatic' | 'manual'): Promise<string> =>
  post('/v1/payments', { amount: 10_000, currency: 'INR', method: { type: 'card', token }, capture })
const change = (id: string, what: string, body: object = {}): Promise<string> =>
  post(`/v1/payments/${id}/${what}`, body)
const report = (id: string, what: string, body: object = {}): Promise<string> =>
  post(`/v1/payments/${id}/${what}`, body, operator)
const payOut = (token: string): Promise<string> =>
  post('/v1/payouts', {
    amount: 100,
    currency: 'INR',
    destination: { type: 'bankAccount', token },
    reference: 'week 1',
  })

const allEvents = async (): Promise<readonly RecordedEvent[]> =>
  allRead((await ledger.log.readAll(start, 10_000)).events)

const manageMerchant = async (): Promise<void> => {
  await post('/v1/merchants', { id: '1042', name: 'Asha Stores' }, operator)
  await ask('PUT', '/v1/merchants/1042/fees', { default: { basisPoints: 250, fixed: 3 } })
  await ask('PUT', '/v1/merchants/1042/gateway', { gateway: 'sandbox' })
  const { keyId } = JSON.parse(await ask('POST', '/v1/merchants/1042/keys', {})) as { keyId: string }
  await ask('DELETE', `/v1/merchants/1042/keys/${keyId}`, {})
}

const takePayments = async (): Promise<void> => {
  await pay('tok', 'automatic')
  await pay('decline', 'automatic')

  const parts = await pay('tok', 'manual')
  await change(parts, 'increments', { amount: 15_000 })
  await change(parts, 'captures', { amount: 5_000 })
  await change(parts, 'captures', { amount: 7_000, final: true })
  await change(parts, 'refunds', { amount: 500, reason: 'torn' })
  for (const outcome of ['won', 'lost']) {
    await report(parts, 'disputes', { amount: 300, reason: 'fraud', reference: 'case 1' })
    const disputeId = (await ledger.events(parts)).flatMap(({ data }) => ('disputeId' in data ? [data.disputeId] : []))
    await report(parts, `disputes/${disputeId.at(-1)}/${outcome}`)
  }

  const refused = await pay('capture-decline.increment-decline.void-decline', 'manual')
  await change(refused, 'captures')
  await change(refused, 'increments', { amount: 15_000 })
  await change(refused, 'voids')
  await change(await pay('refund-decline', 'automatic'), 'refunds')
  await change(await pay('tok', 'manual'), 'voids')
  await report(await pay('tok', 'manual'), 'expirations')
}

/** What processes do later: outcomes that were not heard of, and authorizations that lapse. */
const leaveToProcesses = async (): Promise<void> => {
  await pay('timeout-approve', 'automatic')
  await pay('lost', 'manual')
  await change(await pay('capture-timeout', 'manual'), 'captures', { amount: 4_000 })
  ledger.side.start()
  ledger.forward(60_000)
  const resolved = async () => (await allEvents()).filter(({ metadata }) => metadata.cause === 'resolver').length
  await until(async () => (await resolved()) === 4)
  ledger.forward(weekMs)
  await until(async () => (await allEvents()).some(({ metadata }) => metadata.cause === 'expiry'))
}

const payMerchantOut = async (): Promise<void> => {
  const sums = { gross: 40_000n, refunds: 500n, disputes: 300n, fees: 900n, payments: 7 }
  unsettled = [{ merchantId: '1042', currency: 'INR', ...sums, from: '0', to: '60' }]
  await post('/v1/settlements', {}, { as: 'finance' })
  const returned = await payOut('tok')
  await post(`/v1/payouts/${returned}/settled`, {}, operator)
  await post(`/v1/payouts/${returned}/returned`, { code: 'closed' }, operator)
  await payOut('decline')
}

const forgetCustomer = async (): Promise<void> => {
  const method = { type: 'upi', vpa: 'asha@okbank', name: 'Asha' }
  await post('/v1/payments', { amount: 10_000, currency: 'INR', method, customerId: 'asha' })
  await post('/v1/merchants/1042/customers/asha/forget', { reason: 'ticket 17' }, operator)
}

/** Settings by which nothing of what was paid before would have been taken. */
const manageGateway = async (): Promise<void> => {
  const limits = [{ currency: 'INR', maxAmount: 50 }]
  await ask('PUT', '/v1/gateways/sandbox/methods/card', { enabled: true, limits })
  await expect(pay('tok', 'manual')).rejects.toThrow('amountOutsideRules')
  await ask('PUT', '/v1/gateways/sandbox', { enabled: false })
  await expect(pay('tok', 'manual')).rejects.toThrow('gatewayDisabled')
}

test('everything that the command side writes is valid and legal', async () => {
  await manageMerchant()
  await takePayments()
  await leaveToProcesses()
  await payMerchantOut()
  await forgetCustomer()
  await manageGateway()

  const events = await allEvents()
  const written = eventTypes.filter((type) => !['projection', 'reconciliation'].includes(streamKind(type)))
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(written))
  for (const event of events) expect([event.type, invalidity(toJson(event))]).toEqual([event.type, undefined])
  for (const name of new Set(events.map(({ stream }) => stream))) {
    const ofStream = events.filter(({ stream }) => stream === name)
    expect([name, firstIllegal(name, ofStream)]).toEqual([name, undefined])
  }
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { expiryRound } from './expiry.ts'
import { everything, type Ledger, openLedger } from './testing/ledger.ts'
import { until } from './testing/until.ts'

const order = { amount: 10_000, currency: 'INR', method: { type: 'card', token: 't' }, capture: 'manual' }
const weekMs = 604_800_000

let ledger: Ledger
beforeEach(async () => {
  ledger = await openLedger()
})
afterEach(() => ledger.close())

const authorized = async (more: object = {}): Promise<string> =>
  String((await ledger.post('/v1/payments', { ...order, ...more }, { key: 'a' })).body['id'])

const expire = async (): Promise<readonly unknown[]> => {
  const logged: unknown[] = []
  const note = (fields: unknown) => logged.push(fields)
  const logger = { info: note, warn: note, error: note }
  const round = expiryRound({ store: ledger.log, workList: everything(ledger.log), clock: ledger.clock, logger })
  await round(new AbortController().signal)
  return logged
}

test('what is left of an authorization lapses when its time is over, not before', async () => {
  const id = await authorized()
  await ledger.post(`/v1/payments/${id}/captures`, { amount: 4_000 }, { key: 'b' })
  expect(await expire()).toEqual([])
  expect(await ledger.events(id)).toHaveLength(4)
  ledger.forward(weekMs)
  await expire()
  expect((await ledger.events(id)).at(-1)).toMatchObject({
    type: 'PaymentExpired',
    data: { amount: 6_000n },
    metadata: { merchantId: '1042', cause: 'expiry' },
  })
})

test('once only, also when two do it', async () => {
  const id = await authorized()
  ledger.forward(weekMs)
  await Promise.all([expire(), expire()])
  await expire()
  expect(await ledger.events(id)).toHaveLength(3)
})

test('nothing lapses that was captured, voided or declined', async () => {
  await authorized({ capture: 'automatic' })
  const head = await ledger.log.head()
  ledger.forward(weekMs)
  expect(await expire()).toEqual([])
  expect(await ledger.log.head()).toBe(head)
})

test('a command after the time is refused, whether or not the round was there', async () => {
  const id = await authorized()
  ledger.forward(weekMs)
  const late = await ledger.post(`/v1/payments/${id}/captures`, {}, { key: 'b' })
  expect([late.status, late.body['code']]).toEqual([422, 'paymentExpired'])
})

test('it works by itself once the side is started', async () => {
  const id = await authorized()
  ledger.side.start()
  ledger.forward(weekMs)
  await until(async () => (await ledger.events(id)).length === 3)
})

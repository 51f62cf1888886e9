import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ledger, openLedger } from '../testing/ledger.ts'
import { createChangeMerchant } from '../merchants/change-merchant.ts'
import { createMerchantStates } from '../merchants/merchant-states.ts'
import { idOf } from '../uuid.ts'
import { order } from './testing/desk.ts'
import { fund } from './testing/fund.ts'

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.close())

const open = async (merchantId: string, available: bigint) => {
  const changeMerchant = createChangeMerchant(ledger.log, createMerchantStates(ledger.log, 1))
  await fund(changeMerchant, merchantId, { gross: available })
}
const as = (merchantId: string) => `merchant.${merchantId}`
let keys = 0
const newKey = () => `key ${++keys}`

test('POST /v1/payouts makes a payout', async () => {
  await open('p1', 1_000n)
  const reply = await ledger.post('/v1/payouts', order, { key: 'k', as: as('p1') })
  const id = idOf('po', 'p1', 'k')
  expect(reply.status).toBe(201)
  expect(reply.body).toMatchObject({ id, merchantId: 'p1', status: 'sent', revision: 1, reference: null, metadata: {} })
  expect(reply.headers.get('Location')).toBe(`/v1/payouts/${id}`)
  expect(reply.headers.get('ETag')).toBe('"1"')
  expect(reply.headers.get('Daybook-Position')).toBe(await ledger.log.head())
  expect(reply.headers.has('Idempotency-Replayed')).toBe(false)

  await open('elsewhere', 1n)
  const again = await ledger.post('/v1/payouts', order, { key: 'k', as: as('p1') })
  expect(again.text).toBe(reply.text)
  expect(again.status).toBe(201)
  expect(again.headers.get('Idempotency-Replayed')).toBe('true')
  for (const name of ['Location', 'ETag', 'Daybook-Position']) {
    expect(again.headers.get(name)).toBe(reply.headers.get(name))
  }
  expect(await ledger.post('/v1/payouts', { ...order, amount: 5 }, { key: 'k', as: as('p1') })).toMatchObject({
    status: 422,
    body: { code: 'idempotencyKeyReused', errors: [{ pointer: '/amount' }] },
  })
})

test.each<[string, unknown, string, string | undefined]>([
  ['no amount', { ...order, amount: undefined }, 'invalidRequest', '/amount'],
  ['zero', { ...order, amount: 0 }, 'invalidRequest', '/amount'],
  ['a fraction', { ...order, amount: 1.5 }, 'invalidRequest', '/amount'],
  ['too much', { ...order, amount: 1_000_000_000_001 }, 'invalidRequest', '/amount'],
  ['no such currency', { ...order, currency: 'XQX' }, 'invalidRequest', '/currency'],
  ['an unknown field', { ...order, bank: 'x' }, 'invalidRequest', '/bank'],
  ['an unknown destination', { ...order, destination: { type: 'cash' } }, 'invalidRequest', undefined],
  ['a card number', { ...order, reference: '4111 1111 1111 1111' }, 'cardDataRefused', '/reference'],
])('%s is refused with 400', async (_, body, code, pointer) => {
  const reply = await ledger.post('/v1/payouts', body, { key: newKey(), as: as('p1') })
  expect(reply).toMatchObject({ status: 400, body: { code } })
  if (pointer !== undefined) expect(reply.body['errors']).toMatchObject([{ pointer }])
})

test('rules are asked last, with stable codes', async () => {
  await open('p2', 99n)
  expect(await ledger.post('/v1/payouts', order, { as: as('p2') })).toMatchObject({
    status: 400,
    body: { code: 'idempotencyKeyMissing' },
  })
  expect(await ledger.post('/v1/payouts', order, { key: 'k', as: as('p2') })).toMatchObject({
    status: 422,
    body: { code: 'insufficientFunds' },
  })
  expect(await ledger.post('/v1/payouts', order, { key: 'k', as: as('never-heard-of') })).toMatchObject({
    status: 404,
    body: { code: 'merchantNotFound' },
  })
})

test('merchants act for themselves, operators for the merchant they name', async () => {
  await open('p3', 1_000n)
  const body = { ...order, merchantId: 'p3' }
  expect(await ledger.post('/v1/payouts', body, { key: 'k1', as: as('p1') })).toMatchObject({ status: 403 })
  expect(await ledger.post('/v1/payouts', body, { key: 'k1', as: 'finance' })).toMatchObject({ status: 403 })
  expect(await ledger.post('/v1/payouts', body, { key: 'k1', as: 'auditor' })).toMatchObject({ status: 403 })
  expect(await ledger.post('/v1/payouts', order, { key: 'k1', as: 'operator' })).toMatchObject({ status: 400 })
  expect(await ledger.post('/v1/payouts', body, { key: 'k1', as: 'operator' })).toMatchObject({
    status: 201,
    body: { merchantId: 'p3' },
  })
  expect(await ledger.post('/v1/payouts', body, { key: 'k2', as: as('p3') })).toMatchObject({ status: 201 })
})

test('an operator tells what became of a payout', async () => {
  await open('p4', 1_000n)
  const { body } = await ledger.post('/v1/payouts', order, { key: 'k', as: as('p4') })
  const path = `/v1/payouts/${String(body['id'])}`
  for (const role of [as('p4'), as('p1'), 'finance', 'auditor']) {
    expect(await ledger.post(`${path}/settled`, {}, { as: role })).toMatchObject({ status: 403 })
  }
  expect(await ledger.post(`/v1/payouts/po_${'0'.repeat(32)}/settled`, {}, { as: 'operator' })).toMatchObject({
    status: 404,
    body: { code: 'payoutNotFound' },
  })
  expect(await ledger.post(`${path}/sent`, {}, { as: 'operator' })).toMatchObject({
    status: 422,
    body: { code: 'payoutAlreadySent' },
  })
  expect(await ledger.post(`${path}/settled`, { amount: 1 }, { as: 'operator' })).toMatchObject({ status: 400 })
  const stale = { as: 'operator', headers: { 'If-Match': '"0"' } }
  expect(await ledger.post(`${path}/settled`, {}, stale)).toMatchObject({ status: 412 })

  const settled = await ledger.post(`${path}/settled`, {}, { key: 's', as: 'operator', headers: { 'If-Match': '"1"' } })
  expect(settled).toMatchObject({ status: 200, body: { status: 'settled', revision: 2 } })
  expect(settled.headers.get('ETag')).toBe('"2"')
  const again = await ledger.post(`${path}/settled`, {}, { key: 's', as: 'operator', headers: { 'If-Match': '"1"' } })
  expect(again.text).toBe(settled.text)
  expect(again.headers.get('Idempotency-Replayed')).toBe('true')
  expect(await ledger.post(`${path}/returned`, { code: 'x' }, { key: 's', as: 'operator' })).toMatchObject({
    status: 422,
    body: { code: 'idempotencyKeyReused', errors: [{ pointer: 'type' }] },
  })

  expect(await ledger.post(`${path}/failed`, {}, { as: 'operator' })).toMatchObject({
    status: 422,
    body: { code: 'payoutEnded' },
  })
  expect(await ledger.post(`${path}/returned`, { code: 'closed' }, { as: 'operator' })).toMatchObject({
    status: 200,
    body: { status: 'returned', decline: { code: 'closed', message: 'The bank sent the payout back.' } },
  })
  // The whole balance is there again.
  expect(await ledger.post('/v1/payouts', { ...order, amount: 1_000 }, { key: 'k2', as: as('p4') })).toMatchObject({
    status: 201,
  })
})

test('payouts are lines of a batch', async () => {
  await open('p5', 250n)
  const line = { type: 'payout', ...order }
  const lines = [1, 2, 3].map((n) => ({ ...line, idempotencyKey: `k${n}` }))
  const { lines: answers } = await ledger.batch([...lines, { ...lines[0], amount: 7 }, line], { as: as('p5') })
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 400, 422, 422])
  expect(answers[0]).toMatchObject({ index: 0, status: 201, body: { status: 'sent' } })
  expect(answers[3]).toMatchObject({ status: 422, problem: { code: 'idempotencyKeyReused' } })
  expect(answers[4]).toMatchObject({ status: 400, problem: { code: 'idempotencyKeyMissing' } })
})

test('nothing went wrong on the way', () => {
  expect(ledger.logged).toEqual([])
})

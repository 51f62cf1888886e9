import { afterAll, beforeAll, expect, test } from 'vitest'
import { foldPayment } from './stream.ts'
import type { PaymentEvent } from '../../domain/payment/event.ts'
import type { RecordedEvent } from '../../domain/event.ts'
import { unresolvedOperations } from '../../domain/payment/unresolved.ts'
import type { Reply } from '../testing/client.ts'
import { type Ledger, openLedger } from '../testing/ledger.ts'

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.close())

const order = { amount: 10_000, currency: 'INR', method: { type: 'card', token: 't' } }
const paymentOf = async (id: string) => foldPayment((await ledger.events(id)) as RecordedEvent<PaymentEvent>[])
const several = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** The one that did it, and that all others are its replay, or refused for the reason they deserve. */
const expectOneEffect = (replies: readonly Reply[], wins: (index: number) => boolean): Reply => {
  const firsts = replies.filter(({ status, headers }) => status === 201 && headers.get('Idempotency-Replayed') === null)
  expect(firsts).toHaveLength(1)
  const [first] = firsts
  if (first === undefined) throw new Error('Nobody won')
  const winner = replies.indexOf(first)
  for (const [index, { status, text, headers, body }] of replies.entries()) {
    if (index === winner) continue
    if (wins(index) !== wins(winner)) expect([status, body['code']]).toEqual([422, 'idempotencyKeyReused'])
    else if (status === 409) expect(body['code']).toBe('idempotencyKeyInFlight')
    else {
      expect([status, text]).toEqual([201, first.text])
      expect(headers.get('Daybook-Position')).toBe(first.headers.get('Daybook-Position'))
    }
  }
  return first
}

test('the same key eight times at once, half of them with another body: one payment', async () => {
  const even = (index: number) => index % 2 === 0
  const race = async (round: number): Promise<void> => {
    const bodies = several(8).map((index) => (even(index) ? order : { ...order, amount: 5_000 }))
    const replies = await Promise.all(bodies.map((body) => ledger.post('/v1/payments', body, { key: `race ${round}` })))
    const first = expectOneEffect(replies, even)
    const events = await ledger.events(String(first.body['id']))
    expect(events.map(({ type }) => type)).toEqual([
      'PaymentAuthorizationRequested',
      'PaymentAuthorized',
      'PaymentCaptured',
    ])
  }
  for (let round = 0; round < 300; round += 10) await Promise.all(several(10).map((more) => race(round + more)))
  expect(ledger.logged).toEqual([])
})

test('the same with captures of one payment', async () => {
  const even = (index: number) => index % 2 === 0
  const race = async (round: number): Promise<void> => {
    const begun = await ledger.post('/v1/payments', { ...order, capture: 'manual' }, { key: `captures ${round}` })
    const id = String(begun.body['id'])
    const replies = await Promise.all(
      several(8).map((index) =>
        ledger.post(`/v1/payments/${id}/captures`, { amount: even(index) ? 700 : 800 }, { key: 'same' }),
      ),
    )
    const first = expectOneEffect(replies, even)
    expect((await paymentOf(id))?.captured).toBe(BigInt(Number(first.body['captured'])))
    expect(await ledger.events(id)).toHaveLength(4)
  }
  for (let round = 0; round < 100; round += 10) await Promise.all(several(10).map((more) => race(round + more)))
})

test('captures at once never take more than is authorized', async () => {
  const begun = await ledger.post('/v1/payments', { ...order, capture: 'manual' }, { key: 'many captures' })
  const id = String(begun.body['id'])
  const replies = await Promise.all(
    several(100).map((index) => ledger.post(`/v1/payments/${id}/captures`, { amount: 300 }, { key: `c${index}` })),
  )
  const taken = replies.filter(({ status }) => status === 201)
  expect(taken).toHaveLength(33)
  for (const reply of replies) {
    if (reply.status !== 201) expect([reply.status, reply.body['code']]).toEqual([422, 'captureExceedsAuthorized'])
  }
  const payment = await paymentOf(id)
  expect(payment?.captured).toBe(9_900n)
  expect(payment && unresolvedOperations(payment)).toEqual([])
  for (const [index, reply] of replies.entries()) {
    if (reply.status !== 201) continue
    const again = await ledger.post(`/v1/payments/${id}/captures`, { amount: 300 }, { key: `c${index}` })
    expect(again.text).toBe(reply.text)
  }
})

test('nor from two processes, and refunds never give back more than was taken', async () => {
  const other = ledger.restart()
  const begun = await ledger.post('/v1/payments', { ...order, capture: 'manual' }, { key: 'two processes' })
  const id = String(begun.body['id'])
  const both = (index: number) => (index % 2 === 0 ? ledger : other)
  const captures = await Promise.all(
    several(40).map((index) => both(index).post(`/v1/payments/${id}/captures`, { amount: 300 }, { key: `c${index}` })),
  )
  const captured = captures.filter(({ status }) => status === 201).length * 300
  expect(captures.every(({ status }) => [201, 409, 422].includes(status))).toBe(true)
  const refunds = await Promise.all(
    several(40).map((index) => both(index).post(`/v1/payments/${id}/refunds`, { amount: 500 }, { key: `r${index}` })),
  )
  expect(refunds.every(({ status }) => [201, 409, 422].includes(status))).toBe(true)
  const payment = await paymentOf(id)
  expect(Number(payment?.captured)).toBeLessThanOrEqual(captured)
  expect(Number(payment?.refunded)).toBeLessThanOrEqual(Number(payment?.captured))
  expect(Number(payment?.captured)).toBeLessThanOrEqual(10_000)
})

test('capture, void, refund and increment at once leave books that fit', async () => {
  for (let round = 0; round < 40; round++) {
    const begun = await ledger.post('/v1/payments', { ...order, capture: 'manual' }, { key: `mixed ${round}` })
    const id = String(begun.body['id'])
    const replies = await Promise.all([
      ledger.post(`/v1/payments/${id}/captures`, { amount: 6_000, final: round % 2 === 0 }, { key: 'c' }),
      ledger.post(`/v1/payments/${id}/voids`, {}, { key: 'v' }),
      ledger.post(`/v1/payments/${id}/increments`, { amount: 20_000 }, { key: 'i' }),
      ledger.post(`/v1/payments/${id}/refunds`, { amount: 1 }, { key: 'r' }),
      ledger.post(`/v1/payments/${id}/expirations`, {}, { as: 'operator' }),
    ])
    expect(replies.every(({ status }) => [201, 409, 422].includes(status))).toBe(true)
    const payment = await paymentOf(id)
    if (payment === undefined) throw new Error('The payment is gone')
    const { authorized, captured, voided, expired, refunded } = payment
    expect(captured + voided + expired <= authorized).toBe(true)
    expect(refunded <= captured).toBe(true)
    expect(unresolvedOperations(payment)).toEqual([])
  }
})

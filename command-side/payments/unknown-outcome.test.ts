import { afterEach, describe, expect, test } from 'vitest'
import { type EventStore, EventStoreBusy } from '../event-store.ts'
import type { GatewayLookup } from '../gateway.ts'
import type { CommandSideSettings } from '../main.ts'
import type { Reply } from '../testing/client.ts'
import { type Ledger, openLedger } from '../testing/ledger.ts'
import { resolveOnce } from '../testing/resolve-once.ts'
import { type ScriptedGateway, scriptedGateway } from '../testing/scripted-gateway.ts'
import { until } from '../testing/until.ts'

const order = { amount: 10_000, currency: 'INR', method: { type: 'card', token: 't' }, capture: 'manual' }
const approved = { type: 'approved' } as const
const outcomeOf = ({ status, body }: Reply): unknown[] => [status, body['code'] ?? body['status']]
const idOf = (reply: Reply): string => String(reply.body['id'])

let ledger: Ledger
let gateway: ScriptedGateway
const open = async (settings: Partial<CommandSideSettings> = {}): Promise<void> => {
  gateway = scriptedGateway()
  ledger = await openLedger({ gateways: [gateway], settings: { gatewayTimeoutMs: 30, ...settings } })
}
afterEach(() => ledger.close())

/** Lets the resolver work until it has asked the gateway what became of operations that are old enough. */
const resolve = async (found: GatewayLookup): Promise<void> => {
  gateway.find(found)
  ledger.forward(120_000)
  await resolveOnce(ledger, gateway)
}

/** A command that the gateway approves at once. */
const approvedPost = async (path: string, body: unknown, key: string): Promise<Reply> => {
  const asked = gateway.asked.length
  const reply = ledger.post(path, body, { key })
  await until(() => gateway.asked.length > asked)
  gateway.answer(approved)
  return reply
}

test('a gateway that does not answer in time leaves the payment pending', async () => {
  await open()
  const reply = await ledger.post('/v1/payments', order, { key: 'a' })
  expect(outcomeOf(reply)).toEqual([201, 'pending'])
  expect(reply.body).toMatchObject({ authorized: 0, revision: 0, expiresAt: expect.any(String) as string })
  expect(reply.headers.get('ETag')).toBe('"0"')
  expect(await ledger.events(idOf(reply))).toMatchObject([{ type: 'PaymentAuthorizationRequested' }])
})

test('its late answer is dropped', async () => {
  await open()
  const reply = await ledger.post('/v1/payments', order, { key: 'a' })
  gateway.answer(approved)
  await new Promise((resolve) => {
    setTimeout(resolve, 20)
  })
  expect(await ledger.events(idOf(reply))).toHaveLength(1)
})

describe('an intent that took long to append', () => {
  /** The clock goes on so far while the next append is made. */
  let tookMs = 0
  const openSlow = async (): Promise<void> => {
    gateway = scriptedGateway()
    const before = (log: EventStore): EventStore => ({
      ...log,
      append: async (...args) => {
        const appended = await log.append(...args)
        ledger.forward(tookMs)
        return appended
      },
    })
    tookMs = 0
    ledger = await openLedger({ gateways: [gateway], before })
  }

  test('is not sent: it may be asked for already', async () => {
    await openSlow()
    tookMs = 2_000
    const reply = await ledger.post('/v1/payments', order, { key: 'a' })
    expect([outcomeOf(reply), gateway.asked]).toEqual([[201, 'pending'], []])
    tookMs = 0
    await resolve({ type: 'notFound' })
    expect((await ledger.events(idOf(reply))).at(-1)).toMatchObject({ data: { code: 'notReceived' } })
  })
  test('is not sent either where it changes a payment', async () => {
    await openSlow()
    const payment = idOf(await approvedPost('/v1/payments', order, 'a'))
    tookMs = 2_000
    const reply = await ledger.post(`/v1/payments/${payment}/captures`, {}, { key: 'b' })
    expect([reply.status, gateway.asked.length]).toEqual([201, 1])
    expect((await ledger.events(payment)).at(-1)?.type).toBe('PaymentCaptureRequested')
  })
  test('is sent where it took less', async () => {
    await openSlow()
    tookMs = 1_000
    const reply = ledger.post('/v1/payments', order, { key: 'a' })
    await until(() => gateway.asked.length > 0)
    gateway.answer(approved)
    expect(outcomeOf(await reply)).toEqual([201, 'authorized'])
  })
})

describe('a retry', () => {
  test('while the first is at the gateway is 409, for another body 422', async () => {
    await open({ gatewayTimeoutMs: 60_000 })
    const first = ledger.post('/v1/payments', order, { key: 'a' })
    await until(() => gateway.asked.length === 1)
    const again = await ledger.post('/v1/payments', order, { key: 'a' })
    expect(outcomeOf(again)).toEqual([409, 'idempotencyKeyInFlight'])
    expect(again.headers.get('Retry-After')).toBe('1')
    const other = await ledger.post('/v1/payments', { ...order, amount: 1 }, { key: 'a' })
    expect(outcomeOf(other)).toEqual([422, 'idempotencyKeyReused'])
    gateway.answer(approved)
    const answered = await first
    const replayed = await ledger.post('/v1/payments', order, { key: 'a' })
    expect([replayed.status, replayed.text]).toEqual([201, answered.text])
    expect(gateway.asked).toHaveLength(1)
  })
  test('of one that was answered as pending is pending, at once and for ever', async () => {
    await open()
    const first = await ledger.post('/v1/payments', order, { key: 'a' })
    const again = await ledger.post('/v1/payments', order, { key: 'a' })
    expect([again.status, again.text]).toEqual([201, first.text])
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
    expect(again.headers.get('Daybook-Position')).toBe(first.headers.get('Daybook-Position'))
    await resolve(approved)
    const later = await ledger.post('/v1/payments', order, { key: 'a' })
    expect(later.text).toBe(first.text)
    expect(later.headers.get('Daybook-Position')).toBe(first.headers.get('Daybook-Position'))
  })
  test('after a crash is 409 until the first can have no outcome any more, then pending', async () => {
    await open({ gatewayTimeoutMs: 60_000 })
    void ledger.post('/v1/payments', order, { key: 'a' })
    await until(() => gateway.asked.length === 1)
    const restarted = ledger.restart()
    expect(outcomeOf(await restarted.post('/v1/payments', order, { key: 'a' }))).toEqual([
      409,
      'idempotencyKeyInFlight',
    ])
    ledger.forward(63_000)
    expect(outcomeOf(await restarted.post('/v1/payments', order, { key: 'a' }))).toEqual([
      409,
      'idempotencyKeyInFlight',
    ])
    ledger.forward(1_000)
    expect(outcomeOf(await restarted.post('/v1/payments', order, { key: 'a' }))).toEqual([201, 'pending'])
    gateway.answer(approved)
  })
})

test.each<[string, string, object]>([
  ['capture', 'captures', {}],
  ['void', 'voids', {}],
  ['increment', 'increments', { amount: 20_000 }],
  ['refund', 'refunds', {}],
])('a %s without answer is pending, counts against limits and replays so', async (operation, to, body) => {
  await open()
  const capture = operation === 'refund' ? 'automatic' : 'manual'
  const id = idOf(await approvedPost('/v1/payments', { ...order, capture }, 'a'))
  const path = `/v1/payments/${id}/${to}`
  const first = await ledger.post(path, body, { key: 'b' })
  expect(first.status).toBe(201)
  if (operation !== 'increment') expect(first.body[to]).toMatchObject([{ status: 'pending', amount: 10_000 }])
  const more = await ledger.post(path, operation === 'increment' ? { amount: 30_000 } : body, { key: 'c' })
  expect(more.status).toBe(422)
  await resolve({ type: 'declined', code: 'c', message: 'm' })
  const again = await ledger.post(path, body, { key: 'b' })
  expect([again.status, again.text]).toEqual([201, first.text])
  expect(outcomeOf(await approvedPost(path, body, 'd'))[0]).toBe(201)
})

test('an outcome that comes together with other commands finds its place', async () => {
  await open({ gatewayTimeoutMs: 60_000 })
  const id = idOf(await approvedPost('/v1/payments', order, 'a'))
  const captures = [1, 2, 3].map((amount) =>
    ledger.post(`/v1/payments/${id}/captures`, { amount }, { key: `c${amount}` }),
  )
  await until(() => gateway.asked.length === 4)
  gateway.answer(approved)
  const replies = await Promise.all(captures)
  expect(replies.map(({ status }) => status)).toEqual([201, 201, 201])
  expect(new Set(replies.map(({ body }) => body['revision']))).toEqual(new Set([5, 6, 7]))
  for (const [index, reply] of replies.entries()) {
    const again = await ledger.post(`/v1/payments/${id}/captures`, { amount: index + 1 }, { key: `c${index + 1}` })
    expect(again.text).toBe(reply.text)
  }
})

test('a log that takes no more after the intent leaves the outcome to the resolver', async () => {
  let busy = false
  ledger = await openLedger({
    before: (log) => ({
      ...log,
      append: (stream, expected, events) =>
        busy && expected !== 'none' ? Promise.reject(new EventStoreBusy('full')) : log.append(stream, expected, events),
    }),
  })
  busy = true
  const first = await ledger.post('/v1/payments', order, { key: 'a' })
  expect(outcomeOf(first)).toEqual([201, 'pending'])
  busy = false
  const again = await ledger.post('/v1/payments', order, { key: 'a' })
  expect(again.text).toBe(first.text)
})

test('a payment whose gateway is there no more takes no commands that need it, and all others', async () => {
  ledger = await openLedger()
  const id = idOf(await ledger.post('/v1/payments', { ...order, capture: 'automatic' }, { key: 'a' }))
  const other = ledger.restart({ gateways: [scriptedGateway('other')] })
  const refund = await other.post(`/v1/payments/${id}/refunds`, {}, { key: 'b' })
  expect(outcomeOf(refund)).toEqual([503, 'gatewayUnavailable'])
  expect(await ledger.events(id)).toHaveLength(3)
  const dispute = await other.post(`/v1/payments/${id}/disputes`, { reason: 'x' }, { key: 'c', as: 'operator' })
  expect(outcomeOf(dispute)).toEqual([201, 'disputed'])
})

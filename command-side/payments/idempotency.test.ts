import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, Sent } from '../testing/client.ts'
import { type Ledger, openLedger } from '../testing/ledger.ts'

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.close())

const order = { amount: 10_000, currency: 'INR', method: { type: 'card', token: 't' }, capture: 'manual' }
const operator: Sent = { as: 'operator' }
const idOf = (reply: Reply): string => String(reply.body['id'])
const outcomeOf = ({ status, body }: Reply): unknown[] => [status, body['code'] ?? body['status']]

const expectReplay = (again: Reply, first: Reply): void => {
  expect(again.text).toBe(first.text)
  expect(again.status).toBe(first.status)
  for (const name of ['Content-Type', 'Location', 'ETag', 'Daybook-Position']) {
    expect(again.headers.get(name)).toBe(first.headers.get(name))
  }
  expect(first.headers.get('Idempotency-Replayed')).toBeNull()
  expect(again.headers.get('Idempotency-Replayed')).toBe('true')
}

describe('the same command with the same key has the same answer, whatever happened since', () => {
  test('an authorization', async () => {
    const first = await ledger.post('/v1/payments', order, { key: 'a1' })
    expectReplay(await ledger.post('/v1/payments', order, { key: 'a1' }), first)
    await ledger.post(`/v1/payments/${idOf(first)}/captures`, {}, { key: 'a2' })
    await ledger.post(`/v1/payments/${idOf(first)}/refunds`, {}, { key: 'a3' })
    const head = await ledger.log.head()
    ledger.forward(40_000)
    expectReplay(await ledger.post('/v1/payments', order, { key: 'a1' }), first)
    expect(await ledger.log.head()).toBe(head)
  })
  test('a declined authorization', async () => {
    const declined = { ...order, method: { type: 'card', token: 'decline' } }
    const first = await ledger.post('/v1/payments', declined, { key: 'a4' })
    expectReplay(await ledger.post('/v1/payments', declined, { key: 'a4' }), first)
  })
  test.each<[string, string, object, Sent, object]>([
    ['a capture', 'captures', { amount: 3_000 }, {}, {}],
    ['a capture of all', 'captures', {}, {}, {}],
    ['a void', 'voids', {}, {}, {}],
    ['an increment', 'increments', { amount: 20_000 }, {}, {}],
    ['a refund', 'refunds', { amount: 1 }, {}, { capture: 'automatic' }],
    ['a dispute', 'disputes', { reason: 'fraud' }, operator, { capture: 'automatic' }],
    ['an expiry', 'expirations', {}, operator, {}],
  ])('%s', async (name, to, body, sent, more) => {
    const payment = idOf(await ledger.post('/v1/payments', { ...order, ...more }, { key: `for ${name}` }))
    const path = `/v1/payments/${payment}/${to}`
    const first = await ledger.post(path, body, { ...sent, key: name })
    expect(first.status).toBe(201)
    expectReplay(await ledger.post(path, body, { ...sent, key: name }), first)
    await ledger.post(`/v1/payments/${payment}/refunds`, { amount: 1 }, { key: 'later' })
    await ledger.post(`/v1/payments/${payment}/voids`, {}, { key: 'later still' })
    expectReplay(await ledger.post(path, body, { ...sent, key: name }), first)
  })
  test.each<[string, string, object]>([
    ['capture', 'captures', {}],
    ['increment', 'increments', { amount: 20_000 }],
    ['void', 'voids', {}],
    ['refund', 'refunds', {}],
  ])('a %s that the gateway declined', async (operation, to, body) => {
    const method = { type: 'card', token: `${operation}-decline-limitExceeded` }
    const capture = operation === 'refund' ? 'automatic' : 'manual'
    const payment = idOf(await ledger.post('/v1/payments', { ...order, method, capture }, { key: `no ${operation}` }))
    const path = `/v1/payments/${payment}/${to}`
    const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }
    const first = await ledger.post(path, body, { key: 'declined', headers })
    expect(first.status).toBe(422)
    expect(first.headers.get('Content-Type')).toBe('application/problem+json')
    expect(first.headers.get('Daybook-Position')).toBe(await ledger.log.head())
    expect(first.body).toMatchObject({
      code: 'gatewayDeclined',
      status: 422,
      decline: { code: 'limitExceeded', message: 'The amount is over the limit of the account' },
      traceId: '0af7651916cd43dd8448eb211c80319c',
    })
    await ledger.post(`/v1/payments/${payment}/disputes`, { reason: 'x' }, { ...operator, key: 'later' })
    expectReplay(await ledger.post(path, body, { key: 'declined' }), first)
  })
})

test('order and white space of the body make no difference, defaults that are spelled out do', async () => {
  const first = await ledger.post('/v1/payments', order, { key: 'b1' })
  const { amount, ...rest } = order
  expectReplay(await ledger.post('/v1/payments', JSON.stringify({ ...rest, amount }, null, 3), { key: 'b1' }), first)
  const payment = idOf(first)
  await ledger.post(`/v1/payments/${payment}/captures`, { amount: 1 }, { key: 'b2' })
  const spelled = await ledger.post(`/v1/payments/${payment}/captures`, { amount: 1, final: false }, { key: 'b2' })
  expect(outcomeOf(spelled)).toEqual([422, 'idempotencyKeyReused'])
})

describe('the same key with another command', () => {
  test('tells which fields differ', async () => {
    await ledger.post('/v1/payments', order, { key: 'c1' })
    const head = await ledger.log.head()
    const other = { ...order, amount: 9, reference: 'r' }
    const reply = await ledger.post('/v1/payments', other, { key: 'c1' })
    expect(outcomeOf(reply)).toEqual([422, 'idempotencyKeyReused'])
    expect((reply.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual([
      '/amount',
      '/reference',
    ])
    expect(await ledger.log.head()).toBe(head)
  })
  test('a capture with the key of the authorization', async () => {
    const payment = idOf(await ledger.post('/v1/payments', order, { key: 'c2' }))
    const reply = await ledger.post(`/v1/payments/${payment}/captures`, {}, { key: 'c2' })
    expect(outcomeOf(reply)).toEqual([422, 'idempotencyKeyReused'])
    expect(reply.body['errors']).toMatchObject([{ pointer: 'type' }])
  })
  test('a void after a capture, both with an empty body', async () => {
    const payment = idOf(await ledger.post('/v1/payments', order, { key: 'c3' }))
    await ledger.post(`/v1/payments/${payment}/captures`, {}, { key: 'c4' })
    expect(outcomeOf(await ledger.post(`/v1/payments/${payment}/voids`, {}, { key: 'c4' }))).toEqual([
      422,
      'idempotencyKeyReused',
    ])
  })
  test('it may serve captures of two payments', async () => {
    for (const key of ['c5', 'c6']) {
      const payment = idOf(await ledger.post('/v1/payments', order, { key }))
      const reply = await ledger.post(`/v1/payments/${payment}/captures`, {}, { key: 'shared' })
      expect(outcomeOf(reply)).toEqual([201, 'captured'])
      expect(reply.headers.get('Idempotency-Replayed')).toBeNull()
    }
  })
})

test('a refusal is not remembered: a later retry is judged anew', async () => {
  const payment = idOf(await ledger.post('/v1/payments', order, { key: 'd1' }))
  const refund = () => ledger.post(`/v1/payments/${payment}/refunds`, { amount: 5 }, { key: 'd2' })
  expect(outcomeOf(await refund())).toEqual([422, 'nothingToRefund'])
  await ledger.post(`/v1/payments/${payment}/captures`, {}, { key: 'd3' })
  expect(outcomeOf(await refund())).toEqual([201, 'partiallyRefunded'])
})

describe('If-Match', () => {
  const begin = async (key: string): Promise<string> =>
    `/v1/payments/${idOf(await ledger.post('/v1/payments', order, { key }))}/captures`
  const matching = (tag: string, key: string): Sent => ({ key, headers: { 'If-Match': tag } })

  test.each(['"1"', '*', '"7", "1"'])('%s fits', async (tag) => {
    const path = await begin(`fits ${tag}`)
    expect((await ledger.post(path, {}, matching(tag, 'f'))).status).toBe(201)
  })
  test.each(['"0"', 'W/"1"', '"2"'])('%s does not', async (tag) => {
    const path = await begin(`unfit ${tag}`)
    const reply = await ledger.post(path, {}, matching(tag, 'f'))
    expect(outcomeOf(reply)).toEqual([412, 'preconditionFailed'])
    expect(reply.headers.get('ETag')).toBe('"1"')
  })
  test('a retry of a lost answer gets the answer', async () => {
    const path = await begin('lost')
    const first = await ledger.post(path, {}, matching('"1"', 'f'))
    expectReplay(await ledger.post(path, {}, matching('"1"', 'f')), first)
    expectReplay(await ledger.post(path, {}, { key: 'f' }), first)
  })
  test('what is no list of tags is refused', async () => {
    expect(outcomeOf(await ledger.post(await begin('bad'), {}, matching('1', 'f')))).toEqual([400, 'ifMatchInvalid'])
  })
  test('where it is required, its absence is 428, but not for a retry', async () => {
    const strict = await openLedger({ settings: { requireIfMatch: true } })
    const payment = idOf(await strict.post('/v1/payments', order, { key: 'g1' }))
    const path = `/v1/payments/${payment}/captures`
    expect(outcomeOf(await strict.post(path, {}, { key: 'g2' }))).toEqual([428, 'preconditionRequired'])
    const first = await strict.post(path, {}, matching('"1"', 'g2'))
    expect(first.status).toBe(201)
    expectReplay(await strict.post(path, {}, { key: 'g2' }), first)
    await strict.close()
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BatchReply } from '../testing/client.ts'
import { type Ledger, openLedger } from '../testing/ledger.ts'
import { idOf } from '../uuid.ts'

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.close())

const order = { amount: 10_000, currency: 'INR', method: { type: 'card', token: 't' } }
const authorize = (idempotencyKey: string, more: object = {}) => ({
  type: 'authorize',
  idempotencyKey,
  ...order,
  ...more,
})
const paymentOf = (key: string): string => idOf('pay', '1042', key)
const outcomesOf = ({ lines }: BatchReply): unknown[][] =>
  lines.map(({ index, status, body, problem }) => [index, status, problem?.['code'] ?? body?.['status']])

test('a line for each command, in the same order, each with its answer', async () => {
  const reply = await ledger.batch([
    authorize('a1', { reference: 'first' }),
    authorize('a2', { method: { type: 'card', token: 'decline' } }),
    { type: 'refund', paymentId: paymentOf('a1'), idempotencyKey: 'a3', amount: 500, reason: 'broken' },
    { type: 'capture', paymentId: paymentOf('a1'), idempotencyKey: 'a4' },
  ])
  expect(reply.status).toBe(200)
  expect(reply.headers.get('Content-Type')).toBe('application/x-ndjson')
  expect(outcomesOf(reply)).toEqual([
    [0, 201, 'captured'],
    [1, 201, 'declined'],
    [2, 201, 'partiallyRefunded'],
    [3, 422, 'nothingToCapture'],
  ])
  expect(reply.text.startsWith('{"index":0,"status":201,"position":"')).toBe(true)
  expect(reply.text.endsWith('}\n')).toBe(true)
  for (const { position } of reply.lines) expect(Number(position)).toBeGreaterThan(0)
  expect(reply.lines[0]).not.toHaveProperty('replayed')
})

test('an answer is the same as the one that the command would get alone', async () => {
  const { lines, text } = await ledger.batch([authorize('b1', { metadata: { cart: '7' } })])
  const alone = await ledger.post('/v1/payments', { ...order, metadata: { cart: '7' } }, { key: 'b1' })
  expect(alone.headers.get('Idempotency-Replayed')).toBe('true')
  expect(text).toContain(`"body":${alone.text}}`)
  expect(lines[0]?.position).toBe(alone.headers.get('Daybook-Position'))
})

test('and the other way round: what was done alone is replayed in a line, declines too', async () => {
  const method = { type: 'card', token: 'capture-decline' }
  const first = await ledger.post('/v1/payments', { ...order, method, capture: 'manual' }, { key: 'c1' })
  const capture = await ledger.post(`/v1/payments/${paymentOf('c1')}/captures`, { amount: 5 }, { key: 'c2' })
  expect(capture.status).toBe(422)
  const reply = await ledger.batch([
    authorize('c1', { method, capture: 'manual' }),
    { type: 'capture', paymentId: paymentOf('c1'), idempotencyKey: 'c2', amount: 5 },
    { type: 'capture', paymentId: paymentOf('c1'), idempotencyKey: 'c2', amount: 6 },
    { type: 'void', paymentId: paymentOf('c1'), idempotencyKey: 'c2' },
  ])
  const [one, two] = reply.text.split('\n')
  const positions = [first, capture].map(({ headers }) => headers.get('Daybook-Position'))
  expect(one).toBe(`{"index":0,"status":201,"position":"${positions[0]}","replayed":true,"body":${first.text}}`)
  expect(two).toBe(`{"index":1,"status":422,"position":"${positions[1]}","replayed":true,"problem":${capture.text}}`)
  expect(outcomesOf(reply).slice(2)).toEqual([
    [2, 422, 'idempotencyKeyReused'],
    [3, 422, 'idempotencyKeyReused'],
  ])
})

test('commands on one payment are done in their order, also on one that the batch itself makes', async () => {
  const of = paymentOf('d1')
  const reply = await ledger.batch([
    authorize('d1', { capture: 'manual', method: { type: 'card', token: 'slow-30' } }),
    { type: 'increment', paymentId: of, idempotencyKey: 'd2', amount: 12_000 },
    { type: 'capture', paymentId: of, idempotencyKey: 'd3', amount: 5_000 },
    authorize('d9'),
    { type: 'capture', paymentId: of, idempotencyKey: 'd4', amount: 4_000 },
    { type: 'void', paymentId: of, idempotencyKey: 'd5' },
    { type: 'refund', paymentId: of, idempotencyKey: 'd6' },
    authorize('d1', { capture: 'manual', method: { type: 'card', token: 'slow-30' } }),
  ])
  expect(outcomesOf(reply)).toEqual([
    [0, 201, 'authorized'],
    [1, 201, 'authorized'],
    [2, 201, 'partiallyCaptured'],
    [3, 201, 'captured'],
    [4, 201, 'partiallyCaptured'],
    [5, 201, 'captured'],
    [6, 201, 'refunded'],
    [7, 201, 'authorized'],
  ])
  expect(reply.lines[7]).toMatchObject({
    replayed: true,
    body: reply.lines[0]?.body,
    position: reply.lines[0]?.position,
  })
})

test('blank lines are skipped and not counted; line ends may be those of Windows', async () => {
  const reply = await ledger.batch(['', `${JSON.stringify(authorize('e1'))}\r`, '   ', '\r', authorize('e2'), '', ''])
  expect(outcomesOf(reply)).toEqual([
    [0, 201, 'captured'],
    [1, 201, 'captured'],
  ])
  const empty = await ledger.batch([])
  expect([empty.status, empty.text]).toEqual([200, ''])
})

test('a broken line is refused by itself', async () => {
  const payment = paymentOf('f1')
  const reply = await ledger.batch([
    authorize('f1', { capture: 'manual' }),
    '{"type":',
    '[]',
    'null',
    { ...authorize('f2'), amount: 1.5 },
    { ...authorize('f3'), colour: 'red' },
    { ...authorize('f4'), paymentId: payment },
    { ...authorize('f5'), idempotencyKey: undefined },
    { ...authorize('f6'), idempotencyKey: 7 },
    { type: 'expire', paymentId: payment, idempotencyKey: 'f7' },
    { type: 'toString', idempotencyKey: 'f8' },
    { paymentId: payment, idempotencyKey: 'f9' },
    { type: 'capture', idempotencyKey: 'f10' },
    { type: 'capture', paymentId: 'x', idempotencyKey: 'f11' },
    { type: 'capture', paymentId: payment, idempotencyKey: 'f12', amount: 5, currency: 'INR' },
    authorize('f13', { method: { type: 'card', token: '4111 1111 1111 1111' } }),
    authorize('f14', { merchantId: '7' }),
    { type: 'void', paymentId: payment, idempotencyKey: 'f15' },
  ])
  const problem = (index: number, code = 'invalidRequest', status = 400) => [index, status, code]
  expect(outcomesOf(reply)).toEqual([
    [0, 201, 'authorized'],
    problem(1, 'malformedJson'),
    problem(2),
    problem(3),
    problem(4),
    problem(5),
    problem(6),
    problem(7, 'idempotencyKeyMissing'),
    problem(8, 'idempotencyKeyInvalid'),
    problem(9),
    problem(10),
    problem(11),
    problem(12),
    problem(13, 'paymentNotFound', 404),
    problem(14),
    problem(15, 'cardDataRefused'),
    problem(16, 'forbidden', 403),
    [17, 201, 'voided'],
  ])
  const pointers = reply.lines.map(
    (line) => (line.problem?.['errors'] as { pointer: string }[] | undefined)?.[0]?.pointer,
  )
  expect([pointers[4], pointers[5], pointers[7], pointers[9], pointers[12]]).toEqual([
    '/amount',
    '/colour',
    '/idempotencyKey',
    '/type',
    '/paymentId',
  ])
  for (const { position, problem: given } of reply.lines.slice(1, 17)) {
    expect(Number(position)).toBeGreaterThan(0)
    expect(Object.keys(given ?? {}).join()).toMatch(/^type,title,status,detail,code,errors,traceId/)
  }
  expect(reply.text).not.toContain('4111')
})

test('too long a line is refused by itself, and one that is no UTF-8', async () => {
  const long = JSON.stringify(authorize('g1', { reference: 'x'.repeat(70_000) }))
  const reply = await ledger.batch([authorize('g2'), long, authorize('g3')])
  expect(outcomesOf(reply)).toEqual([
    [0, 201, 'captured'],
    [1, 413, 'bodyTooLarge'],
    [2, 201, 'captured'],
  ])
  const body = Buffer.from([0x22, 0xff, 0x22, 0x0a, 0x7b, 0x7d])
  const headers = { Authorization: 'Bearer operator', 'Content-Type': 'application/x-ndjson' }
  const raw = await ledger.routes.request('/v1/commands', { method: 'POST', headers, body })
  const codes = (await raw.text()).match(/"code":"\w+"/g)
  expect(codes).toEqual(['"code":"malformedJson"', '"code":"invalidRequest"'])
})

describe('who may send one, and how', () => {
  const outcome = async (headers: Record<string, string>) => {
    const response = await ledger.routes.request('/v1/commands', { method: 'POST', headers, body: '{}' })
    return [response.status, ((await response.json()) as { code: string }).code]
  }
  const ndjson = { 'Content-Type': 'application/x-ndjson' }
  test.each<[Record<string, string>, number, string]>([
    [ndjson, 401, 'unauthenticated'],
    [{ ...ndjson, Authorization: 'Bearer finance' }, 403, 'forbidden'],
    [{ ...ndjson, Authorization: 'Bearer auditor' }, 403, 'forbidden'],
    [{ 'Content-Type': 'application/json', Authorization: 'Bearer operator' }, 415, 'unsupportedMediaType'],
    [{ ...ndjson, 'Content-Encoding': 'gzip', Authorization: 'Bearer operator' }, 415, 'unsupportedMediaType'],
  ])('%o is refused', async (headers, status, code) => {
    expect(await outcome(headers)).toEqual([status, code])
  })
  test('an operator names merchants; a merchant does not see what is of others', async () => {
    const reply = await ledger.batch([authorize('h1', { merchantId: '7' }), authorize('h2')], { as: 'operator' })
    expect(outcomesOf(reply)).toEqual([
      [0, 201, 'captured'],
      [1, 400, 'invalidRequest'],
    ])
    const foreign = { type: 'refund', paymentId: idOf('pay', '7', 'h1'), idempotencyKey: 'h3' }
    expect(outcomesOf(await ledger.batch([foreign]))).toEqual([[0, 404, 'paymentNotFound']])
    expect(outcomesOf(await ledger.batch([foreign], { as: 'merchant.7' }))).toEqual([[0, 201, 'refunded']])
  })
})

test('ten thousand commands are done, what comes after is one last line', async () => {
  const lines = Array.from({ length: 10_003 }, (_, index) =>
    index % 2 === 0
      ? authorize(`i${index}`)
      : { type: 'refund', paymentId: paymentOf(`i${index - 1}`), idempotencyKey: 'r' },
  )
  const reply = await ledger.batch(lines)
  expect(reply.lines).toHaveLength(10_001)
  expect(reply.lines.map(({ index }) => index)).toEqual(Array.from({ length: 10_001 }, (_, index) => index))
  expect(outcomesOf(reply).at(-1)).toEqual([10_000, 413, 'batchTooLong'])
  expect(outcomesOf(reply).slice(0, -1)).toEqual(
    Array.from({ length: 10_000 }, (_, index) => [index, 201, index % 2 === 0 ? 'captured' : 'refunded']),
  )
  expect(await ledger.events(paymentOf('i10000'))).toEqual([])
  expect(ledger.logged).toEqual([])
})

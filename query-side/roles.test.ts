import { afterAll, beforeAll, expect, test } from 'vitest'
import { merchantStream, paymentStream, payoutStream } from '../domain/event.ts'
import { idOf, payout, settled, sold } from './testing/events.ts'
import { appOf, asker, failures, openStage, type Reply, type Stage } from './testing/stage.ts'

let stage: Stage
let ask: (who: string, path: string) => Promise<Reply>

const pay = idOf('pay', 'sale')
const po = idOf('po', 'payout')
const st = idOf('st', 'settlement')

beforeAll(async () => {
  stage = await openStage()
  ask = asker(appOf(stage.deps))
  const at = '2025-06-01T10:00:00.000Z'
  const to = await stage.record(paymentStream(pay), at, ...sold({ name: 'sale', merchantId: '1042', amount: 500n }))
  const sums = { gross: 500n, refunds: 0n, disputes: 0n, fees: 0n, net: 500n }
  const { reserved, sent } = payout('payout', '1042', 100n)
  await stage.record(merchantStream('1042'), at, settled('settlement', '1042', sums, '0', to), reserved)
  await stage.record(payoutStream(po), at, ...sent)
  await stage.caughtUp()
})
afterAll(async () => {
  await stage.close()
  expect(failures).toEqual([])
})

const people = ['merchant 1042', 'merchant 7', 'finance', 'auditor', 'operator', 'nobody'] as const

/** What each of the people gets, in their order: a status, with how many entries where it is a list. */
const table: readonly (readonly [path: string, ...answers: readonly string[]])[] = [
  ['/v1/payments', '200 1', '200 0', '200 1', '200 1', '200 1', '401'],
  ['/v1/payments?merchantId=1042', '200 1', '200 0', '200 1', '200 1', '200 1', '401'],
  ['/v1/payments?merchantId=7', '200 0', '200 0', '200 0', '200 0', '200 0', '401'],
  [`/v1/payments/${pay}`, '200', '404', '200', '200', '200', '401'],
  [`/v1/payments/${pay}/events`, '200 3', '404', '403', '200 3', '200 3', '401'],
  ['/v1/payouts', '200 1', '200 0', '200 1', '200 1', '200 1', '401'],
  ['/v1/payouts?merchantId=1042', '200 1', '200 0', '200 1', '200 1', '200 1', '401'],
  [`/v1/payouts/${po}`, '200', '404', '200', '200', '200', '401'],
  [`/v1/payouts/${po}/events`, '200 2', '404', '403', '200 2', '200 2', '401'],
  ['/v1/balances', '200 1', '200 0', '200 1', '200 1', '200 1', '401'],
  ['/v1/balances?merchantId=1042', '200 1', '200 0', '200 1', '200 1', '200 1', '401'],
  ['/v1/ledger/entries', '200 10', '200 0', '200 10', '200 10', '200 10', '401'],
  ['/v1/ledger/entries?merchantId=1042', '200 10', '200 0', '200 10', '200 10', '200 10', '401'],
  ['/v1/ledger/trial-balance', '200 6', '200 0', '200 6', '200 6', '200 6', '401'],
  ['/v1/ledger/trial-balance?merchantId=1042', '200 6', '200 0', '200 6', '200 6', '200 6', '401'],
  ['/v1/reports/daily', '200 1', '200 0', '200 1', '200 1', '200 1', '401'],
  ['/v1/reports/daily?merchantId=1042', '200 1', '200 0', '200 1', '200 1', '200 1', '401'],
  ['/v1/settlements', '200 1', '200 0', '200 1', '200 1', '200 1', '401'],
  ['/v1/settlements?merchantId=1042', '200 1', '200 0', '200 1', '200 1', '200 1', '401'],
  [`/v1/settlements/${st}`, '200', '404', '200', '200', '200', '401'],
  [`/v1/settlements/${st}/entries`, '200 1', '404', '200 1', '200 1', '200 1', '401'],
  ['/v1/projections', '403', '403', '200 12', '200 12', '200 12', '401'],
  ['/health', '200', '200', '200', '200', '200', '200'],
  ['/ready', '200', '200', '200', '200', '200', '200'],
]

const cases = table.flatMap(([path, ...answers]) =>
  people.map((who, place) => ({ who, path, answer: answers[place] ?? '' })),
)

test.each(cases)('$who gets $answer for $path', async ({ who, path, answer }) => {
  const { status, headers, body } = await ask(who, path)
  expect(`${status}${'data' in body ? ` ${body.data.length}` : ''}`).toBe(answer)
  if (status === 200 && path.startsWith('/v1/')) expect(headers.get('Daybook-Position')).toMatch(/^\d+$/)
  if (status >= 400) expect(headers.get('Content-Type')).toBe('application/problem+json')
})

test("another merchant's payment looks the same from the cache as from the database", async () => {
  const fresh = asker(appOf(stage.deps))
  const unknown = await fresh('merchant 7', `/v1/payments/${idOf('pay', 'nothing')}`)
  expect((await fresh('merchant 1042', `/v1/payments/${pay}`)).status).toBe(200)
  const foreign = await fresh('merchant 7', `/v1/payments/${pay}`)
  expect({ ...foreign.body, traceId: '' }).toEqual({ ...unknown.body, traceId: '' })
})

test.each([
  ['/v1/payments?color=red', '?color'],
  ['/v1/payments?limit=0', '?limit'],
  ['/v1/payments?limit=1001', '?limit'],
  ['/v1/payments?limit=ten', '?limit'],
  ['/v1/payments?status=paid', '?status'],
  ['/v1/payments?status=captured&status=voided', '?status'],
  ['/v1/payments?from=yesterday', '?from'],
  ['/v1/payments?from=2025-02-30', '?from'],
  ['/v1/payments?to=2025-06-01T10:00:00', '?to'],
  ['/v1/payments?minPosition=x', '?minPosition'],
  ['/v1/payments?minPosition=9999999999999999', '?minPosition'],
  [`/v1/payments/${pay}?minPosition=-1`, '?minPosition'],
  [`/v1/payments/${pay}?limit=1`, '?limit'],
  [`/v1/payments/${pay}/events?status=captured`, '?status'],
  ['/v1/ledger/entries?account=cash', '?account'],
  ['/v1/ledger/entries?layer=upper', '?layer'],
  ['/v1/ledger/trial-balance?limit=5', '?limit'],
  ['/v1/balances?currency=inr', '?currency'],
  ['/v1/reports/daily?to=2025-13-01', '?to'],
  ['/v1/settlements?merchantId=a%20b', '?merchantId'],
  ['/v1/projections?shard=1', '?shard'],
])('%s is 400 and names the parameter', async (path, pointer) => {
  const { status, body } = await ask('operator', path)
  expect([status, body['code']]).toEqual([400, 'invalidRequest'])
  expect(body['errors']).toEqual([{ pointer, detail: expect.any(String) }])
})

test('other methods are not allowed', async () => {
  const answer = await appOf(stage.deps).request('/v1/balances', {
    method: 'PUT',
    headers: { Authorization: 'Bearer finance' },
  })
  expect([answer.status, answer.headers.get('Allow')]).toEqual([405, 'GET, HEAD'])
})

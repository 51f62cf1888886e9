import { afterAll, beforeAll, expect, test } from 'vitest'
import { merchantStream, paymentStream, payoutStream } from '../domain/event.ts'
import { idOf, payout, refunded, settled, sold } from './testing/events.ts'
import { appOf, asker, failures, openStage, type Reply, type Stage } from './testing/stage.ts'

let stage: Stage
let ask: (who: string, path: string) => Promise<Reply>

const merchants = ['1', '2', '3', '4', 'acme'] as const
const payments = 240
const payouts = 25

/** Few moments for many payments, so that pages begin and end among equals. */
const moment = (n: number): string => new Date(Date.UTC(2025, 4, 30) + Math.floor(n / 40) * 43_200_000).toISOString()

const sell = async (n: number): Promise<void> => {
  const sale = {
    name: `sale ${n}`,
    merchantId: merchants[n % merchants.length] ?? '',
    amount: BigInt(100 + n),
    currency: n % 3 === 0 ? 'EUR' : 'INR',
  }
  const stream = paymentStream(idOf('pay', sale.name))
  await stage.record(stream, moment(n), ...sold(sale))
  if (n % 4 === 0) await stage.record(stream, moment(n), ...refunded(sale, 10n))
}

beforeAll(async () => {
  stage = await openStage()
  ask = asker(appOf(stage.deps))
  for (let n = 0; n < payments; n++) await sell(n)
  for (let n = 0; n < payouts; n++) {
    const merchantId = merchants[n % merchants.length] ?? ''
    const { reserved, sent } = payout(`payout ${n}`, merchantId, 5n)
    const sums = { gross: 1n, refunds: 0n, disputes: 0n, fees: 0n, net: 1n }
    await stage.record(merchantStream(merchantId), moment(n), settled(`st ${n}`, merchantId, sums, '0', '1'), reserved)
    await stage.record(payoutStream(idOf('po', `payout ${n}`)), moment(n), ...sent)
  }
  await stage.caughtUp()
})
afterAll(async () => {
  await stage.close()
  expect(failures).toEqual([])
})

type Entry = Readonly<Record<string, unknown>>

const walk = async (who: string, path: string, limit: number, between?: () => Promise<void>): Promise<Entry[]> => {
  const all: Entry[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { status, body } = await ask(who, `${path}limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`)
    expect(status).toBe(200)
    if (body['nextCursor'] !== null) expect(body.data).toHaveLength(limit)
    all.push(...body.data)
    cursor = body['nextCursor'] as string | null
    await between?.()
  }
  return all
}

test.each([
  ['finance', '/v1/payments?', payments],
  ['finance', '/v1/payments?status=captured&', (payments * 3) / 4],
  ['merchant acme', '/v1/payments?', payments / 5],
  ['finance', '/v1/payments?from=2025-05-31&to=2025-06-01T12:00:00Z&', 120],
  ['finance', '/v1/payouts?', payouts],
  ['finance', '/v1/settlements?', payouts],
  ['finance', '/v1/balances?', merchants.length * 2],
  ['finance', '/v1/reports/daily?', 30],
  ['finance', '/v1/ledger/entries?', payments * 6 + (payments / 4) * 2 + payouts * 4],
  ['merchant 3', '/v1/ledger/entries?account=merchantPending&', (payments / 5) * 3 + payments / 20 + payouts / 5],
])('%s walks %s to its end', async (who, path, count) => {
  const { body } = await ask(who, `${path}limit=1000`)
  const whole = body['nextCursor'] === null ? body.data : await walk(who, path, 1_000)
  expect(whole).toHaveLength(count)
  for (const limit of [1_000, 100, 7].filter((each) => count / each < 60))
    expect(await walk(who, path, limit)).toEqual(whole)
})

test('a list that grows meanwhile gives everything that was there, once, in its order', async () => {
  const before = await walk('finance', '/v1/payments?', 1_000)
  let n = payments
  const seen = await walk('finance', '/v1/payments?', 13, async () => {
    await sell(n++)
    await stage.caughtUp()
  })
  expect(n).toBeGreaterThan(payments + 15)
  expect(seen.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
})

test('newest first', async () => {
  const order = (await walk('finance', '/v1/payments?', 50)).map(
    ({ createdAt, id }) => `${String(createdAt)} ${String(id)}`,
  )
  expect(order).toEqual(order.toSorted().reverse())
})

test("a payment's events are paged from revision 0", async () => {
  const events = await walk('auditor', `/v1/payments/${idOf('pay', 'sale 0')}/events?`, 2)
  expect(events.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4])
})

test.each(['/v1/payments?', '/v1/payouts?', '/v1/balances?', '/v1/ledger/entries?', '/v1/reports/daily?'])(
  'cursors of other lists, and damaged ones, are refused: %s',
  async (path) => {
    const { body } = await ask('finance', `${path}limit=2`)
    const cursor = String(body['nextCursor'])
    const damaged = `${cursor.slice(0, -4)}${cursor.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`
    const foreign = [
      `${path}merchantId=1&cursor=${cursor}`,
      `/v1/settlements?cursor=${cursor}`,
      `${path}cursor=${damaged}`,
      `${path}cursor=${cursor}=`,
      `${path}cursor=${Buffer.from('1 x 1').toString('base64url')}`,
      `${path}cursor=`,
    ]
    for (const each of foreign) {
      const answer = await ask('finance', each)
      expect([each, answer.status, answer.body['code']]).toEqual([each, 400, 'invalidCursor'])
    }
    expect((await ask('merchant 1', `${path}cursor=${cursor}`)).body['code']).toBe('invalidCursor')
    expect((await ask('finance', `${path}limit=3&cursor=${cursor}`)).status).toBe(200)
  },
)

import { afterAll, beforeAll, expect, test } from 'vitest'
import { paymentStream, payoutStream } from '../domain/event.ts'
import type { Position } from '../domain/position.ts'
import { declined, idOf, payout, refunded, type Sale, sold } from './testing/events.ts'
import { appOf, asker, failures, openStage, type Reply, type Stage } from './testing/stage.ts'
import { mostLookedAt } from './transactions-as-of.ts'

let stage: Stage
let ask: (who: string, path: string) => Promise<Reply>
let then: Position

const early = Array.from({ length: 60 }, (_, n) => n)
const late = Array.from({ length: 400 }, (_, n) => n)
const saleOf = (name: string): Sale => ({ name, merchantId: '1042', amount: 500n })
const paymentOf = (name: string) => paymentStream(idOf('pay', name))
/** So that what came later stands between what was there already: by the clock nobody can tell. */
const minute = (n: number): string => new Date(Date.UTC(2025, 5, 1, 0, n)).toISOString()

const sell = (name: string, n: number): Promise<Position> => {
  const events = n % 3 === 0 ? declined(saleOf(name)) : sold(saleOf(name))
  return stage.record(paymentOf(name), minute(n), ...events)
}
const payOut = (name: string, n: number): Promise<Position> =>
  stage.record(payoutStream(idOf('po', name)), minute(n), ...payout(name, '1042', 10n).sent)

beforeAll(async () => {
  stage = await openStage()
  ask = asker(appOf(stage.deps))
  await Promise.all(early.flatMap((n) => [sell(`early ${n}`, n * 10), payOut(`early ${n}`, n * 10)]))
  then = await stage.log.head()
  const refund = (n: number) =>
    stage.record(paymentOf(`early ${n}`), minute(600), ...refunded(saleOf(`early ${n}`), 5n))
  await Promise.all([
    ...late.flatMap((n) => [sell(`late ${n}`, n), payOut(`late ${n}`, n)]),
    ...early.filter((n) => n % 3 === 1).map(refund),
  ])
  await stage.caughtUp()
})
afterAll(async () => {
  await stage.close()
  expect(failures).toEqual([])
})

/** All ids of a list, of which each page but the last has to be full. */
const walk = async (path: string, limit: number): Promise<readonly unknown[]> => {
  const ids: unknown[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const more: string = cursor === '' ? '' : `&cursor=${cursor}`
    const { status, body } = await ask('finance', `${path}limit=${limit}&asOf=${then}${more}`)
    expect(status).toBe(200)
    cursor = body['nextCursor'] as string | null
    if (cursor === null) expect(body.data.length).toBeGreaterThan(0)
    else expect(body.data).toHaveLength(limit)
    ids.push(...body.data.map(({ id }) => id))
  }
  return ids
}

test.each([
  ['/v1/payments?', 'pay', early],
  ['/v1/payments?status=captured&', 'pay', early.filter((n) => n % 3 > 0)],
  ['/v1/payments?status=declined&merchantId=1042&', 'pay', early.filter((n) => n % 3 === 0)],
  ['/v1/payments?status=captured&from=2025-06-01T02:00:00Z&', 'pay', early.filter((n) => n % 3 > 0 && n >= 12)],
  ['/v1/payouts?', 'po', early],
  ['/v1/payouts?status=sent&', 'po', early],
])('pages of %s are full until the last, whatever came later', async (path, prefix, those) => {
  const expected = those.toReversed().map((n) => idOf(prefix, `early ${n}`))
  for (const limit of [7, 20, 1_000]) expect(await walk(path, limit)).toEqual(expected)
})

test('where more than is looked at for a page came later, pages are short and the list goes on', async () => {
  const schema = stage.deps.shards.of('1042')
  await stage.pool.query(
    `insert into ${schema}.payments
     select gen_random_uuid(), '1042', 'captured', 'upi', 'sandbox', null, 'INR', 1, at, at, 2, 0, 1000000, null, null, '{}', null
     from (select timestamptz '2025-06-01 00:00:01Z' as at from generate_series(1, ${2 * mostLookedAt})) made`,
  )
  const pages: (readonly unknown[])[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const more: string = cursor === '' ? '' : `&cursor=${cursor}`
    const { body } = await ask('finance', `/v1/payments?to=2025-06-01T00:01:00Z&asOf=${then}${more}`)
    pages.push(body.data.map(({ id }) => id))
    cursor = body['nextCursor'] as string | null
  }
  expect(pages).toEqual([[], [], [idOf('pay', 'early 0')]])
})

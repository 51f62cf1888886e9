import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordedEvent } from '../domain/event.ts'
import { eventTypes } from '../domain/event-types.ts'
import { accounts } from '../domain/posting.ts'
import { randomLog } from '../projections/testing/random-log.ts'
import { type Random, randomFrom } from '../projections/testing/random.ts'
import { createFold, type Fold } from './testing/fold.ts'
import { appOf, asker, failures, openStage, type Reply, type Stage } from './testing/stage.ts'

const seed = 62
/** `TEST_AS_OF_PAIRS`; `npm run as-of-check` asks 10,000 of a history of any length. */
const pairs = Number(process.env['TEST_AS_OF_PAIRS'] ?? 3_000)
const atOnce = 8
const merchants = ['1042', '7', '8', 'shop_a', 'shop-b']

let stage: Stage
let ask: (who: string, path: string, headers?: Readonly<Record<string, string>>) => Promise<Reply>
let log: readonly RecordedEvent[] = []

beforeAll(async () => {
  // Periods of 4, 128 and 32,768 sequences.
  stage = await openStage(1 / 64)
  ask = asker(appOf(stage.deps))
  log = randomLog(seed, 12_000, merchants)
  // In their order without waiting for each: the log takes appends in the order in which they come.
  await Promise.all(
    log.map((event) => stage.log.append(event.stream, event.revision === 0 ? 'none' : event.revision - 1, [event])),
  )
  await stage.caughtUp()
}, 300_000)
afterAll(async () => {
  await stage.close()
  expect(failures).toEqual([])
})

/** A question about what was at a position, and what a fold says. */
type Question = { readonly path: string; readonly expected: (fold: Fold) => unknown }

const data = (rows: readonly unknown[]): unknown => ({ status: 200, data: rows })

const random = (choose: Random): Question => {
  const merchant = choose.pick(merchants) ?? ''
  const kind = choose.below(100)
  if (kind < 60) {
    const event = choose.pick(log)
    const [, type = '', transaction = ''] = /^(payment|payout)-(.+)$/.exec(event?.stream ?? '') ?? []
    if (type !== '')
      return {
        path: `/v1/${type}s/${transaction}?`,
        expected: (fold) => {
          const was = fold.transaction(transaction)
          return was === undefined ? { status: 404 } : { status: 200, body: JSON.parse(JSON.stringify(was)) }
        },
      }
  }
  if (kind < 75)
    return {
      path: `/v1/balances?merchantId=${merchant}&`,
      expected: (fold) => data(fold.balances(merchant)),
    }
  if (kind < 80) return { path: '/v1/ledger/trial-balance?', expected: (fold) => data(fold.accounts()) }
  if (kind < 85)
    return {
      path: `/v1/ledger/trial-balance?merchantId=${merchant}&`,
      expected: (fold) => data(fold.accounts(merchant)),
    }
  if (kind < 92)
    return {
      path: `/v1/reports/daily?limit=1000&merchantId=${merchant}&`,
      expected: (fold) => data(fold.days(merchant)),
    }
  if (kind < 94)
    return {
      path: `/v1/settlements?limit=1000&merchantId=${merchant}&`,
      expected: (fold) => ({ status: 200, ids: fold.settlements(merchant) }),
    }
  const account = choose.pick(accounts) ?? ''
  return {
    path: `/v1/ledger/entries?limit=20&merchantId=${merchant}&account=${account}&`,
    expected: (fold) => data(fold.entries(merchant, account).slice(0, 20)),
  }
}

const seenOf = ({ status, body }: Reply, expected: unknown): unknown => {
  if (status !== 200) return { status }
  if (body.data === undefined) return { status, body }
  const ids = (expected as { readonly ids?: unknown }).ids
  return ids === undefined ? { status, data: body.data } : { status, ids: body.data.map(({ id }) => id) }
}

test('the log has everything in it', () => {
  const rare = [
    'FeeScheduleSet',
    'GatewayPreferenceSet',
    'ApiKeyIssued',
    'ApiKeyRevoked',
    'PersonalDataForgotten',
    'ParkedStreamDiscarded',
  ]
  const types = new Set(log.map(({ type }) => type))
  expect(eventTypes.filter((type) => !types.has(type) && !rare.includes(type))).toEqual([])
  expect(log.length).toBeGreaterThan(5_000)
})

test(`what was is what a fold up to then gives, for ${pairs} questions`, async () => {
  const choose = randomFrom(seed)
  const questions = Array.from({ length: pairs }, () => ({
    ...random(choose),
    position: choose.below(log.length + 1),
  })).sort((one, other) => one.position - other.position)
  const fold = createFold()
  let seen = 0
  for (let from = 0; from < questions.length; from += atOnce) {
    const asked = questions.slice(from, from + atOnce).map(({ path, position, expected }) => {
      for (; seen < position; seen++) {
        const event = log[seen]
        if (event !== undefined) fold.see(event)
      }
      return { path: `${path}asOf=${position}`, position, expected: expected(fold) }
    })
    const replies = await Promise.all(asked.map(({ path }) => ask('auditor', path)))
    for (const [index, { path, position, expected }] of asked.entries()) {
      const reply = replies[index]
      if (reply === undefined) throw new Error('no answer')
      expect({ path, ...(seenOf(reply, expected) as object) }).toEqual({ path, ...(expected as object) })
      expect(reply.headers.get('Daybook-Position')).toBe(String(position))
    }
  }
}, 580_000)

import { expect, test } from 'vitest'
import { lineOf } from './line.ts'

test('a line leaves out when and where a row was recorded, in documents too, and nothing else', () => {
  const row = {
    id: 'a',
    amount: 900719925474099312n,
    created_at: new Date(0),
    log: 0,
    sequence: 7n,
    since: null,
    document: '{"id":"pay_a","createdAt":"1970","captures":[{"id":"cap_1","createdAt":"1970","amount":5}]}',
  }
  expect(lineOf('payments', row)).toBe(
    '{"id":"a","amount":"900719925474099312","document":{"id":"pay_a","captures":[{"id":"cap_1","amount":5}]}}',
  )
})

test('days are kept, and what is null', () => {
  expect(lineOf('merchant_daily_totals', { day: new Date(0), customer_id: null })).toBe(
    '{"day":"1970-01-01T00:00:00.000Z","customer_id":null}',
  )
})

test('an id that names a call or a position is left out where it does, and only there', () => {
  expect(lineOf('journal', { event_id: 'e', transaction_id: 'pay_a' })).toBe('{"transaction_id":"pay_a"}')
  expect(lineOf('settlements', { id: 's', net: 5n })).toBe('{"net":"5"}')
  expect(lineOf('payouts', { id: 'p' })).toBe('{"id":"p"}')
})

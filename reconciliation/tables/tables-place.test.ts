import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RecordedEvent } from '../../domain/event.ts'
import { sequenceIn } from '../../domain/position.ts'
import { shardOf } from '../../infra/postgres/shards.ts'
import { memoryLog } from '../../projections/testing/memory-log.ts'
import { expectModels } from '../../projections/testing/expect-models.ts'
import { randomLog } from '../../projections/testing/random-log.ts'
import { runToHead, shortStride } from '../../projections/testing/run-to-head.ts'
import { startTestReadModels, type TestReadModels } from '../../projections/testing/test-read-models.ts'
import type { Difference } from '../difference.ts'
import { isSame } from '../digest.ts'
import type { Place } from '../place.ts'
import { readPage } from '../read-page.ts'
import { tablesPlace } from './tables-place.ts'

const log = randomLog(11, 2_500, ['1042', '7'])
const streams = new Map<string, RecordedEvent[]>()
for (const event of log) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event])
const reader = {
  ...memoryLog(log),
  streamFrom: async (name: string, from: number) => (streams.get(name) ?? []).slice(from),
}
const shard = shardOf('1042', 3)
const head = sequenceIn(await reader.head(), 0)

let models: TestReadModels
let place: Place
beforeAll(async () => {
  models = await startTestReadModels(3)
  await models.empty()
  await runToHead(models.server, reader)
  place = tablesPlace({
    servers: [models.server],
    streams: reader,
    partOf: () => 0,
    logs: 1,
    stride: shortStride,
  })
})
afterAll(() => models.stop())

/** Everything that a round finds. */
const round = async (): Promise<readonly Difference[]> => {
  const found: Difference[] = []
  for (let after = 0; after < head; ) {
    const page = await readPage(reader, 0, after, head)
    const { differences, parts } = await place.compare(page)
    found.push(...differences)
    if (differences.length === 0)
      for (const { expected, found: there } of parts) expect(isSame(expected, there)).toBe(true)
    after = page.upTo
  }
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const piece = await place.strays(after)
    found.push(...piece.differences)
    after = piece.next
  }
  return found
}

const change = async (text: string): Promise<Record<string, unknown>> => {
  const { rows, rowCount } = await models.pool.query<Record<string, unknown>>(text)
  expect(rowCount).toBe(1)
  return rows[0] ?? {}
}

test('what the projections have written is what is expected, in every part of it', async () => {
  expect(await round()).toEqual([])
  expect(await place.reached()).toBe(String(head))
})

const aPayment = `(select id from ${shard}.payments order by id limit 1 offset 3)`
const aPayout = `(select id from ${shard}.payouts order by id limit 1)`
const anEntry = `(select sequence from ${shard}.journal order by sequence limit 1 offset 5)`
const copyOf = (table: string, changed: string, columns: string, where: string): string =>
  `insert into ${table} (${columns}) select ${changed} from ${table} where ${where} returning *`
const paymentColumns =
  'merchant_id, status, method, gateway, customer_id, currency, amount, updated_at, revision, log, document'
const entryColumns = 'log, event_id, kind, transaction_id, merchant_id, currency, to_settle, accounts, layers, amounts'

describe('by hand', () => {
  test.each<[string, string, Partial<Difference>]>([
    ['a payment lost', `delete from ${shard}.payments where id = ${aPayment}`, { kind: 'lost', record: 'payment' }],
    [
      'a payment altered',
      `update ${shard}.payments set amount = amount + 1 where id = ${aPayment}`,
      { kind: 'altered', record: 'payment' },
    ],
    [
      'a payment with another document',
      `update ${shard}.payments set document = replace(document, 'INR', 'EUR') || ' ' where id = ${aPayment}`,
      { kind: 'altered', record: 'payment' },
    ],
    [
      'a payment said to be of a later event',
      `update ${shard}.payments set revision = revision + 50, sequence = sequence + 100000 where id = ${aPayment}`,
      { kind: 'altered', record: 'payment' },
    ],
    [
      'a payment doubled',
      copyOf(
        `${shard}.payments`,
        `id, created_at + interval '1 second', sequence, ${paymentColumns}`,
        `id, created_at, sequence, ${paymentColumns}`,
        `id = ${aPayment}`,
      ),
      { kind: 'doubled', record: 'payment' },
    ],
    [
      'a payment that nobody made',
      copyOf(
        `${shard}.payments`,
        `'00000000-0000-4000-8000-00000000abcd', created_at, sequence, ${paymentColumns}`,
        `id, created_at, sequence, ${paymentColumns}`,
        `id = ${aPayment}`,
      ),
      { kind: 'ahead', record: 'payment', stream: 'payment-pay_0000000000004000800000000000abcd' },
    ],
    [
      'a payout altered',
      `update ${shard}.payouts set status = 'settled ' where id = ${aPayout}`,
      { kind: 'altered', record: 'payout' },
    ],
    ['a payout lost', `delete from ${shard}.payouts where id = ${aPayout}`, { kind: 'lost', record: 'payout' }],
    ['an entry lost', `delete from ${shard}.journal where sequence = ${anEntry}`, { kind: 'lost', record: 'journal' }],
    [
      'an entry altered',
      `update ${shard}.journal set amounts = array[amounts[2], amounts[1]] where sequence = ${anEntry}`,
      { kind: 'altered', record: 'journal' },
    ],
    [
      'an entry doubled at another time',
      copyOf(
        `${shard}.journal`,
        `sequence, recorded_at + interval '1 hour', ${entryColumns}`,
        `sequence, recorded_at, ${entryColumns}`,
        `sequence = ${anEntry}`,
      ),
      { kind: 'doubled', record: 'journal' },
    ],
    [
      'an entry of no event',
      copyOf(
        `${shard}.journal`,
        `sequence + 1000000, recorded_at, ${entryColumns}`,
        `sequence, recorded_at, ${entryColumns}`,
        `sequence = ${anEntry}`,
      ),
      { kind: 'ahead', record: 'journal' },
    ],
    [
      'a balance altered',
      `update ${shard}.account_balances set debit = debit + 1 where merchant_id = '1042' and account = 'fees' and currency = (select min(currency) from ${shard}.account_balances where merchant_id = '1042' and account = 'fees')`,
      { kind: 'altered', record: 'balances', stream: 'merchant-1042' },
    ],
  ])('%s is found, located and repaired', async (_, tampering, expected) => {
    await change(`${tampering} ${/returning/.test(tampering) ? '' : 'returning *'}`)
    const found = await round()
    expect(
      new Set(found.map(({ kind, record, stream, part }) => JSON.stringify({ kind, record, stream, part }))).size,
    ).toBe(1)
    expect(found[0]).toMatchObject({ where: 'postgres', ...expected })
    for (const difference of found) expect(await place.repair(difference)).toBe('made')
    expect(await round()).toEqual([])
  })

  test('and in the end everything is a fold of the log', () => expectModels(models.server, log))
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RecordedEvent } from '../../domain/event.ts'
import { sequenceIn } from '../../domain/position.ts'
import { shardOf } from '../../infra/postgres/shards.ts'
import { journalProjection } from '../../projections/journal/journal.ts'
import { paymentsProjection } from '../../projections/payments/payments.ts'
import { payoutsProjection } from '../../projections/payouts/payouts.ts'
import { periodsProjection } from '../../projections/periods/periods.ts'
import { dumpCopy } from '../../projections/testing/dump-copy.ts'
import { memoryLog } from '../../projections/testing/memory-log.ts'
import { expectModels } from '../../projections/testing/expect-models.ts'
import { randomLog } from '../../projections/testing/random-log.ts'
import { runToHead, shortStride } from '../../projections/testing/run-to-head.ts'
import { startTestReadModels, type TestReadModels } from '../../projections/testing/test-read-models.ts'
import type { Difference } from '../difference.ts'
import { isSame } from '../digest.ts'
import { type Place, wrongOf } from '../place.ts'
import { readPage } from '../read-page.ts'
import { tablesPlace } from './tables-place.ts'

const log = randomLog(11, 1_000, ['1042', '7'])
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
/** All that the projections have written. */
let fresh: string
beforeAll(async () => {
  models = await startTestReadModels(3)
  await models.empty()
  await runToHead(models.server, reader)
  place = tablesPlace({
    servers: [models.server],
    streams: reader,
    partOf: () => 0,
    logs: [reader],
    stride: shortStride,
  })
  fresh = await dump()
})
afterAll(() => models.stop())

const projections = [journalProjection(), paymentsProjection(), payoutsProjection(), periodsProjection(shortStride)]
const dump = async (): Promise<string> =>
  (await Promise.all(projections.map((each) => dumpCopy(models.server, each, 1)))).join('')

/** Everything that a round finds. */
const round = async (): Promise<readonly Difference[]> => {
  const found: Difference[] = []
  const wrong = new Set<string>()
  for (let after = 0; after < head; ) {
    const page = await readPage(reader, 0, after, head)
    const { differences, parts } = await place.compare(page)
    found.push(...differences)
    for (const each of differences) wrong.add(wrongOf(each))
    if (differences.length === 0)
      for (const { expected, found: there } of parts) expect(isSame(expected, there)).toBe(true)
    after = page.upTo
  }
  return [...found, ...(await rows(wrong))]
}

/** What walking through the rows finds. */
const rows = async (wrong: Set<string>): Promise<readonly Difference[]> => {
  const found: Difference[] = []
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const piece = await place.strays(after, wrong)
    found.push(...piece.differences)
    for (const each of piece.differences) wrong.add(wrongOf(each))
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
const aSettlement = `(select id from ${shard}.settlements where merchant_id = '1042' order by id limit 1)`
const anOpenPayout = `(select payout_id from ${shard}.open_payouts order by payout_id limit 1)`
const settlementColumns =
  'merchant_id, currency, gross, refunds, disputes, fees, net, payments, from_position, to_position, created_at, log'
const aDay = `(day, currency) = (select day, currency from ${shard}.merchant_daily_totals where merchant_id = '1042' order by 1, 2 limit 1 offset 3)`
const aPeriod = (size: number): string => `size = ${size} and first = ${size === 128 ? 256 : 0} and currency = 'INR'`
const aPeriodDay = (size: number): string =>
  `${aPeriod(size)} and day = (select min(day) from ${shard}.period_daily_totals where merchant_id = '1042' and ${aPeriod(size)})`
const aTime = (size: number): string =>
  `size = ${size} and first = (select first from ${shard}.period_times where size = ${size} order by first limit 1 offset ${size === 32_768 ? 0 : 3})`
/** What a column is set to, as SQL of a JSON object. */
const jsonOf = (set: string): string => {
  const [column = '', value = ''] = set.split(' = ')
  return `jsonb_build_object('${column}', ${value})`
}
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
    [
      'a settlement altered',
      `update ${shard}.settlements set net = net + 1 where id = ${aSettlement}`,
      { kind: 'altered', record: 'settlement', stream: 'merchant-1042' },
    ],
    [
      'a settlement lost',
      `delete from ${shard}.settlements where id = ${aSettlement}`,
      { kind: 'lost', record: 'settlement' },
    ],
    [
      'a settlement doubled',
      copyOf(
        `${shard}.settlements`,
        `'00000000-0000-4000-8000-00000000abcd', sequence, ${settlementColumns}`,
        `id, sequence, ${settlementColumns}`,
        `id = ${aSettlement}`,
      ),
      { kind: 'doubled', record: 'settlement' },
    ],
    [
      'a settlement of no event',
      copyOf(
        `${shard}.settlements`,
        `'00000000-0000-4000-8000-00000000abcd', 1000000, ${settlementColumns}`,
        `id, sequence, ${settlementColumns}`,
        `id = ${aSettlement}`,
      ),
      { kind: 'ahead', record: 'settlement', stream: 'merchant-1042', sequence: 1_000_000 },
    ],
    [
      'an open payout with another time',
      `update ${shard}.open_payouts set since = since - interval '1 second' where payout_id = ${anOpenPayout}`,
      { kind: 'altered', record: 'openPayout' },
    ],
    [
      'an open payout that waits for more',
      `update ${shard}.open_payouts set waiting = 2 where payout_id = ${anOpenPayout}`,
      { kind: 'altered', record: 'openPayout' },
    ],
    [
      'an open payout lost',
      `delete from ${shard}.open_payouts where payout_id = ${anOpenPayout}`,
      { kind: 'lost', record: 'openPayout' },
    ],
    [
      'a payout that does not wait, as if it did',
      `insert into ${shard}.open_payouts select id, merchant_id, created_at, 1 from ${shard}.payouts where id = (select id from ${shard}.payouts where status = 'settled' limit 1)`,
      { kind: 'ahead', record: 'openPayout' },
    ],
    [
      'an open payout that nobody made',
      `insert into ${shard}.open_payouts values ('00000000-0000-4000-8000-00000000abcd', '1042', now(), 1)`,
      { kind: 'ahead', record: 'openPayout', stream: 'payout-po_0000000000004000800000000000abcd' },
    ],
    ...(
      [
        ['balances', 'account_balances', 'debit', `account = 'fees' and currency = 'USD'`, `currency = 'EUR'`],
        ['dailyTotals', 'merchant_daily_totals', 'fees_count', aDay, `currency = 'EUR'`],
        ['periodTotals', 'period_totals', 'posted_fees_debit', aPeriod(128), `currency = 'EUR'`],
        ['periodTotals', 'period_totals', 'posted_fees_debit', aPeriod(32_768), `currency = 'EUR'`],
        ['periodTotals', 'period_totals', 'posted_fees_debit', aPeriod(128), 'size = 7'],
        ['periodTotals', 'period_totals', 'posted_fees_debit', aPeriod(128), 'first = 5'],
        ['periodTotals', 'period_totals', 'posted_fees_debit', aPeriod(128), 'first = 1280000'],
        ['periodTotals', 'period_totals', 'posted_fees_debit', aPeriod(128), `merchant_id = 'nobody'`],
        ['periodDailyTotals', 'period_daily_totals', 'fees_count', aPeriodDay(128), `day = '2020-02-02'`],
        ['periodDailyTotals', 'period_daily_totals', 'fees_count', aPeriodDay(32_768), `currency = 'EUR'`],
      ] as const
    ).flatMap(([record, table, column, where, other]): [string, string, Partial<Difference>][] => [
      [
        `${column} of ${table} (${where}) altered`,
        `update ${shard}.${table} set ${column} = ${column} + 1 where merchant_id = '1042' and ${where}`,
        { kind: 'altered', record, stream: 'merchant-1042' },
      ],
      [
        `a row of ${table} (${where}) lost`,
        `delete from ${shard}.${table} where merchant_id = '1042' and ${where}`,
        { kind: 'lost', record, stream: 'merchant-1042' },
      ],
      [
        `a row of ${table} (${where}) as another (${other})`,
        `with other as (select * from ${shard}.${table} where merchant_id = '1042' and ${where})
         insert into ${shard}.${table}
         select (jsonb_populate_record(null::${shard}.${table}, to_jsonb(other) || ${jsonOf(other)})).* from other`,
        { kind: 'ahead', record, stream: other.includes('nobody') ? 'merchant-nobody' : 'merchant-1042' },
      ],
    ]),
    [
      'the sum of all merchants altered',
      `update ${shard}.period_totals set posted_fees_debit = 7 where merchant_id = '' and ${aPeriod(128)}`,
      { kind: 'altered', record: 'periodTotals', stream: 'merchant-', sequence: 256, key: '128 INR' },
    ],
    ...[4, 128, 32_768].flatMap((size): [string, string, Partial<Difference>][] => [
      [
        `the times of a period of ${size} altered`,
        `update ${shard}.period_times set latest = latest + interval '1 second' where ${aTime(size)}`,
        { kind: 'altered', record: 'periodTimes', key: String(size) },
      ],
      [
        `the times of a period of ${size} lost`,
        `delete from ${shard}.period_times where ${aTime(size)}`,
        { kind: 'lost', record: 'periodTimes', key: String(size) },
      ],
      [
        `the times of no period of ${size}`,
        `insert into ${shard}.period_times select log, size, first + ${size} * 100000::bigint, earliest, latest, last from ${shard}.period_times where ${aTime(size)}`,
        { kind: 'ahead', record: 'periodTimes', key: String(size) },
      ],
    ]),
    [
      'the last event of the last period',
      `update ${shard}.period_times set last = last + 1 where size = 4 and first = (select max(first) from ${shard}.period_times where size = 4)`,
      { kind: 'altered', record: 'periodTimes', key: '4' },
    ],
  ])('%s is found, located and repaired', async (_, tampering, expected) => {
    await change(`${tampering} ${/returning/.test(tampering) ? '' : 'returning *'}`)
    const found = await round()
    expect(
      new Set(found.map(({ kind, record, stream, part }) => JSON.stringify({ kind, record, stream, part }))).size,
    ).toBe(1)
    expect(found[0]).toMatchObject({ where: 'postgres', ...expected })
    for (const difference of found) expect(await place.repair(difference, new Set())).toBe('made')
    expect(await round()).toEqual([])
    expect(await dump()).toBe(fresh)
  })

  test('what is summed from a lost row is made again after it', async () => {
    const row = await change(`delete from ${shard}.journal where sequence = ${anEntry} returning *`)
    const merchant = `merchant_id = '${String(row['merchant_id'])}'`
    const other = `${merchant} and (account, currency, layer) = (select account, currency, layer from ${shard}.account_balances where ${merchant} limit 1)`
    await change(`update ${shard}.account_balances set debit = debit + 1 where ${other}`)
    const [lost, ...more] = await round()
    if (lost === undefined) throw new Error('nothing was found')
    expect(lost).toMatchObject({ kind: 'lost', record: 'journal' })
    expect(more).toEqual([])

    const balances: Difference = {
      ...lost,
      kind: 'altered',
      record: 'balances',
      stream: `merchant-${String(row['merchant_id'])}`,
    }
    expect(await place.repair(balances, new Set([wrongOf(lost)]))).toBe('failed')
    expect(await place.repair(lost, new Set([wrongOf(lost)]))).toBe('made')
    const found = await round()
    expect(found.map(({ kind, record }) => `${kind} ${record}`)).toEqual(['altered balances'])
    for (const difference of found) expect(await place.repair(difference, new Set())).toBe('made')
    expect(await dump()).toBe(fresh)
  })

  test('a row that was changed after its page was compared is found by its sums, which are right', async () => {
    await change(`delete from ${shard}.journal where sequence = ${anEntry} returning *`)
    const found = await rows(new Set())
    expect(found.map(({ kind, record }) => `${kind} ${record}`)).toEqual(['lost journal'])
    for (const difference of found) expect(await place.repair(difference, new Set())).toBe('made')
    expect(await dump()).toBe(fresh)
  })

  test('sums that were all changed in the same way are found in one round', async () => {
    const of = `merchant_id = '1042' and currency = 'INR'`
    await change(
      `update ${shard}.period_totals set posted_fees_debit = 7 where ${of} and size = 128 and first = 256 returning *`,
    )
    await change(`update ${shard}.period_totals set posted_fees_debit = 7 where ${of} and size = 32768 returning *`)
    await change(`update ${shard}.account_balances set debit = debit + 7 where ${of} and account = 'fees' returning *`)
    const found = await round()
    expect(found.map(({ kind, record, key }) => `${kind} ${record} ${key}`)).toEqual([
      'altered periodTotals 128 INR',
      'altered periodTotals 32768 INR',
      'altered balances fees INR posted',
    ])
    for (const difference of found) expect(await place.repair(difference, new Set())).toBe('made')
    expect(await dump()).toBe(fresh)
  })

  test('and in the end everything is a fold of the log', () => expectModels(models.server, log))
})

import { expect } from 'vitest'
import type { RecordedEvent } from '../../domain/event.ts'
import { isPaymentEvent } from '../../domain/event-types.ts'
import { postings } from '../../domain/postings.ts'
import type { ReadModelServer } from '../read-model-store.ts'

type Row = Readonly<Record<string, unknown>>

const tables = ['period_balances', 'period_daily_totals', 'period_times'] as const

const total = (event: RecordedEvent): Readonly<Record<string, bigint>> => {
  if (event.type === 'PaymentAuthorized') return { authorized_count: 1n, authorized_amount: event.data.amount }
  if (event.type === 'PaymentIncremented') return { authorized_amount: event.data.added }
  if (event.type === 'PaymentRefunded') return { refunded_count: 1n, refunded_amount: event.data.amount }
  if (event.type === 'PaymentDisputeOpened') return { disputed_count: 1n, disputed_amount: event.data.amount }
  if (event.type !== 'PaymentCaptured') return {}
  const fees = event.data.fee > 0n ? { fees_count: 1n, fees_amount: event.data.fee } : {}
  return { captured_count: 1n, captured_amount: event.data.amount, ...fees }
}

const linesOf = (rows: Iterable<Row>): string[] =>
  Array.from(rows, (row) =>
    JSON.stringify(
      Object.entries(row)
        .filter(([, value]) => String(value) !== '0')
        .map(([name, value]) => `${name} ${value instanceof Date ? value.toISOString() : String(value)}`)
        .sort(),
    ),
  ).sort()

/** Adds to the row of a key, one event after another. */
const adding = () => {
  const rows = new Map<string, Record<string, unknown>>()
  return {
    rows,
    add: (key: Row, added: Readonly<Record<string, bigint>>): void => {
      const name = Object.values(key).join(' ')
      const row = rows.get(name) ?? { ...key }
      for (const [column, amount] of Object.entries(added)) row[column] = BigInt((row[column] ?? 0n) as bigint) + amount
      rows.set(name, row)
    },
  }
}

const sums = [128, 32_768]
const times = [4, ...sums]

const expected = (server: ReadModelServer, log: readonly RecordedEvent[]): readonly string[][] => {
  const [balances, days] = [adding(), adding()]
  const recorded = new Map<string, Row & { earliest: string; latest: string; last: number }>()
  for (const event of log) {
    const { log: of, sequence, recordedAt: at, metadata } = event
    const shard = server.shardOf(metadata.merchantId)
    const within = (size: number) => ({ shard, log: of, size, first: Math.floor(sequence / size) * size })
    for (const size of times) {
      const period = within(size)
      const key = Object.values(period).join(' ')
      const known = recorded.get(key) ?? { ...period, earliest: at, latest: at, last: sequence }
      const earliest = at < known.earliest ? at : known.earliest
      const latest = at > known.latest ? at : known.latest
      recorded.set(key, { ...known, earliest, latest, last: Math.max(known.last, sequence) })
    }
    for (const period of sums.map(within)) {
      for (const { merchantId, account, currency, layer, amount } of postings(event))
        for (const merchant_id of [merchantId, ''])
          balances.add(
            { ...period, merchant_id, account, currency, layer },
            amount > 0n ? { debit: amount } : { credit: -amount },
          )
      const added = total(event)
      if (isPaymentEvent(event) && Object.keys(added).length > 0) {
        const { merchantId: merchant_id, currency } = event.data
        days.add({ ...period, merchant_id, day: at.slice(0, 10), currency }, added)
      }
    }
  }
  return [linesOf(balances.rows.values()), linesOf(days.rows.values()), linesOf(recorded.values())]
}

/** The sums of all periods as `run-to-head.ts` makes them, and when they were, are a fold of the log. */
export const expectPeriods = async (server: ReadModelServer, log: readonly RecordedEvent[]): Promise<void> => {
  const found = await server.transaction(async (sql) => {
    const all: string[][] = []
    for (const table of tables) {
      const selects = server.shards.map((schema) => `select '${schema}' as shard, * from ${schema}.${table}`)
      all.push(linesOf(await sql.query<Row>(selects.join(' union all '), [])))
    }
    return all
  })
  expect(found).toEqual(expected(server, log))
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RecordedEvent } from '../../domain/event.ts'
import { type EventLog, openEventLog } from '../../infra/lmdb/event-log.ts'
import { randomLog } from '../../projections/testing/random-log.ts'
import { randomFrom } from '../../projections/testing/random.ts'
import { createFold, type Fold } from '../../query-side/testing/fold.ts'
import type { Logs } from '../engines/event-store.ts'
import { boundOf } from './bound.ts'
import { type Diff, diff } from './diff.ts'
import { diffJson } from './diff-json.ts'
import { diffText } from './diff-text.ts'

const merchants = ['1042', '7', 'shop_a']
const log = randomLog(71, 4_000, merchants)
let folder = ''
let store: EventLog
let logs: Logs

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-diff-'))
  store = openEventLog({ path: folder })
  logs = { all: store, each: [store], stride: 1 }
  await Promise.all(
    log.map((event) => store.append(event.stream, event.revision === 0 ? 'none' : event.revision - 1, [event])),
  )
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const foldTo = (position: number, of: (event: RecordedEvent) => boolean = () => true): Fold => {
  const fold = createFold()
  for (const event of log.slice(0, position)) if (of(event)) fold.see(event)
  return fold
}
const between = (from: string, to: string, limit = 20, merchantId?: string): Promise<Diff> => {
  const head = String(log.length)
  const bounds = { from: boundOf('--from', from, head, new Date()), to: boundOf('--to', to, head, new Date()) }
  return diff(logs, { ...bounds, merchantId, limit }, () => undefined)
}

type Sides = {
  readonly currency: string
  readonly layer: string
  readonly account: string
  readonly debit: number
  readonly credit: number
}
const sidesOf = (fold: Fold, merchantId?: string): Map<string, Sides> =>
  new Map(
    (fold.accounts(merchantId) as readonly Sides[]).map((row) => [`${row.currency} ${row.layer} ${row.account}`, row]),
  )

const ids = [...new Set(log.map(({ stream }) => stream))]
  .filter((stream) => !stream.startsWith('merchant-'))
  .map((stream) => stream.replace(/^\w+-/, ''))
const statusesOf = (fold: Fold): Map<string, string | undefined> =>
  new Map(ids.map((id) => [id, (fold.transaction(id) as { readonly status: string } | undefined)?.status]))

const random = randomFrom(72)
const stretches = Array.from({ length: 6 }, () => {
  const [one, other] = [random.below(log.length), random.below(log.length)]
  return { from: Math.min(one, other), to: Math.max(one, other) }
})

describe.each(stretches)('from $from to $to', ({ from, to }) => {
  test.each([undefined, '7'])('is the difference of two folds, of merchant %s', async (merchantId) => {
    const of = (event: RecordedEvent): boolean => merchantId === undefined || event.metadata.merchantId === merchantId
    const [before, after] = [foldTo(from, of), foldTo(to, of)]
    const found = await between(String(from), String(to), log.length, merchantId)
    expect([found.from, found.to]).toEqual([String(from), String(to)])

    const [was, is] = [sidesOf(before), sidesOf(after)]
    const moved = [...is].flatMap(([name, row]) => {
      const debit = row.debit - (was.get(name)?.debit ?? 0)
      const credit = row.credit - (was.get(name)?.credit ?? 0)
      return debit === 0 && credit === 0 ? [] : [[name, debit, credit]]
    })
    expect(
      found.movements.map((row) => [
        `${row.currency} ${row.layer} ${row.account}`,
        Number(row.debit),
        Number(row.credit),
      ]),
    ).toEqual(moved)
    for (const { debit, credit } of found.totals) expect(debit).toBe(credit)

    for (const change of found.merchants.first) {
      const balance = (fold: Fold): Readonly<Record<string, number>> =>
        (fold.balances(change.merchantId) as readonly Readonly<Record<string, number>>[]).find(
          ({ currency }) => String(currency) === change.currency,
        ) ?? {}
      for (const column of ['pending', 'available', 'inTransit', 'disputed'] as const)
        expect(Number(change[column])).toBe((balance(after)[column] ?? 0) - (balance(before)[column] ?? 0))
    }

    const events = new Map<string, number>()
    for (const event of log.slice(from, to).filter(of)) events.set(event.type, (events.get(event.type) ?? 0) + 1)
    expect(new Map(found.events)).toEqual(events)

    const [then, now] = [statusesOf(before), statusesOf(after)]
    const changed = ids.filter((id) => then.get(id) !== now.get(id)).map((id) => `${id} ${then.get(id)} ${now.get(id)}`)
    const listed = [...found.payments.first, ...found.payouts.first].map(
      ({ id, from: was, to: is }) => `${id} ${was} ${is}`,
    )
    expect(listed.sort()).toEqual(changed.sort())
    expect(found.payments.total + found.payouts.total).toBe(changed.length)
    const counted = [...found.payments.counts.values(), ...found.payouts.counts.values()]
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(changed.length)

    const settlements = log.slice(from, to).filter((event) => of(event) && event.type === 'SettlementRecorded')
    expect(found.settlements.total).toBe(settlements.length)
  })
})

test('an instant is where the first event stands that was recorded later', async () => {
  for (const from of [0, 100, 900]) {
    const [begin, end] = [log[from]?.recordedAt ?? '', log[from + 500]?.recordedAt ?? '']
    const position = (instant: string): string => String(log.findIndex(({ recordedAt }) => recordedAt > instant))
    const byInstant = await between(begin, end)
    expect(byInstant).toEqual(await between(position(begin), position(end)))
    expect(await between(position(begin), end)).toEqual(byInstant)
    expect(await between(begin, position(end))).toEqual(byInstant)
  }
})

test('lists are cut where they are too long, and say so', async () => {
  const found = await between('0', String(log.length), 2)
  expect(found.payments.first).toHaveLength(2)
  expect(found.payments.total).toBeGreaterThan(100)
  expect(diffText(found).some((line) => /… and [\d,]+ more/.test(line))).toBe(true)
})

test('it is told in lines and as JSON, and that it sums to zero', async () => {
  const found = await between('10', '400')
  const lines = diffText(found)
  expect(lines[0]).toBe('From 10 to 400; amounts in minor units')
  expect(lines.at(-1)).toBe('Debits equal credits in every currency and layer: the changes sum to zero.')
  for (const title of ['Accounts', 'Merchants, by how much each balance changed', 'Events', 'Payments'])
    expect(lines).toContain(title)
  const told = JSON.parse(diffJson(found))
  expect([told.from, told.to]).toEqual(['10', '400'])
  expect(told.totals.map(({ difference }: { readonly difference: number }) => difference)).toEqual(
    found.totals.map(() => 0),
  )
  expect(told.payments.total).toBe(found.payments.total)
  const broken = { ...found, totals: [{ currency: 'INR', layer: 'posted' as const, debit: 3n, credit: 2n }] }
  expect(diffText(broken).at(-1)).toMatch(/^NOT ZERO: INR, posted: debits less credits are 1\./)
})

test.each([
  ['20', '10', '--from is after --to'],
  [String(log.length), '2026-01-30', '--from is after --to'],
  ['2026-06-01', '2026-01-30', '--from is after --to'],
  ['2026-06-01', '10', '--from is after --to'],
  ['10', '99999999', '--to 99999999: the log has come to'],
  ['yesterday', '10', '--from yesterday: it is a position, or an ISO 8601 instant'],
  ['10', '9998-01-01', '--to 9998-01-01: it is in the future'],
])('from %s to %s is refused: %s', async (from, to, reason) => {
  await expect(async () => between(from, to)).rejects.toThrow(reason)
})

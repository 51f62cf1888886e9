import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { repairOrders } from '../app/reconciliation/repair-log.ts'
import { appendAll, startEventLog, type TestEventLog } from '../projections/testing/event-log.ts'
import { expectModels } from '../projections/testing/expect-models.ts'
import { type Following, startFollowing } from '../projections/testing/follow.ts'
import { randomLog } from '../projections/testing/random-log.ts'
import { shortStride } from '../projections/testing/run-to-head.ts'
import { startTestReadModels, type TestReadModels } from '../projections/testing/test-read-models.ts'
import { type Book, bookOn, type Count } from './book/book.ts'
import { compareAll } from './compare-all.ts'
import { runReconciler } from './reconciler.ts'
import { makeOrdered } from './repair.ts'
import type { State } from './state.ts'
import type { Parts } from './steps.ts'
import { tablesPlace } from './tables/tables-place.ts'

const events = randomLog(3, 1_500, ['1042', '7'])
const never = new AbortController().signal

let models: TestReadModels
let kept: TestEventLog
let following: Following | undefined
let stop: (() => Promise<void>) | undefined
let book: Book
beforeAll(async () => {
  models = await startTestReadModels(2, 8)
})
afterAll(() => models.stop())
beforeEach(async () => {
  await models.empty()
  kept = await startEventLog()
  book = bookOn(models.server)
})
afterEach(async () => {
  await stop?.()
  await following?.stop()
  ;[stop, following] = [undefined, undefined]
  await kept.stop()
})

const now = (): Date => new Date()

const partsOf = (): Parts => {
  const { log } = kept
  const place = tablesPlace({
    servers: [models.server],
    streams: log,
    partOf: () => 0,
    logs: [log],
    stride: shortStride,
  })
  const repairs = { places: [place], book, log: repairOrders(log, () => now().toISOString()) }
  const onPage: Parts['onPage'] = (page) => makeOrdered(repairs, page)
  return { logs: [log], head: () => log.head(), places: [place], book, onPage, now }
}

/** Starts a reconciler, as a process that has just begun. */
const start = () => {
  const ending = new AbortController()
  const seen: { state?: State; counts: readonly Count[]; most: number; failures: unknown[] } = {
    counts: [],
    most: 0,
    failures: [],
  }
  const quiet = { info: () => undefined, error: () => undefined }
  const done = runReconciler(
    partsOf(),
    {
      intervalMs: 100,
      restMs: () => 1,
      logger: { ...quiet, warn: ({ err }: { err?: unknown }) => void seen.failures.push(err) },
      onState: (state, counts) => {
        seen.state = state
        seen.counts = counts
        seen.most = Math.max(seen.most, ...counts.map(({ count }) => count))
      },
    },
    ending.signal,
  )
  stop = async () => {
    ending.abort()
    await done
  }
  return seen
}

const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries > 400) throw new Error('it did not come about in twenty seconds')
    await sleep(50)
  }
}
const change = (text: string) => models.pool.query(text)
const aPayment = (shard: string) => `(select id from ${shard}.payments order by id limit 1)`

test('while events are written and applied nothing is said to differ', async () => {
  following = startFollowing(models.server, kept.log)
  const seen = start()
  for (let first = 0; first < events.length; first += 50) {
    await appendAll(kept.log, events.slice(first, first + 50))
    await sleep(10)
  }
  const head = await kept.log.head()
  await until(() => seen.state?.lastRound?.position === head)
  expect([seen.most, await book.known(10)]).toEqual([0, []])
  expect(seen.failures).toEqual([])
  for (const { expected, found } of seen.state?.sums.values() ?? []) expect(found).toEqual(expected)
})

test('what was changed is found by a round, also by another reconciler, and repaired once that is in the log', async () => {
  await appendAll(kept.log, events)
  following = startFollowing(models.server, kept.log)
  const first = start()
  const head = await kept.log.head()
  await until(() => first.state?.lastRound?.position === head)
  await stop?.()

  await change(`update shard_0.payments set status = 'other' where id = ${aPayment('shard_0')}`)
  await change(`delete from shard_1.payments where id = ${aPayment('shard_1')}`)
  await change(
    'update shard_1.journal set kind = kind || 1 where sequence = (select min(sequence) from shard_1.journal)',
  )
  const second = start()
  await until(() => second.counts.reduce((sum, { count }) => sum + count, 0) === 3)
  const known = await book.known(10)
  expect(known.map(({ kind, record, part }) => `${kind} ${record} ${part}`).sort()).toEqual([
    'altered journal shard_1',
    'altered payment shard_0',
    'lost payment shard_1',
  ])

  const orders = repairOrders(kept.log, () => now().toISOString())
  const ordered = await Promise.all(known.map((each) => orders.order(each, { by: 'a test', reason: 'to see it' })))
  const again = await Promise.all(known.map((each) => orders.order(each, { by: 'another', reason: 'twice' })))
  expect(again.map(({ repairId }) => repairId)).toEqual(ordered.map(({ repairId }) => repairId))
  await until(async () => (await book.known(10)).length === 0)
  await until(async () =>
    (await Promise.all(ordered.map(({ repairId }) => orders.read(repairId)))).every(
      ({ outcome }) => outcome === 'made',
    ),
  )
  const round = second.state?.rounds ?? 0
  await until(() => (second.state?.rounds ?? 0) > round + 2)
  expect(await book.known(10)).toEqual([])
  for (const { repairId } of ordered)
    expect(await orders.read(repairId)).toMatchObject({ order: { by: 'a test', how: 'reproject' }, revision: 1 })
  await stop?.()
  await following.stop()
  const all = (await kept.log.readAll('0', 100_000)).events
  await expectModels(models.server, all as typeof events)
})

test('a repair that was cut short is made when the page with its order comes again', async () => {
  await appendAll(kept.log, events)
  following = startFollowing(models.server, kept.log)
  const parts = partsOf()
  const head = await kept.log.head()
  await until(async () => (await parts.places[0]?.reached()) === head)
  await change(`update shard_0.payments set status = 'other' where id = ${aPayment('shard_0')}`)
  await compareAll(parts, head, () => undefined, never)
  const [difference] = await book.known(10)
  if (difference === undefined) throw new Error('nothing was found')
  const orders = repairOrders(kept.log, () => now().toISOString())
  const { repairId } = await orders.order(difference, { by: 'a test', reason: 'to see it' })

  // Somebody has died between the repair and the record of it.
  await parts.places[0]?.repair(difference, new Set())
  const seen = start()
  await until(async () => (await orders.read(repairId)).outcome === 'made')
  await until(async () => (await book.known(10)).length === 0)
  expect(seen.failures).toEqual([])
})

test('what nobody made is found, and gone when somebody has taken it away', async () => {
  await appendAll(kept.log, events)
  following = startFollowing(models.server, kept.log)
  const columns = (await change('select * from shard_0.payments limit 0')).fields.map(({ name }) => name)
  const seen = start()
  const head = await kept.log.head()
  await until(() => seen.state?.lastRound?.position === head)
  const id = '00000000-0000-4000-8000-0000000000aa'
  const others = columns.filter((name) => name !== 'id').join(', ')
  await change(`insert into shard_0.payments (id, ${others}) select '${id}', ${others} from shard_0.payments limit 1`)
  await until(() => seen.counts.some(({ kind, count }) => kind === 'ahead' && count === 1))
  await change(`delete from shard_0.payments where id = '${id}'`)
  await until(() => seen.counts.length === 0)
})

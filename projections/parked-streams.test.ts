import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { DomainEvent, RecordedEvent } from '../domain/event.ts'
import { paymentStream } from '../domain/event.ts'
import type { ReadModelServer } from './read-model-store.ts'
import { expectedModels } from './testing/expected-models.ts'
import { inOrder, memoryLog } from './testing/memory-log.ts'
import { randomFrom } from './testing/random.ts'
import { randomLog } from './testing/random-log.ts'
import { type Models, readModels, sorted, tables } from './testing/read-models.ts'
import { runToHead } from './testing/run-to-head.ts'
import { startTestReadModels, type TestReadModels } from './testing/test-read-models.ts'

let models: TestReadModels
let pool: TestReadModels['pool']
let server: ReadModelServer

beforeAll(async () => {
  models = await startTestReadModels(2)
  ;({ pool, server } = models)
})
afterAll(() => models.stop())
beforeEach(() => models.empty())

/** The merchant of the streams that have a fault; all others are those of random logs. */
const unlucky = '666'
const common = { merchantId: unlucky, currency: 'INR', gateway: 'sandbox' } as const
const id = (digit: string): string => `pay_${digit.repeat(32)}`
let number = 0

const event = (stream: string, revision: number, what: unknown): RecordedEvent => ({
  ...(what as DomainEvent),
  id: `00000000-0000-5000-8000-${String(++number).padStart(12, '0')}`,
  version: 1,
  recordedAt: '2026-03-01T10:00:00.000Z',
  metadata: { merchantId: unlucky },
  stream,
  revision,
  log: 0,
  sequence: 0,
})

const requested = (paymentId: string, amount: bigint) => ({
  type: 'PaymentAuthorizationRequested',
  data: {
    ...common,
    paymentId,
    amount,
    method: { type: 'qr' },
    capture: 'manual',
    expiresAt: '2026-03-08T10:00:00.000Z',
  },
})
const authorized = (paymentId: string, amount: bigint) => ({
  type: 'PaymentAuthorized',
  data: { ...common, paymentId, amount },
})
const captureRequested = (paymentId: string) => ({
  type: 'PaymentCaptureRequested',
  data: { ...common, paymentId, captureId: 'cap_1', amount: 40n, final: false },
})
const captured = (paymentId: string) => ({
  type: 'PaymentCaptured',
  data: { ...common, paymentId, captureId: 'cap_1', amount: 40n, released: 0n, fee: 1n },
})

/** A payment that is requested, authorized and captured, with a change to its events. */
const history = (
  digit: string,
  change: (events: RecordedEvent[]) => RecordedEvent[] = (events) => events,
  amount = 100n,
): RecordedEvent[] => {
  const paymentId = id(digit)
  const steps = [
    requested(paymentId, amount),
    authorized(paymentId, amount),
    captureRequested(paymentId),
    captured(paymentId),
  ]
  return change(steps.map((step, revision) => event(paymentStream(paymentId), revision, step)))
}

/** The others' log with these streams strewn into it, each in its own order. */
const strewn = (others: readonly RecordedEvent[], streams: readonly (readonly RecordedEvent[])[]): RecordedEvent[] => {
  const random = randomFrom(99)
  const queues = [[...others], ...streams.map((stream) => [...stream])]
  const log: RecordedEvent[] = []
  for (let left = queues.flat().length; left > 0; left--) {
    const queue = random.chance(0.1) ? random.pick(queues) : queues[0]
    const next = (queue?.length ? queue : queues.find((each) => each.length > 0))?.shift()
    if (next !== undefined) log.push({ ...next, sequence: log.length + 1 })
  }
  return log
}

const of = (merchant: boolean, models: Models): Models =>
  Object.fromEntries(
    tables.map((table) => [
      table,
      models[table]
        .filter((row) => (row['merchant_id'] === unlucky) === merchant)
        // Where others' events stand in the log is another matter.
        .map((row) => ({ ...row, sequence: 0, from_position: '', to_position: '' })),
    ]),
  ) as unknown as Models

const parked = async () => {
  const selects = server.shards.map(
    (schema) => `select projection, stream, event_type, reason from ${schema}.parked_streams`,
  )
  const { rows } = await pool.query(`${selects.join(' union all ')} order by projection, stream`)
  return rows
}

test('parks the stream with the reason, for the projection concerned, and everything else goes on', async () => {
  const others = randomLog(20, 1_000, ['1042', '7', 'shop_a'])
  const unknown = history('a', ([first, , ...rest]) => [
    ...(first ? [first] : []),
    event(paymentStream(id('a')), 1, { type: 'PaymentTeleported', data: { ...common, paymentId: id('a') } }),
    ...rest,
  ])
  const hole = history('b', (events) => events.filter(({ revision }) => revision !== 2))
  const tooLarge = history('c', undefined, 10n ** 19n)
  const headless = history('d', (events) => events.slice(1))
  const malformed = history('e', ([first, second, ...rest]) => [
    ...(first ? [first] : []),
    ...(second ? [{ ...second, data: { merchantId: unlucky } } as unknown as RecordedEvent] : []),
    ...rest,
  ])
  const undated = history('f', (events) => events.map((each) => ({ ...each, recordedAt: 'some day' })))
  const fine = history('0')
  const log = strewn(others, [unknown, hole, tooLarge, headless, malformed, undated, fine])

  await runToHead(server, memoryLog(log, inOrder(150)))

  const found = await readModels(server)
  const expected = expectedModels(others)
  for (const table of tables)
    expect({ [table]: sorted(of(false, found))[table] }).toEqual({ [table]: sorted(of(false, expected))[table] })
  expect(found.payments.find(({ id: found }) => found === '0'.repeat(32))).toMatchObject({
    status: 'partiallyCaptured',
    revision: 3,
  })
  // Before the fault the stream counted.
  expect(found.payments.find(({ id: found }) => found === 'b'.repeat(32))).toMatchObject({ revision: 1 })

  const rows = await parked()
  const table = rows.map(({ projection, stream, event_type }) => [projection, stream.at(-1), event_type])
  expect(table).toEqual([
    ['journal', 'a', 'PaymentTeleported'],
    ['journal', 'c', 'PaymentAuthorized'],
    ['journal', 'e', 'PaymentAuthorized'],
    ['journal', 'f', 'PaymentAuthorized'],
    ['payments', 'a', 'PaymentTeleported'],
    ['payments', 'b', 'PaymentCaptured'],
    ['payments', 'c', 'PaymentAuthorizationRequested'],
    ['payments', 'd', 'PaymentAuthorized'],
    ['payments', 'e', 'PaymentAuthorized'],
    ['payments', 'f', 'PaymentAuthorizationRequested'],
    ['periods', 'a', 'PaymentTeleported'],
    ['periods', 'c', 'PaymentAuthorized'],
    ['periods', 'e', 'PaymentAuthorized'],
    ['periods', 'f', 'PaymentAuthorizationRequested'],
  ])
  const reasonOf = (projection: string, digit: string): string =>
    rows.find((row) => row.projection === projection && row.stream.endsWith(digit))?.reason
  expect(reasonOf('payments', 'a')).toBe('PaymentTeleported is no event of a payment')
  expect(reasonOf('payments', 'b')).toBe('revision 3 where 2 was expected')
  expect(reasonOf('payments', 'c')).toMatch(/out of range for type bigint/)
  expect(reasonOf('payments', 'd')).toBe('revision 1 where 0 was expected')
  expect(reasonOf('payments', 'f')).toMatch(/invalid input syntax for type timestamp/)
})

test('follows a parked stream no further, also after a restart', async () => {
  const hole = history('b', (events) => events.filter(({ revision }) => revision !== 1))
  const before = strewn(hole, [])
  await runToHead(server, memoryLog(before))
  const later = [1, 2, 3].map((revision) => event(paymentStream(id('b')), revision, authorized(id('b'), 100n)))
  const after = strewn([...hole, ...later], [])
  await runToHead(server, memoryLog(after))
  expect((await readModels(server)).payments).toMatchObject([{ revision: 0, status: 'pending' }])
  expect(await parked()).toHaveLength(1)
})

test('is not put off by a stream whose name PostgreSQL cannot hold', async () => {
  const stream = `${paymentStream(id('a'))}\u0000`
  const nameless = [event(stream, 0, requested(id('a'), 1n)), event(stream, 1, { type: 'Nul\u0000', data: common })]
  await runToHead(server, memoryLog(strewn(nameless, [history('0')]), inOrder(1)))
  const rows = await parked()
  expect(rows.map(({ projection, event_type }) => [projection, event_type])).toEqual([
    ['journal', 'Nul\ufffd'],
    ['payments', 'Nul\ufffd'],
    ['periods', 'Nul\ufffd'],
  ])
})

test('does not park anything because the database is away', async () => {
  const log = strewn(randomLog(21, 300, ['1042']), [])
  let failures = 5
  const unwell: ReadModelServer = {
    ...server,
    transaction: (work) =>
      server.transaction(async (sql) => {
        const result = await work(sql)
        if (failures-- > 0) await sql.query('select pg_terminate_backend(pg_backend_pid())', [])
        return result
      }),
  }
  await runToHead(unwell, memoryLog(log, inOrder(50)))
  expect(await parked()).toEqual([])
  expect(sorted(await readModels(server))).toEqual(sorted(expectedModels(log)))
})

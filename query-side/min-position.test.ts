import { afterAll, beforeAll, expect, test } from 'vitest'
import { paymentStream } from '../domain/event.ts'
import type { Position } from '../domain/position.ts'
import { idOf, refunded, type Sale, sold } from './testing/events.ts'
import { appOf, asker, failures, openStage, type Reply, type Stage } from './testing/stage.ts'

let stage: Stage
let ask: (who: string, path: string) => Promise<Reply>

const sale: Sale = { name: 'sale', merchantId: '1042', amount: 500n }
const stream = paymentStream(idOf('pay', 'sale'))
const path = `/v1/payments/${idOf('pay', 'sale')}`
let before: Position = ''

beforeAll(async () => {
  stage = await openStage()
  ask = asker(appOf(stage.deps))
  before = await stage.record(stream, '2025-06-01T10:00:00.000Z', ...sold(sale))
  await stage.caughtUp()
})
afterAll(async () => {
  await stage.close()
  expect(failures).toEqual([])
})

test('a position that is reached is not waited for', async () => {
  const { status, headers } = await ask('finance', `/v1/payments?minPosition=${before}`)
  expect([status, headers.get('Daybook-Position')]).toEqual([200, before])
})

test('a read sees what its position promises, and not before', async () => {
  // It is in the cache now, as of `before`.
  expect((await ask('merchant 1042', path)).body['refunded']).toBe(0)
  await stage.pause()
  const after = await stage.record(stream, '2025-06-01T10:00:01.000Z', ...refunded(sale, 500n))

  for (const list of [path, '/v1/payments', '/v1/balances', '/v1/ledger/trial-balance']) {
    const { status, headers, body } = await ask('merchant 1042', `${list}?minPosition=${after}`)
    expect([list, status, body['code']]).toEqual([list, 503, 'notYetProjected'])
    expect([headers.get('Retry-After'), headers.get('Daybook-Position')]).toEqual(['1', before])
  }
  const stale = await ask('merchant 1042', `${path}?minPosition=${before}`)
  expect([stale.body['refunded'], stale.headers.get('Daybook-Position')]).toEqual([0, before])

  const waiting = Promise.all([
    ask('merchant 1042', `${path}?minPosition=${after}`),
    ask('finance', `/v1/payments?minPosition=${after}`),
    ask('finance', `/v1/ledger/trial-balance?minPosition=${after}`),
  ])
  stage.resume()
  const [payment, list, books] = await waiting
  expect([payment.status, payment.body['refunded'], payment.headers.get('Daybook-Position')]).toEqual([200, 500, after])
  expect(list.body.data[0]?.['refunded']).toBe(500)
  expect(books.headers.get('Daybook-Position')).toBe(after)
})

test('the log itself has what the read models have not', async () => {
  await stage.pause()
  const after = await stage.record(
    paymentStream(idOf('pay', 'next')),
    '2025-06-01T11:00:00.000Z',
    ...sold({ ...sale, name: 'next' }),
  )
  const { status, body, headers } = await ask(
    'auditor',
    `/v1/payments/${idOf('pay', 'next')}/events?minPosition=${after}`,
  )
  expect([status, body.data.length, headers.get('Daybook-Position')]).toEqual([200, 3, after])
  const beyond = await ask('auditor', `/v1/payments/${idOf('pay', 'next')}/events?minPosition=${Number(after) + 1}`)
  expect([beyond.status, beyond.body['code']]).toEqual([503, 'notYetProjected'])
  stage.resume()
})

test('what is not there yet is 404 as of a position', async () => {
  await stage.caughtUp()
  const head = await stage.log.head()
  const { status, headers } = await ask('finance', `/v1/payments/${idOf('pay', 'none')}?minPosition=${head}`)
  expect([status, headers.get('Daybook-Position')]).toEqual([404, head])
})

test('a shard without events of its own comes along', async () => {
  const head = await stage.log.head()
  for (const merchantId of ['0', '1', '2'])
    expect((await ask(`merchant ${merchantId}`, `/v1/payments?minPosition=${head}`)).status).toBe(200)
})

import { expect, test } from 'vitest'
import { EventStoreUnavailable } from '../http/event-store-unavailable.ts'
import type { EventStore } from './event-store.ts'
import { openLedger } from './testing/ledger.ts'

const order = { amount: 10_000, currency: 'INR', method: { type: 'card', token: 't' } }
const away = () => Promise.reject(new EventStoreUnavailable(new Error('nobody there')))
const storeAway: EventStore = { append: away, readStream: away, streamRevision: away, head: away }

test('while the event store is away a command is 503, alone and in a batch, and each line is answered', async () => {
  const ledger = await openLedger({ before: () => storeAway })
  const alone = await ledger.post('/v1/payments', order, { key: 'a' })
  expect([alone.status, alone.headers.get('Retry-After')]).toEqual([503, '1'])
  expect(JSON.parse(alone.text)).toMatchObject({ code: 'eventStoreUnavailable' })
  const { status, lines } = await ledger.batch([
    { type: 'authorize', idempotencyKey: 'a', ...order },
    { type: 'nonsense' },
    { type: 'capture', idempotencyKey: 'b', paymentId: 'pay_be28c6d1e0165bb9966152a14ea8e87f' },
  ])
  expect(status).toBe(200)
  expect(lines.map(({ status: each, problem, position }) => [each, problem?.['code'], position])).toEqual([
    [503, 'eventStoreUnavailable', '0'],
    [400, 'invalidRequest', '0'],
    [503, 'eventStoreUnavailable', '0'],
  ])
  await ledger.close()
})

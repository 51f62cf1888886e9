import { expect, test } from 'vitest'
import { merchantStream, paymentStream } from '../domain/event.ts'
import { openLedger } from './testing/ledger.ts'

const order = { amount: 10_000, currency: 'INR', method: { type: 'card', token: 't' }, capture: 'manual' }
const problem = { status: 503, code: 'eventNotUnderstood' }

test('a stream that cannot be understood is not written to; its command alone is told so, also in a batch', async () => {
  const ledger = await openLedger()
  const [one, other] = await Promise.all(['a', 'b'].map((key) => ledger.post('/v1/payments', order, { key })))
  const [id, otherId] = [String(one?.body['id']), String(other?.body['id'])]
  const [first] = await ledger.events(id)
  if (first === undefined) throw new Error('nothing was recorded')
  const revision = Number(await ledger.log.streamRevision(paymentStream(id)))
  const newer = { ...first, id: first.id.replace(/.$/, '0'), version: 2 }
  await ledger.log.append(paymentStream(id), revision, [newer])

  const refused = await ledger.post(`/v1/payments/${id}/captures`, {}, { key: 'c' })
  expect(refused.body).toMatchObject({
    ...problem,
    detail: expect.stringContaining(`an event of type ${first.type}, version 2, is not known to this version`),
  })
  expect(refused.headers.get('Retry-After')).toBe('5')
  // A retry of what was done before the event as well: who could say what became of it?
  expect((await ledger.post('/v1/payments', order, { key: 'a' })).body).toMatchObject(problem)
  const { lines } = await ledger.batch([
    { type: 'void', idempotencyKey: 'd', paymentId: id },
    { type: 'capture', idempotencyKey: 'e', paymentId: otherId },
  ])
  expect(lines.map(({ status, problem: told }) => [status, told?.['code']])).toEqual([
    [503, 'eventNotUnderstood'],
    [201, undefined],
  ])
  expect(await ledger.log.streamRevision(paymentStream(id))).toBe(revision + 1)
  expect(ledger.logged).not.toEqual([])
  await ledger.close()
})

test('a merchant that cannot be understood gets no payout', async () => {
  const ledger = await openLedger()
  const events = [
    {
      type: 'PayoutReserved' as const,
      data: {
        merchantId: '1042',
        payoutId: 'po_1',
        currency: 'INR',
        amount: 1n,
        destination: { type: 'upi', vpa: 'a@b' },
      },
      id: '00000000-0000-5000-8000-000000000001',
      version: 2,
      recordedAt: '2026-01-01T00:00:00.000Z',
      metadata: { merchantId: '1042' },
    },
  ] as const
  await ledger.log.append(merchantStream('1042'), 'none', events)
  const payout = { amount: 1, currency: 'INR', destination: { type: 'upi', vpa: 'shop@okbank' } }
  expect((await ledger.post('/v1/payouts', payout, { key: 'p' })).body).toMatchObject(problem)
  expect(await ledger.log.head()).toBe('1')
  await ledger.close()
})

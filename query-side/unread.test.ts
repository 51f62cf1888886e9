import { afterAll, beforeAll, expect, test } from 'vitest'
import { paymentStream } from '../domain/event.ts'
import { idOf, type Sale, sold } from './testing/events.ts'
import { appOf, asker, failures, openStage, type Stage } from './testing/stage.ts'

let stage: Stage
const sale: Sale = { name: 'sale', merchantId: '1042', amount: 500n }
const other: Sale = { name: 'other', merchantId: '1042', amount: 700n }
const [id, otherId] = [idOf('pay', 'sale'), idOf('pay', 'other')]

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

test('of a payment with an event that cannot be read the history is refused, and what is known stays', async () => {
  const at = '2025-06-01T10:00:00.000Z'
  await stage.record(paymentStream(id), at, ...sold(sale))
  const [last] = await stage.log.readStream(paymentStream(id), 2)
  if (last === undefined) throw new Error('nothing was recorded')
  await stage.log.append(paymentStream(id), 2, [{ ...last, id: last.id.replace(/.$/, 'x'), version: 2 }])
  await stage.record(paymentStream(otherId), at, ...sold(other))
  await stage.caughtUp()

  const ask = asker(appOf(stage.deps))
  const refused = await ask('operator', `/v1/payments/${id}/events`)
  expect(refused.body).toMatchObject({ status: 503, code: 'eventNotUnderstood' })
  expect(refused.headers.get('Retry-After')).toBe('5')
  // It is for whoever runs this to know.
  expect(failures).toMatchObject([{ path: `/v1/payments/${id}/events` }])
  expect((await ask('operator', `/v1/payments/${id}/events?limit=2`)).body.data).toHaveLength(2)
  expect((await ask('operator', `/v1/payments/${otherId}/events`)).body.data).toHaveLength(3)

  const [shown, otherShown] = [
    await ask('operator', `/v1/payments/${id}`),
    await ask('operator', `/v1/payments/${otherId}`),
  ]
  expect(shown.body).toMatchObject({ id, status: 'captured', revision: 2 })
  expect(otherShown.body).toMatchObject({ id: otherId, status: 'captured' })

  const { body } = await ask('operator', '/v1/projections')
  const parked = body.data.filter((row) => row['parked'] === 1).map(({ projection }) => projection)
  expect(parked).toEqual(['journal', 'payments', 'periods'])
  for (const { cursor, head } of body.data) expect(cursor).toBe(head)
})

import { expect, test } from 'vitest'
import { Problem } from '../http/problem.ts'
import { createAdmission } from './admission.ts'
import { EventStoreBusy } from './event-store.ts'
import { openLedger } from './testing/ledger.ts'
import { scriptedGateway } from './testing/scripted-gateway.ts'
import { until } from './testing/until.ts'

const overloaded = { status: 503, code: 'overloaded', headers: { 'Retry-After': '1' } }
const held = () => {
  let release = (): void => undefined
  const done = new Promise<void>((resolve) => {
    release = resolve
  })
  return { work: () => done, release }
}

test('lets in as many as there is room for', async () => {
  const admission = createAdmission(2)
  const [one, other] = [held(), held()]
  const first = admission.run(one.work)
  const second = admission.run(other.work)
  await expect(admission.run(one.work)).rejects.toMatchObject(overloaded)
  expect(() => admission.requireOpen()).toThrow(Problem)
  const room = admission.room()
  expect(room).toBeInstanceOf(Promise)
  one.release()
  await Promise.all([first, room])
  expect(admission.room()).toBeUndefined()
  expect(await admission.run(() => Promise.resolve(7))).toBe(7)
  other.release()
  await second
})

test('work that fails leaves as well; a log that is full is 503 too', async () => {
  const admission = createAdmission(1)
  await expect(admission.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  await expect(admission.run(() => Promise.reject(new EventStoreBusy('full')))).rejects.toMatchObject(overloaded)
  expect(await admission.run(() => Promise.resolve(7))).toBe(7)
})

test('closed it lets nothing in and waits for what is inside', async () => {
  const admission = createAdmission(5)
  const inside = held()
  const running = admission.run(inside.work)
  let closed = false
  const closing = admission.close().then(() => {
    closed = true
  })
  await expect(admission.run(inside.work)).rejects.toMatchObject(overloaded)
  expect(admission.room()).toBeUndefined()
  expect(closed).toBe(false)
  inside.release()
  await Promise.all([running, closing])
  await admission.close()
})

test('a command too many is 503 with Retry-After, and the next one is taken again', async () => {
  const gateway = scriptedGateway()
  const settings = { maxInFlight: 2, gatewayTimeoutMs: 60_000 }
  const ledger = await openLedger({ gateways: [gateway], settings })
  const order = { amount: 100, currency: 'INR', method: { type: 'card', token: 't' } }
  const first = ['a', 'b'].map((key) => ledger.post('/v1/payments', order, { key }))
  await until(() => gateway.asked.length === 2)
  const third = await ledger.post('/v1/payments', order, { key: 'c' })
  expect([third.status, third.body['code'], third.headers.get('Retry-After')]).toEqual([503, 'overloaded', '1'])
  const batch = await ledger.batch([{ type: 'authorize', idempotencyKey: 'd', ...order }])
  expect(batch.status).toBe(503)
  gateway.answer({ type: 'approved' })
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([201, 201])
  const again = ledger.post('/v1/payments', order, { key: 'c' })
  await until(() => gateway.asked.length === 3)
  gateway.answer({ type: 'approved' })
  expect((await again).status).toBe(201)
  await ledger.close()
  expect((await ledger.post('/v1/payments', order, { key: 'e' })).status).toBe(503)
})

test('a side that is stopped waits for its commands, but not for ever', async () => {
  const gateway = scriptedGateway()
  const ledger = await openLedger({ gateways: [gateway], settings: { gatewayTimeoutMs: 60_000, stopTimeoutMs: 20 } })
  const order = { amount: 100, currency: 'INR', method: { type: 'card', token: 't' } }
  const stuck = ledger.post('/v1/payments', order, { key: 'a' })
  await until(() => gateway.asked.length === 1)
  await ledger.side.stop()
  gateway.answer({ type: 'approved' })
  expect((await stuck).status).toBe(201)
  await ledger.close()
})

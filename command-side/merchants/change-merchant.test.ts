import { afterAll, beforeAll, expect, test } from 'vitest'
import { merchantStream } from '../../domain/event.ts'
import type { MerchantCommand } from '../../domain/merchant/command.ts'
import { EventStoreBusy, type EventStore } from '../event-store.ts'
import { temporaryLog } from '../payouts/testing/temporary-log.ts'
import { createChangeMerchant } from './change-merchant.ts'
import { issueKey } from './issue-key.ts'
import { createMerchantStates } from './merchant-states.ts'
import { merchantPreferences } from './preferences.ts'

let temporary: Awaited<ReturnType<typeof temporaryLog>>
beforeAll(async () => {
  temporary = await temporaryLog()
})
afterAll(() => temporary.remove())

const now = '2026-01-31T12:00:00.000Z'
const processOn = (store: EventStore) => {
  const merchants = createMerchantStates(store, 10)
  const changeMerchant = createChangeMerchant(store, merchants)
  const change = (merchantId: string, command: MerchantCommand) => changeMerchant(merchantId, { command, metadata: {} })
  return { merchants, change }
}
const register = (merchantId: string): MerchantCommand => ({ type: 'registerMerchant', now, merchantId, name: 'Asha' })
const setGateway = (gateway: string): MerchantCommand => ({ type: 'setGateway', now, gateway })

test('a merchant nobody knows has the defaults of the house', async () => {
  const { merchants } = processOn(temporary.log)
  const preferences = merchantPreferences(merchants, 'sandbox')
  expect(await preferences.gatewayOf('nobody')).toBe('sandbox')
  expect(await preferences.feesOf('nobody')).toEqual({ default: { basisPoints: 0, fixed: 0 } })
  expect(await merchants('nobody')).toMatchObject({ registered: false, revision: -1 })
})

test('what one process changes the other sees at once', async () => {
  const [one, other] = [processOn(temporary.open()), processOn(temporary.open())]
  await one.change('m1', register('m1'))
  expect(await other.merchants('m1')).toMatchObject({ registered: true, name: 'Asha', createdAt: now })
  const fees = { default: { basisPoints: 200, fixed: 30 } }
  expect(await other.change('m1', { type: 'setFees', now, fees })).toMatchObject({ type: 'accepted' })
  await other.change('m1', setGateway('north'))
  const preferences = merchantPreferences(one.merchants, 'sandbox')
  expect(await preferences.feesOf('m1')).toEqual(fees)
  expect(await preferences.gatewayOf('m1')).toBe('north')
})

test('a fresh merchant is not read again', async () => {
  let reads = 0
  const { log } = temporary
  const counting: EventStore = {
    ...log,
    readStream: (...given) => {
      reads += 1
      return log.readStream(...given)
    },
  }
  const { merchants, change } = processOn(counting)
  await change('m2', register('m2'))
  await Promise.all(Array.from({ length: 50 }, () => merchants('m2')))
  expect(reads).toBe(1)
  await Promise.all(Array.from({ length: 50 }, () => merchants('m2')))
  expect(reads).toBe(1)
})

test('a stream of many pages is folded whole, and merchants that were dropped are read again', async () => {
  const { change } = processOn(temporary.log)
  await change('m3', register('m3'))
  await Promise.all(Array.from({ length: 2_500 }, (_, n) => change('m3', setGateway(`g${n}`))))
  const merchants = createMerchantStates(temporary.log, 1)
  for (let round = 0; round < 2; round++) {
    expect(await merchants('m3')).toMatchObject({ gateway: 'g2499', revision: 2_500 })
    expect(await merchants('m1')).toMatchObject({ name: 'Asha' })
  }
})

test('changes are decided in the order they came, each on what the one before left', async () => {
  const { change, merchants } = processOn(temporary.log)
  const results = await Promise.all([
    change('m4', setGateway('early')),
    change('m4', register('m4')),
    change('m4', register('m4')),
    change('m4', setGateway('late')),
  ])
  expect(results.map((one) => (one.type === 'accepted' ? 'accepted' : one.rejection))).toEqual([
    'merchantNotFound',
    'accepted',
    'merchantExists',
    'accepted',
  ])
  expect(await merchants('m4')).toMatchObject({ gateway: 'late', revision: 1 })
  const events = await temporary.log.readStream(merchantStream('m4'))
  expect(new Set(events.map(({ id }) => id)).size).toBe(2)
  expect(events.map(({ metadata }) => metadata.merchantId)).toEqual(['m4', 'm4'])
})

test('processes that change one merchant at the same time lose nothing', async () => {
  const processes = [processOn(temporary.open()), processOn(temporary.open()), processOn(temporary.open())]
  await processes[0]?.change('m5', register('m5'))
  const results = await Promise.all(
    Array.from({ length: 300 }, async (_, n) =>
      processes[n % 3]?.change('m5', { type: 'issueKey', now, keyId: `key_${n}`, hash: 'h', role: 'merchant' }),
    ),
  )
  expect(results.every((one) => one?.type === 'accepted')).toBe(true)
  for (const { merchants } of processes) expect((await merchants('m5')).keys.size).toBe(300)
})

test('a merchant that never stands still is a conflict after a bounded number of tries', async () => {
  let tries = 0
  const { log } = temporary
  const moving: EventStore = {
    ...log,
    append: async () => {
      tries += 1
      return { type: 'wrongRevision', actual: 7 }
    },
  }
  await expect(processOn(moving).change('m6', register('m6'))).rejects.toMatchObject({ status: 409, code: 'conflict' })
  expect(tries).toBe(20)
})

test('when an append fails all that were in it hear of it, and the next ones are tried', async () => {
  let busy = true
  const { log } = temporary
  const store: EventStore = {
    ...log,
    append: (...given) => (busy ? Promise.reject(new EventStoreBusy('full')) : log.append(...given)),
  }
  const { change } = processOn(store)
  const results = await Promise.allSettled([change('m7', register('m7')), change('m7', register('m7'))])
  for (const one of results) expect(one).toMatchObject({ status: 'rejected', reason: { name: 'EventStoreBusy' } })
  busy = false
  expect(await change('m7', register('m7'))).toMatchObject({ type: 'accepted' })
})

test('a key is issued, and its merchant registered when it is unknown', async () => {
  const key = { keyId: 'key_1', hash: 'h', now }
  expect(await issueKey(temporary.log, { merchantId: 'm8', role: 'merchant', ...key })).toMatchObject({
    type: 'accepted',
  })
  expect(await issueKey(temporary.log, { merchantId: 'm8', role: 'merchant', ...key })).toMatchObject({
    rejection: 'keyExists',
  })
  expect(await issueKey(temporary.log, { merchantId: 'm8', role: 'operator', ...key })).toMatchObject({
    rejection: 'roleNotAllowed',
  })
  expect(await issueKey(temporary.log, { merchantId: 'daybook', role: 'auditor', ...key })).toMatchObject({
    type: 'accepted',
  })
  expect(await issueKey(temporary.log, { merchantId: 'daybook', role: 'merchant', ...key })).toMatchObject({
    rejection: 'roleNotAllowed',
  })
  const { merchants } = processOn(temporary.log)
  expect(await merchants('m8')).toMatchObject({ registered: true, name: 'm8' })
  expect((await merchants('daybook')).keys.get('key_1')).toMatchObject({ role: 'auditor', revoked: false })
})

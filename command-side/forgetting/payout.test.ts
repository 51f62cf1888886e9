import { afterAll, beforeAll, expect, test } from 'vitest'
import { payoutStream } from '../../domain/event.ts'
import { payoutResource } from '../../domain/payout/resource.ts'
import { membersOf } from '../../domain/personal-members.ts'
import type { EventLog } from '../../infra/lmdb/event-log.ts'
import { slotsIn } from '../../personal/opening.ts'
import { memoryKeys } from '../../personal/testing/memory-keys.ts'
import { foldPayout, readPayout } from '../payouts/stream.ts'
import { openDesk, order } from '../payouts/testing/desk.ts'
import { dyingStore } from '../payouts/testing/dying-store.ts'
import { scriptedBank } from '../payouts/testing/scripted-bank.ts'
import { temporaryLog } from '../payouts/testing/temporary-log.ts'
import { sealedStore } from '../sealed-store.ts'
import { idOf } from '../uuid.ts'
import { forget } from './forget.ts'

const keys = memoryKeys()
let log: EventLog
let remove: () => Promise<void>
beforeAll(async () => {
  const temporary = await temporaryLog()
  log = temporary.log
  remove = temporary.remove
})
afterAll(() => remove())

const forgetPayout = (merchantId: string, id: string) => {
  const { merchants, changeMerchant } = openDesk(log, scriptedBank('sends'))
  const tools = { store: log, merchants, changeMerchant, readLog: log.readAll, keys, clock: () => Date.now() }
  const toForget = { merchantId, subject: { type: 'payout', id }, reason: 'ticket 17', by: 'a test' } as const
  return forget(tools, toForget, () => undefined, new AbortController().signal)
}

test('a payout keeps where it went sealed, in its own stream and in the reservation, until it is forgotten', async () => {
  const bank = scriptedBank('sends')
  const desk = openDesk(sealedStore(log, keys), bank)
  await desk.open('m1', 1_000n)
  const { id, body } = await desk.request('m1', 'k')
  expect(JSON.parse(body)).toMatchObject({ status: 'sent', destination: order.destination })

  expect(await forgetPayout('m1', id)).toMatchObject({ found: 1, transactions: 1, plain: { count: 0 } })
  expect(await forgetPayout('m1', id)).toMatchObject({ found: 1, transactions: 0 })
  const stored = [...(await log.readStream('merchant-m1')), ...(await log.readStream(payoutStream(id)))]
  const slots = stored.flatMap(({ type, data }) => slotsIn(data, membersOf(type)))
  expect([slots.length, (await keys.keysOf(slots)).size]).toEqual([2, 0])
  expect((await desk.merchantCounts('m1'))['PersonalDataForgotten']).toBe(1)

  const again = await desk.request('m1', 'k', { destination: { type: 'bankAccount', token: 'another' } })
  expect(JSON.parse(again.body)).toMatchObject({ destination: { type: 'bankAccount', token: null }, forgotten: true })
})

test('one that was forgotten before it was sent fails, and its money is the merchant’s again', async () => {
  const bank = scriptedBank('sends')
  const desk = openDesk(sealedStore(log, keys), bank)
  await desk.open('m2', 1_000n)
  const dying = openDesk(sealedStore(dyingStore(log, 1, 'before'), keys), bank)
  await expect(dying.request('m2', 'k')).rejects.toThrow()
  const id = idOf('po', 'm2', 'k')
  expect([await desk.available('m2'), await log.streamRevision(payoutStream(id))]).toEqual([900n, 'none'])

  expect(await forgetPayout('m2', id)).toMatchObject({ found: 1, transactions: 1 })
  await desk.payouts.finish(id, 'm2')
  const payout = foldPayout(await readPayout(log, id))
  expect(payout && payoutResource(payout)).toMatchObject({
    status: 'failed',
    decline: { code: 'destinationForgotten' },
  })
  expect(await desk.available('m2')).toBe(1_000n)
})

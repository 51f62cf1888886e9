import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { payoutStream } from '../../domain/event.ts'
import type { EventStore } from '../event-store.ts'
import type { MoveCall } from './call.ts'
import { openDesk } from './testing/desk.ts'
import { dyingStore } from './testing/dying-store.ts'
import { scriptedBank } from './testing/scripted-bank.ts'
import { temporaryLog } from './testing/temporary-log.ts'

let store: EventStore
let remove: () => Promise<void>
beforeAll(async () => {
  const temporary = await temporaryLog()
  store = temporary.log
  remove = temporary.remove
})
afterAll(() => remove())

const moves = {
  sent: (now) => ({ type: 'markSent', now, bankReference: 'ref' }),
  settled: (now) => ({ type: 'markSettled', now }),
  failed: (now) => ({ type: 'markFailed', now, code: 'closed', message: 'The account is closed' }),
  returned: (now) => ({ type: 'markReturned', now, code: 'closed', message: 'The account is closed' }),
} as const satisfies Record<string, MoveCall['command']>

const callOf = (payoutId: string, move: keyof typeof moves, repeatable?: MoveCall['repeatable']): MoveCall => ({
  payoutId,
  traceId: 'trace',
  precondition: () => undefined,
  command: moves[move],
  ...(repeatable === undefined ? {} : { repeatable }),
})

const sentPayout = async (merchantId: string) => {
  const desk = openDesk(store, scriptedBank('sends'))
  await desk.open(merchantId, 1_000n)
  const { id } = await desk.request(merchantId, 'k')
  return { desk, id }
}

test.each<[readonly (keyof typeof moves)[], string, bigint]>([
  [['settled'], 'settled', 900n],
  [['failed'], 'failed', 1_000n],
  [['returned'], 'returned', 1_000n],
  [['settled', 'returned'], 'returned', 1_000n],
])('a sent payout that is %j is %s', async (path, status, available) => {
  const merchantId = `moved-${path.join('-')}`
  const { desk, id } = await sentPayout(merchantId)
  for (const move of path) await desk.payouts.move(callOf(id, move))
  const replies = await desk.request(merchantId, 'k')
  expect(JSON.parse(replies.body)).toMatchObject({ status: 'sent' })
  expect((await store.readStream(payoutStream(id))).at(-1)?.type).toBe(
    { settled: 'PayoutSettled', failed: 'PayoutFailed', returned: 'PayoutReturned' }[status],
  )
  expect(await desk.available(merchantId)).toBe(available)
})

test('an answer is the payout as of the move, at every repetition of its key', async () => {
  const { desk, id } = await sentPayout('again')
  const repeatable = { key: 'settle-1', fingerprint: 'settled x y' }
  const first = await desk.payouts.move(callOf(id, 'settled', repeatable))
  expect(first).toMatchObject({ status: 200, id, revision: 2, replayed: false })
  await desk.payouts.move(callOf(id, 'returned'))
  expect(await desk.payouts.move(callOf(id, 'settled', repeatable))).toEqual({ ...first, replayed: true })
  await expect(
    desk.payouts.move(callOf(id, 'failed', { key: 'settle-1', fingerprint: 'failed x z' })),
  ).rejects.toMatchObject({ status: 422, code: 'idempotencyKeyReused' })
  // The payout's own key counts within it too.
  await expect(
    desk.payouts.move(callOf(id, 'returned', { key: 'k', fingerprint: 'returned x z' })),
  ).rejects.toMatchObject({ status: 422, code: 'idempotencyKeyReused' })
})

test('what is not there, and what has ended, cannot be moved', async () => {
  const { desk, id } = await sentPayout('ended')
  await desk.payouts.move(callOf(id, 'failed'))
  await expect(desk.payouts.move(callOf(id, 'settled'))).rejects.toMatchObject({ status: 422, code: 'payoutEnded' })
  for (const unknown of [`po_${'0'.repeat(32)}`, 'po_1', 'x'.repeat(4_000)]) {
    await expect(desk.payouts.move(callOf(unknown, 'settled'))).rejects.toMatchObject({ code: 'payoutNotFound' })
  }
})

test('of moves at once one is made', async () => {
  const { desk, id } = await sentPayout('moves')
  const other = openDesk(store, scriptedBank('sends'))
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) =>
      (n % 2 ? desk : other).payouts.move(callOf(id, n % 4 < 2 ? 'failed' : 'returned')),
    ),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await desk.available('moves')).toBe(1_000n)
  expect(await desk.merchantCounts('moves')).toMatchObject({ PayoutReserved: 1, PayoutReleased: 1 })
})

describe.each(['failed', 'returned'] as const)('a payout that is %s', (move) => {
  test.each([
    [0, 'before', false],
    [0, 'after', true],
    [1, 'before', true],
    [1, 'after', true],
  ] as const)(
    'by a process that dies at append %i, %s it is stored, gives its money back once',
    async (at, moment, done) => {
      const merchantId = `killed-${move}-${at}-${moment}`
      const { desk, id } = await sentPayout(merchantId)
      const dying = openDesk(dyingStore(store, at, moment), scriptedBank('sends'))
      const repeatable = { key: 'move', fingerprint: 'move x y' }
      const answered = await dying.payouts.move(callOf(id, move, repeatable)).catch(() => undefined)
      expect(await desk.available(merchantId)).toBe(done && at === 1 && moment === 'after' ? 1_000n : 900n)

      await Promise.all([desk.payouts.finish(id, merchantId), desk.payouts.finish(id, merchantId)])
      await desk.payouts.finish(id, merchantId)
      expect(await desk.available(merchantId)).toBe(done ? 1_000n : 900n)

      const again = await desk.payouts.move(callOf(id, move, repeatable))
      expect(again.replayed).toBe(done)
      if (answered !== undefined) expect(again).toEqual({ ...answered, replayed: true })
      expect(await desk.available(merchantId)).toBe(1_000n)
      expect(await desk.merchantCounts(merchantId)).toMatchObject({ PayoutReserved: 1, PayoutReleased: 1 })
    },
  )
})

test('a precondition is asked after the key and before the rules', async () => {
  const { desk, id } = await sentPayout('precondition')
  const repeatable = { key: 'move', fingerprint: 'move x y' }
  const refuse = () => {
    throw new Error('another revision')
  }
  await expect(desk.payouts.move({ ...callOf(id, 'sent'), precondition: refuse })).rejects.toThrow('another revision')
  await desk.payouts.move(callOf(id, 'settled', repeatable))
  const replayed = await desk.payouts.move({ ...callOf(id, 'settled', repeatable), precondition: refuse })
  expect(replayed.replayed).toBe(true)
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { payoutStream } from '../../domain/event.ts'
import type { EventStore } from '../event-store.ts'
import { temporaryLog } from './testing/temporary-log.ts'
import { idOf } from '../uuid.ts'
import { openDesk } from './testing/desk.ts'
import { dyingStore } from './testing/dying-store.ts'
import { type Script, scriptedBank } from './testing/scripted-bank.ts'

let store: EventStore
let remove: () => Promise<void>
beforeAll(async () => {
  const temporary = await temporaryLog()
  store = temporary.log
  remove = temporary.remove
})
afterAll(() => remove())

const key = 'payout-1'
const moments = ['before', 'after'] as const
/** The most appends a payout takes: reserved, requested, failed, released. */
const appends = [0, 1, 2, 3, 4]
const deaths = appends.flatMap((at) => moments.map((moment) => ({ at, moment })))

describe.each<[Script, 'sent' | 'failed']>([
  ['sends', 'sent'],
  ['fails', 'failed'],
  ['sendsSilently', 'sent'],
  ['failsSilently', 'failed'],
  ['losesTheFirst', 'sent'],
])('a payout whose bank %s', (script, outcome) => {
  for (const first of deaths) {
    for (const retried of [false, true]) {
      test(`comes out ${outcome} when its process dies ${first.moment} append ${first.at}${retried ? ' and the client asks again' : ''}, wherever the resolver dies`, async () => {
        for (const second of deaths) {
          const merchantId = `${script}-${first.at}-${first.moment}-${retried}-${second.at}-${second.moment}`
          const payoutId = idOf('po', merchantId, key)
          const bank = scriptedBank(script)
          const desk = openDesk(store, bank, { bankTimeoutMs: 1 })
          await desk.open(merchantId, 1_000n)

          const answered = await attempt(() =>
            openDesk(dyingStore(store, first.at, first.moment), bank, { bankTimeoutMs: 1 }).request(merchantId, key),
          )
          await attempt(() =>
            openDesk(dyingStore(store, second.at, second.moment), bank, { bankTimeoutMs: 1 }).payouts.finish(
              payoutId,
              merchantId,
            ),
          )
          const again = retried ? await openDesk(store, bank, { openForMs: 0 }).request(merchantId, key) : undefined
          await desk.payouts.finish(payoutId, merchantId)
          await desk.payouts.finish(payoutId, merchantId)

          const { PayoutReserved: reserved = 0, PayoutReleased: released = 0 } = await desk.merchantCounts(merchantId)
          if (reserved === 0) {
            expect({ first, retried }).toEqual({ first: { at: 0, moment: 'before' }, retried: false })
            expect(await store.streamRevision(payoutStream(payoutId))).toBe('none')
            expect(await desk.available(merchantId)).toBe(1_000n)
            continue
          }
          expect(reserved).toBe(1)
          expect(released).toBe(outcome === 'failed' ? 1 : 0)
          expect(await desk.available(merchantId)).toBe(outcome === 'failed' ? 1_000n : 900n)
          expect((await store.readStream(payoutStream(payoutId))).map(({ type }) => type)).toEqual([
            'PayoutRequested',
            outcome === 'failed' ? 'PayoutFailed' : 'PayoutSent',
          ])
          expect(bank.received.get(payoutId)?.type).toBe(outcome)

          const replayed = await openDesk(store, bank, { openForMs: 0 }).request(merchantId, key)
          expect(replayed.replayed).toBe(true)
          for (const earlier of [answered, again]) {
            if (earlier !== undefined) expect({ ...earlier, replayed: true }).toEqual(replayed)
          }
        }
      })
    }
  }
})

const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await work()
  } catch {
    return undefined
  }
}

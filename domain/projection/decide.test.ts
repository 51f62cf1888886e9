import { expect, test } from 'vitest'
import { projectionStream } from '../event.ts'
import { firstIllegal } from '../legal.ts'
import { house } from '../merchant/role.ts'
import { secondsLater } from '../testing/payments.ts'
import type { DiscardParked } from './command.ts'
import { decideProjection } from './decide.ts'
import type { ProjectionEvent } from './event.ts'
import { evolveProjection, initialDiscards } from './evolve.ts'

const stream = 'payment-pay_1'
const said = { projection: 'journal', stream, position: '7', reason: 'from a test', by: 'key_1' }
const discard = (changed: Partial<DiscardParked> = {}): DiscardParked => ({
  type: 'discardParked',
  ...said,
  ...changed,
})
const discarded = (changed: object = {}): ProjectionEvent => ({
  type: 'ParkedStreamDiscarded',
  data: { ...said, ...changed },
})
const dated = (events: readonly ProjectionEvent[]) =>
  events.map((event, index) => ({ ...event, recordedAt: secondsLater(index), metadata: { merchantId: house } }))
const fold = (events: readonly ProjectionEvent[]) => dated(events).reduce(evolveProjection, initialDiscards)

test.each<[string, readonly ProjectionEvent[], DiscardParked, readonly ProjectionEvent[]]>([
  ['a stream that is parked', [], discard(), [discarded()]],
  ['what is discarded already, whoever asks', [discarded()], discard({ by: 'key_2' }), []],
  ['the same for another reason', [discarded()], discard({ reason: 'known' }), [discarded({ reason: 'known' })]],
  ['one that is parked elsewhere by now', [discarded()], discard({ position: '9' }), [discarded({ position: '9' })]],
  ['another stream', [discarded()], discard({ stream: 'payment-2' }), [discarded({ stream: 'payment-2' })]],
])('discards %s', (_why, given, when, then) => {
  expect(decideProjection(when, fold(given))).toEqual(then)
})

test('the last decision counts for each stream', () => {
  const { streams, revision } = fold([discarded(), discarded({ stream: 'payment-2' }), discarded({ position: '9' })])
  expect(revision).toBe(2)
  expect(streams.get(stream)).toEqual({ position: '9', reason: 'from a test', by: 'key_1', at: secondsLater(2) })
  expect(streams.get('payment-2')?.position).toBe('7')
})

test('a history that is decided is legal, and one that is not is not', () => {
  const judged = (...events: readonly ProjectionEvent[]) => firstIllegal(projectionStream('journal'), dated(events))
  expect(judged(discarded(), discarded({ position: '9' }))).toBeUndefined()
  expect(judged(discarded(), discarded())?.revision).toBe(1)
  expect(judged(discarded({ projection: 'payments' }))?.reason).toBe('ParkedStreamDiscarded is of another stream')
})

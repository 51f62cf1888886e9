import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toJson } from '../infra/codec/event-codec.ts'
import { randomLog } from '../projections/testing/random-log.ts'
import { eventSchemas } from './event-schemas.ts'
import { personalMembers } from './personal.ts'
import { invalidity } from './stored-event.ts'

type Json = { readonly [name: string]: unknown }

const hex = (digits: number): string => '0123456789abcdef'.repeat(4).slice(0, digits)
const metadata = { merchantId: '1042', key: 'order 1', fingerprint: 'f00d', traceId: hex(32), cause: 'resolver' }
const payment = { paymentId: `pay_${hex(32)}`, merchantId: '1042', currency: 'INR', gateway: 'sandbox' }

const stored = (type: string, data: Json): Json => ({
  id: '6f0d2b0e-5c1c-5b3f-9a5e-7d1c2b3a4f50',
  type,
  version: 1,
  recordedAt: '2026-01-01T00:00:00.000Z',
  metadata,
  data,
})
const captured = { ...payment, captureId: `cap_${hex(32)}`, amount: 12_500, released: 0, fee: 250 }
const requested = {
  ...payment,
  amount: 1,
  method: { type: 'upi', vpa: 'asha@okbank', name: 'Asha Rao' },
  capture: 'manual',
  expiresAt: '2026-01-08T00:00:00.000Z',
  metadata: { cart: '7' },
}
const settled = {
  merchantId: '1042',
  settlementId: `st_${hex(32)}`,
  currency: 'INR',
  gross: 100,
  refunds: 200,
  disputes: -5,
  fees: 1,
  net: -96,
  payments: 3,
  from: '0',
  to: '17.4',
}

test('every event that deciders make is valid as it is stored', () => {
  for (const event of randomLog(7, 2_000, ['1042', 'shop-7', 'a_b']))
    expect([event.type, invalidity(toJson(event))]).toEqual([event.type, undefined])
})

test('what has more digits than a double is valid in quotes', () => {
  for (const long of ['9007199254740993', '123456789012345678901234567890'])
    expect(invalidity(stored('SettlementRecorded', { ...settled, gross: long, net: `-${long}` }))).toBeUndefined()
})

describe('not valid is', () => {
  const event = stored('PaymentCaptured', captured)
  const capture = (more: Json) => stored('PaymentCaptured', { ...captured, ...more })
  const request = (more: Json) => stored('PaymentAuthorizationRequested', { ...requested, ...more })
  const without = (name: string, json: Json): Json =>
    Object.fromEntries(Object.entries(json).filter(([member]) => member !== name))

  test.each<[string, unknown, string]>([
    ['what is no object', 'event', 'must be an object'],
    ['nothing', null, 'must be an object'],
    ['a list', [event], '/type must be that of an event'],
    ['a type that is not known', { ...event, type: 'PaymentTeleported' }, '/type must be that of an event'],
    ['a name that all objects have', { ...event, type: 'constructor' }, '/type must be that of an event'],
    ['no version', without('version', event), '/version must be one that PaymentCaptured has had'],
    ['a version before the first', { ...event, version: 0 }, '/version must be one that PaymentCaptured has had'],
    ['a version yet to come', { ...event, version: 2 }, '/version must be one that PaymentCaptured has had'],
    ['half a version', { ...event, version: 1.5 }, '/version must be one that PaymentCaptured has had'],
    ['no data', without('data', event), 'must have required properties data'],
    ['another member', { ...event, stream: 'payment-1' }, 'must have no other members'],
    ['an id that is no UUID', { ...event, id: '17' }, '/id must match pattern'],
    ['a time with an offset', { ...event, recordedAt: '2026-01-01T00:00:00.000+01:00' }, '/recordedAt must match'],
    ['no merchant', { ...event, metadata: {} }, '/metadata must have required properties merchantId'],
    ['a trace of another form', { ...event, metadata: { ...metadata, traceId: '1' } }, '/metadata/traceId must match'],
    ['an amount of nothing', capture({ amount: 0 }), '/data/amount must have one of its forms'],
    ['a negative amount', capture({ released: -1 }), '/data/released must have one of its forms'],
    ['a fraction', capture({ fee: 0.5 }), '/data/fee must have one of its forms'],
    ['a short amount in quotes', capture({ amount: '12500' }), '/data/amount must have one of its forms'],
    ['a long amount with a sign', capture({ amount: '-9007199254740993' }), '/data/amount must have one of its forms'],
    ['an amount left out', stored('PaymentCaptured', without('fee', captured)), '/data must have required properties'],
    ['a member of another type', capture({ refundId: 're_1' }), '/data must have no other members'],
    ['an id of another kind', capture({ captureId: `vo_${hex(32)}` }), '/data/captureId must match pattern'],
    ['a way to pay not known', request({ method: { type: 'cheque' } }), '/data/method must have one of its forms'],
    [
      'a member of another way',
      request({ method: { type: 'qr', vpa: 'a@b' } }),
      '/data/method must have one of its forms',
    ],
    ['a label not allowed', request({ metadata: { 'Asha Rao': '7' } }), '/data/metadata must have no other members'],
    ['a text not allowed', request({ metadata: { asha: 7 } }), '/data/metadata must be string'],
    ['a choice not offered', request({ capture: 'soon' }), '/data/capture must be equal to one of the allowed values'],
  ])('%s', (_, json, reason) => {
    expect(invalidity(json)?.slice(0, reason.length)).toBe(reason)
  })
})

test('what is said repeats nothing of the event', () => {
  const secret = 'Asha-R@o'
  // At each place of an event: another value, or a member that nobody knows.
  const spoilt = (json: Json): Json[] =>
    Object.entries(json).flatMap(([name, value]) => [
      { ...json, [name]: secret },
      { ...json, [secret]: value },
      ...(typeof value === 'object' && value !== null
        ? spoilt(value as Json).map((v) => ({ ...json, [name]: v }))
        : []),
    ])
  const events = [stored('PaymentAuthorizationRequested', requested), stored('SettlementRecorded', settled)]
  const reasons = events.flatMap(spoilt).map(invalidity)
  expect(reasons.filter((reason) => reason !== undefined).length).toBeGreaterThan(60)
  for (const reason of reasons) expect(reason ?? '').not.toContain(secret)
})

test('no JSON is too strange to be told what is wrong with it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      expect(invalidity(json)).toBeTypeOf('string')
      expect(invalidity(stored('PaymentCaptured', { ...captured, amount: json }))).toBe(
        Number.isInteger(json) && Number(json) >= 1 ? undefined : '/data/amount must have one of its forms',
      )
    }),
  )
})

test('what tells who somebody is is marked', () => {
  const marked = Object.entries(eventSchemas).flatMap(([type, versions]) =>
    versions.flatMap((schema, index) =>
      personalMembers(schema).map(({ pointer }) => `${type} ${index + 1} ${pointer}`),
    ),
  )
  expect(new Set(marked)).toEqual(
    new Set([
      'PaymentAuthorizationRequested 1 /method/vpa',
      'PaymentAuthorizationRequested 1 /method/name',
      'PayoutRequested 1 /destination/token',
      'PayoutRequested 1 /destination/last4',
      'PayoutRequested 1 /destination/vpa',
      'PayoutReserved 1 /destination/token',
      'PayoutReserved 1 /destination/last4',
      'PayoutReserved 1 /destination/vpa',
    ]),
  )
})

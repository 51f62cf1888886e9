import { expect, test } from 'vitest'
import { UnreadableEvent } from '../../http/unreadable-event.ts'
import { isUnread } from '../../projections/unread.ts'
import { newerText } from '../contracts/newer-events.ts'
import { someEvent } from '../contracts/some-events.ts'
import { encode, fromText, toJson, toText } from './event-codec.ts'
import { bytesOf, logEvent, logEventOfJson } from './log-event.ts'

const place = { stream: 'payment-pay_1', revision: 4, log: 1, sequence: 12 }
const event = someEvent('a reason')
const text = toText(event)

test('an event that can be read is that event in its place', () => {
  for (const read of [logEvent(encode(event), place), logEventOfJson(toJson(event), place)]) {
    expect(read).toEqual({ ...event, ...place })
    expect(isUnread(read)).toBe(false)
    expect(bytesOf(read)).toEqual(encode(event))
  }
})

const known = { id: event.id, recordedAt: event.recordedAt, merchantId: '1042' }
const teleported = text.replace(event.type, 'PaymentTeleported')
const noEvent = { id: 'unreadable-1-12', type: 'Unreadable', unreadable: 'not the text of an event' }
test.each<[string, string, object]>([
  [
    'of a version yet to come',
    newerText(event),
    {
      ...known,
      type: event.type,
      unreadable: `an event of type ${event.type}, version 2, is not known to this version`,
    },
  ],
  [
    'of a type yet to come',
    teleported,
    {
      ...known,
      type: 'PaymentTeleported',
      unreadable: 'an event of type PaymentTeleported, version 1, is not known to this version',
    },
  ],
  [
    'with an amount that is none',
    text.replace('"amount":500', '"amount":"secret4242"'),
    { ...known, type: event.type, unreadable: `amount of ${event.type} is not an integer` },
  ],
  ['that has no owner', text.replace('"merchantId":"1042","key"', '"key"'), { ...noEvent, ...known, type: event.type }],
  ['cut short', text.slice(0, -1), noEvent],
  ['that is no text', '\u0000\u0001', noEvent],
  ['that is nothing', '', noEvent],
  ['that is null', 'null', noEvent],
  ['that is a number', '5', noEvent],
  ['that is of another kind', '{"type":5,"metadata":{"merchantId":7}}', noEvent],
])('one %s is told by what is known of it, and its bytes', (_, stored, expected) => {
  const { merchantId: _owner, ...ownerless } = { merchantId: undefined, ...expected }
  const told = stored.includes('"merchantId":"1042"') && !stored.includes('"metadata":{"key"') ? expected : ownerless
  const bytes = Buffer.from(stored)
  const read = logEvent(bytes, place)
  expect(read).toEqual({ ...place, ...told, bytes: Buffer.from(stored) })
  expect(bytesOf(read)).toEqual(bytes)
  expect(() => fromText(stored)).toThrow(UnreadableEvent)
  // The log's own memory is written anew.
  bytes.fill(0)
  expect(bytesOf(read)).toEqual(Buffer.from(stored))
})

test('bytes that are no text are kept as they are', () => {
  const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80])
  expect(bytesOf(logEvent(bytes, place))).toEqual(bytes)
  expect(bytesOf(logEventOfJson(new Uint8Array(bytes), place))).toEqual(bytes)
  expect(bytesOf(logEventOfJson('cut sho', place)).toString()).toBe('cut sho')
})

test('what cannot be read is passed on whole, though some of it could be', () => {
  const captured = { ...someEvent(), type: 'PaymentCaptured', data: { amount: 5, released: 6, fee: 'many' } }
  const stored = JSON.stringify(captured)
  const read = logEventOfJson(JSON.parse(stored), place)
  expect(read).toMatchObject({ unreadable: 'fee of PaymentCaptured is not an integer' })
  expect(bytesOf(read).toString()).toBe(stored)

  const limits = [
    { currency: 'INR', minAmount: 5, maxAmount: 6 },
    { currency: 'EUR', minAmount: 5, maxAmount: 'many' },
  ]
  const ruled = JSON.stringify({ ...someEvent(), type: 'MethodRulesSet', data: { limits } })
  expect(bytesOf(logEventOfJson(JSON.parse(ruled), place)).toString()).toBe(ruled)
})

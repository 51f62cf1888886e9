import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DomainEvent, NewEvent } from '../../domain/event.ts'
import { UnreadableEvent } from '../../http/unreadable-event.ts'
import { decodeData, encode, fromJson, fromText, idOf, toJson, toText, toTexts } from './event-codec.ts'
import { moneyFields, moneyLists } from './money-fields.ts'

const dressed = (event: DomainEvent): NewEvent => ({
  ...event,
  id: '6f0d2b0e-5c1c-5b3f-9a5e-7d1c2b3a4f50',
  version: 1,
  recordedAt: '2025-01-01T00:00:00.000Z',
  metadata: { merchantId: '1042', key: 'order "1"', fingerprint: 'f00d', traceId: '0af7', cause: 'resolver' },
})
const payment = { paymentId: 'pay_1', merchantId: '1042', currency: 'INR', gateway: 'sandbox' }
const payout = { payoutId: 'po_1', merchantId: '1042', currency: 'INR', amount: 700n }

const captured = (amount: bigint, released = 0n, fee = 0n): NewEvent =>
  dressed({ type: 'PaymentCaptured', data: { ...payment, captureId: 'cap_1', amount, released, fee } })

const rules = (minAmount: bigint, maxAmount: bigint): NewEvent =>
  dressed({
    type: 'MethodRulesSet',
    data: {
      gateway: 'sandbox',
      method: 'upi',
      enabled: true,
      limits: [
        { currency: 'INR', minAmount, maxAmount },
        { currency: 'EUR', minAmount: 1n, maxAmount: 2n },
      ],
    },
  })

const requested = (fields: { reference?: string; metadata?: { [label: string]: string }; amount?: bigint }): NewEvent =>
  dressed({
    type: 'PaymentAuthorizationRequested',
    data: {
      ...payment,
      amount: 1n,
      method: { type: 'card', token: 'tok_1', expiryYear: 2030 },
      capture: 'manual',
      expiresAt: '2025-01-08T00:00:00.000Z',
      ...fields,
    },
  })

describe('events as text', () => {
  test('amounts are integers of any size', () => {
    const text = toText(captured(12_500n, 500n, 250n))
    expect(text).toContain('"captureId":"cap_1","amount":12500,"released":500,"fee":250}')
    const large = toText(captured(2n ** 64n, -5n, -(2n ** 53n)))
    expect(large).toMatch(
      /"captureId":"cap_1","amount":18446744073709551616,"released":-5,"fee":-9007199254740992\}\}$/,
    )
    expect(JSON.parse(text)).toMatchObject({
      id: '6f0d2b0e-5c1c-5b3f-9a5e-7d1c2b3a4f50',
      type: 'PaymentCaptured',
      version: 1,
      recordedAt: '2025-01-01T00:00:00.000Z',
      metadata: { merchantId: '1042' },
      data: { amount: 12_500, released: 500, fee: 250 },
    })
  })

  test.each([
    captured(0n),
    requested({}),
    requested({ reference: 'naïve “quotes” \\ \u2028 \u0000 🏦 \ud800', metadata: { amount: '12345678901234567890' } }),
    dressed({ type: 'PaymentDeclined', data: { ...payment, code: 'do_not_honor', message: 'No' } }),
    dressed({
      type: 'PayoutRequested',
      data: { ...payout, bank: 'sandbox', destination: { type: 'upi', vpa: 'asha@okbank' }, metadata: { a: 'b' } },
    }),
    dressed({ type: 'PayoutReturned', data: { ...payout, code: 'closed', message: 'Account closed', settled: true } }),
    dressed({
      type: 'FeeScheduleSet',
      data: { merchantId: '1042', fees: { default: { basisPoints: 200, fixed: 300 } } },
    }),
    dressed({ type: 'GatewayConfigured', data: { gateway: 'sandbox', enabled: false } }),
    dressed({ type: 'MethodRulesSet', data: { gateway: 'sandbox', method: 'qr', enabled: false, limits: [] } }),
    rules(5n, 2n ** 70n),
    dressed({
      type: 'SettlementRecorded',
      data: {
        merchantId: '1042',
        settlementId: 'st_1',
        currency: 'INR',
        gross: 100n,
        refunds: 200n,
        disputes: 0n,
        fees: 1n,
        net: -101n,
        payments: 3,
        from: '0',
        to: '17',
      },
    }),
  ])('$type comes back as it was', (event) => {
    expect(fromText(encode(event).toString())).toEqual(event)
    expect(idOf(toText(event))).toBe(event.id)
  })

  test('amounts of any size and neighbours of any text come back exactly', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(2n ** 100n), 2n ** 100n),
        fc.bigInt(),
        fc.string({ unit: 'binary' }),
        fc.bigInt(2n ** 53n - 3n, 2n ** 53n + 3n),
        (amount, fee, text, released) => {
          const capture = captured(amount, released, fee)
          expect(fromText(encode(capture).toString())).toEqual(capture)
          const request = requested({ amount, reference: text, metadata: { [text]: `"amount":${amount}` } })
          expect(fromText(encode(request).toString())).toEqual(request)
          const limits = rules(amount, released)
          expect(fromText(encode(limits).toString())).toEqual(limits)
          for (const event of [capture, request, limits]) {
            expect(fromJson(JSON.parse(JSON.stringify(toJson(event))))).toEqual(event)
          }
        },
      ),
    )
  })

  test('strings are written as JSON.stringify writes them', () => {
    const writtenIn = (text: string): string =>
      /"reference":(".*?")\}\}$/s.exec(toText(requested({ reference: text })))?.[1] ?? ''
    for (let code = 0; code < 0x1_0000; code += code < 0x400 ? 1 : 97) {
      const text = `a${String.fromCharCode(code)}b`
      expect(writtenIn(text)).toBe(JSON.stringify(text))
    }
  })

  test('several at once are each written as alone, whether they share their metadata or not', () => {
    const own = captured(4n)
    const shared = [captured(5n), requested({})].map((event) => ({ ...event, metadata: own.metadata }))
    const other = { ...captured(6n), metadata: { merchantId: '7', cause: 'expiry' } }
    const events = [own, ...shared, other, own]
    expect(toTexts(events)).toEqual(events.map(toText))
  })

  test('an optional field that is absent stays absent', () => {
    expect(Object.keys(fromText(toText(requested({}))).data)).not.toContain('customerId')
  })
})

describe('what is no event', () => {
  const change = (from: string, to: string): string => toText(captured(5n)).replace(from, to)

  test.each([
    ['an unknown type', change('PaymentCaptured', 'PaymentTeleported')],
    ['a version yet to come', change('"version":1', '"version":2')],
    ['a version before the first', change('"version":1', '"version":0')],
    ['an amount that is missing', change(',"amount":5', '')],
    ['an amount with a fraction', change('"amount":5', '"amount":5.5')],
    ['an amount that is text', change('"amount":5', '"amount":"many"')],
    ['a list without an amount', toText(rules(5n, 6n)).replace('"minAmount":5,', '')],
    ['a list that is none', toText(rules(5n, 6n)).replace(/\[.*\]/, '5')],
    ['text cut short', toText(captured(5n)).slice(0, -1)],
  ])('%s', (_, text) => {
    expect(() => fromText(text)).toThrow(UnreadableEvent)
  })

  test.each([undefined, null, 5, 'event', {}, { type: 'PaymentTeleported', version: 1, data: {} }])(
    'JSON %j',
    (json) => {
      expect(() => fromJson(json)).toThrow(UnreadableEvent)
    },
  )

  test('an amount that is no bigint is not written', () => {
    const event = captured(5n)
    expect(() => toText({ ...event, data: { ...event.data, amount: 5 } } as unknown as NewEvent)).toThrow(TypeError)
    expect(() => toText(rules(5n, 6 as unknown as bigint))).toThrow(TypeError)
  })
})

test('data out of JSON gets its amounts back', () => {
  const json = { ...payment, captureId: 'cap_1', amount: 5, released: 0, fee: 1 }
  expect(decodeData('PaymentCaptured', json)).toEqual(captured(5n, 0n, 1n).data)
  expect(json.amount).toBe(5)
  expect(() => decodeData('PaymentCaptured', { ...json, amount: 2 ** 53 })).toThrow(UnreadableEvent)
})

test('every type has its row, even one without amounts', () => {
  expect(moneyFields.get('PaymentDeclined')).toEqual([])
  expect(moneyFields.get('SettlementRecorded')).toEqual(['gross', 'refunds', 'disputes', 'fees', 'net'])
  expect(moneyFields.size).toBe(36)
  expect(moneyFields.get('MethodRulesSet')).toEqual([])
  expect(moneyLists).toEqual(new Map([['MethodRulesSet', new Map([['limits', ['minAmount', 'maxAmount']]])]]))
})

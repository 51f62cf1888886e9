import { describe, expect, test } from 'vitest'
import { Compile } from 'typebox/compile'
import { bodyMembers, membersOf, resourceMembers } from './personal-members.ts'
import { MethodSchema, ShownMethodSchema, StoredMethodSchema } from './payment/method.ts'
import { isSealed, shownResource, textAt, withTexts } from './personal.ts'

const sealed = `sealed:17:${'Ab-_'.repeat(12)}`
const [given, stored, shown] = [MethodSchema, StoredMethodSchema, ShownMethodSchema].map((schema) => Compile(schema))
const takes = (method: object) => [given?.Check(method), stored?.Check(method), shown?.Check(method)]

describe('a way to pay is given, stored and shown', () => {
  test.each<[string, object, readonly boolean[]]>([
    ['plain', { type: 'upi', vpa: 'asha@okbank', name: 'Asha Rao' }, [true, true, true]],
    ['sealed', { type: 'upi', vpa: sealed, name: sealed }, [false, true, false]],
    ['with null for what was forgotten', { type: 'upi', vpa: null, name: null }, [false, false, true]],
    [
      'with a name that begins as what is sealed does',
      { type: 'card', token: 't', name: 'sealed: no' },
      [false, true, true],
    ],
    ['with what is no vpa', { type: 'upi', vpa: 'sealed:17:A' }, [false, false, false]],
    ['with what is not personal sealed', { type: 'netbanking', bank: 'hdfc', token: null }, [false, false, false]],
  ])('%s', (_, method, expected) => {
    expect(takes(method)).toEqual(expected)
  })
})

test('what is personal has the same place in requests, events and resources', () => {
  const pointers = (members: readonly { readonly pointer: string }[]) => members.map(({ pointer }) => pointer).sort()
  const ofPayments = ['/method/name', '/method/vpa']
  const ofPayouts = ['/destination/last4', '/destination/token', '/destination/vpa']
  expect(pointers(bodyMembers.authorize)).toEqual(ofPayments)
  expect(pointers(membersOf('PaymentAuthorizationRequested'))).toEqual(ofPayments)
  expect(pointers(resourceMembers.payment)).toEqual(ofPayments)
  expect(pointers(bodyMembers.payout)).toEqual(ofPayouts)
  for (const type of ['PayoutReserved', 'PayoutRequested']) expect(pointers(membersOf(type))).toEqual(ofPayouts)
  expect(pointers(resourceMembers.payout)).toEqual(ofPayouts)
  expect(membersOf('PaymentCaptured')).toEqual([])
})

describe('texts of members', () => {
  const members = resourceMembers.payment
  const [vpa] = members
  const payment = { id: 'pay_1', method: { type: 'upi', vpa: 'a@b' }, metadata: { vpa: sealed } }

  test('are found and changed where they are, and nothing else is', () => {
    expect(vpa && textAt(payment, vpa)).toBe('a@b')
    expect(withTexts(payment, members, (text, pointer) => `${text} at ${pointer}`)).toEqual({
      ...payment,
      method: { type: 'upi', vpa: 'a@b at /method/vpa' },
    })
    expect(withTexts(payment, members, (text) => text)).toBe(payment)
    expect(withTexts({ method: 7 }, members, () => null)).toEqual({ method: 7 })
  })

  test('that are still sealed are shown as null, and that is said', () => {
    expect(shownResource(payment, members)).toBe(payment)
    const forgotten = { ...payment, method: { type: 'upi', vpa: sealed, name: 'plain of old' } }
    expect(shownResource(forgotten, members)).toEqual({
      ...payment,
      method: { type: 'upi', vpa: null, name: 'plain of old' },
      forgotten: true,
    })
  })
})

test.each([
  [sealed, true],
  ['sealed:17:', false],
  [`sealed::${'A'.repeat(48)}`, false],
  [`sealed:1:${'A'.repeat(47)}=`, false],
  [`unsealed:1:${'A'.repeat(48)}`, false],
])('%s looks sealed: %s', (text, expected) => {
  expect(isSealed(text)).toBe(expected)
})

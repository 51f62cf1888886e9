import { expect, test } from 'vitest'
import { idOf, isId, uuidOf } from './uuid.ts'

test('a version 5 UUID, the same for the same parts', () => {
  expect(uuidOf('a', 'b')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(uuidOf('a', 'b')).toBe(uuidOf('a', 'b'))
  expect(new Set([uuidOf('a', 'b'), uuidOf('ab'), uuidOf('b', 'a'), uuidOf('a', 'b', '')]).size).toBe(4)
})

test('ids stay what they were', () => {
  expect(uuidOf('a', 'b')).toBe('256a17cb-fb1a-5380-85d0-945c22503fed')
})

test('an id has its kind in front', () => {
  expect(idOf('pay', '1042', 'order-1')).toMatch(/^pay_[0-9a-f]{32}$/)
  expect(idOf('pay', '1042', 'order-1').slice(4)).not.toBe(idOf('po', '1042', 'order-1').slice(3))
  expect(isId('pay', idOf('pay', '1', '2'))).toBe(true)
})

test.each([
  '',
  'pay',
  'pay_',
  `pay_${'0'.repeat(31)}`,
  `pay_${'0'.repeat(33)}`,
  `pay_${'A'.repeat(32)}`,
  `po_${'0'.repeat(32)}`,
])('%s is no id of a payment', (text) => {
  expect(isId('pay', text)).toBe(false)
})

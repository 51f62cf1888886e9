import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minorUnits, readableAmount } from './minor-units.ts'

test.each([
  ['99.33', 2, 9933],
  ['0.00', 2, 0],
  ['-0.00', 2, 0],
  ['-5', 2, -500],
  ['7', 0, 7],
  ['1.5', 3, 1500],
  ['1.2300', 2, 123],
  ['12.', 2, 1200],
  [' 24.39 ', 2, 2439],
  ['90071992547409.91', 2, 9007199254740991],
])('%s with %i decimals is %i', (text, exponent, units) => {
  expect(minorUnits(text, exponent)).toBe(units)
})

test.each([
  ['1.234', 2, 'more than 2 decimals'],
  ['1.5', 0, 'more than 0 decimals'],
  ['1,234.00', 2, 'no decimal number'],
  ['1.2.3', 2, 'no decimal number'],
  ['1e3', 2, 'no decimal number'],
  ['0x10', 2, 'no decimal number'],
  ['.5', 2, 'no decimal number'],
  ['', 2, 'no decimal number'],
  ['abc', 2, 'no decimal number'],
  ['90071992547409.92', 2, 'too large'],
])('%s with %i decimals is refused', (text, exponent, reason) => {
  expect(() => minorUnits(text, exponent)).toThrow(reason)
})

test('a comma marks decimals where the mapping says so', () => {
  expect(minorUnits('16008872,12', 2, ',')).toBe(1600887212)
})

describe('for any amount', () => {
  const units = fc.bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n })
  const exponent = fc.constantFrom(0, 2, 3, 4)

  test('what is printed is read back to the same minor unit', () => {
    fc.assert(
      fc.property(units, exponent, (amount, decimals) => {
        const text = readableAmount(amount, decimals).replaceAll(',', '')
        expect(BigInt(minorUnits(text, decimals))).toBe(amount)
      }),
    )
  })
})

test('amounts are printed with thousands and all decimals', () => {
  expect(readableAmount(1600887212n, 2)).toBe('16,008,872.12')
  expect(readableAmount(5n, 2)).toBe('0.05')
  expect(readableAmount(-1234567n, 0)).toBe('-1,234,567')
})

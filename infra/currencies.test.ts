import { describe, expect, it } from 'vitest'
import { exponentOf, isCurrency } from './currencies.ts'

describe('a currency', () => {
  it.each([
    ['INR', 2],
    ['BRL', 2],
    ['USD', 2],
    ['EUR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['XOF', 0],
    ['KWD', 3],
    ['BHD', 3],
    ['CLF', 4],
    ['CLP', 0],
    ['ISK', 0],
    ['UGX', 0],
    ['HUF', 2],
  ])('%s has %i decimals', (code, exponent) => {
    expect(isCurrency(code)).toBe(true)
    expect(exponentOf(code)).toBe(exponent)
  })

  it.each(['XXX', 'XTS', 'ABC', 'inr', '', 'INR ', 'BTC', 'constructor'])('is not %j', (code) => {
    expect(isCurrency(code)).toBe(false)
    expect(exponentOf(code)).toBeUndefined()
  })
})

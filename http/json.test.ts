import { describe, expect, it } from 'vitest'
import { json } from './json.ts'

describe('JSON', () => {
  it.each([
    ['small bigints', { amount: 12_500n, list: [0n, -1n] }, '{"amount":12500,"list":[0,-1]}'],
    [
      'bigints no number can hold',
      { a: 9_007_199_254_740_993n, b: [-(2n ** 64n)], c: 1n },
      '{"a":9007199254740993,"b":[-18446744073709551616],"c":1}',
    ],
    [
      'text that looks alike',
      { a: '12n', b: '"9007199254740993"', c: 2n ** 60n },
      '{"a":"12n","b":"\\"9007199254740993\\"","c":1152921504606846976}',
    ],
    ['a bigint by itself', 2n ** 70n, '1180591620717411303424'],
    [
      'all else as ever',
      { a: null, b: undefined, c: [undefined], d: new Date(0) },
      '{"a":null,"c":[null],"d":"1970-01-01T00:00:00.000Z"}',
    ],
  ])('writes %s', (_, value, text) => {
    expect(json(value)).toBe(text)
  })
})

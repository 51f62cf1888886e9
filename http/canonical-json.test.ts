import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

describe('canonical JSON', () => {
  it.each([
    [
      'names in the order of their UTF-16 units',
      { b: 1, a: 2, '10': 3, '9': 4, '\u20ac': 5, '😀': 6, '\ufb33': 7 },
      '{"10":3,"9":4,"a":2,"b":1,"€":5,"😀":6,"\ufb33":7}',
    ],
    [
      'numbers as ECMAScript writes them',
      [333333333.3333333, 1e30, 4.5, 0.002, 1e-27, -0],
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
    ],
    ['the fewest escapes', '\u20ac$\u000f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'],
    ['literals', [null, true, false, {}, []], '[null,true,false,{},[]]'],
    ['all the way down', [{ b: [{ d: 1, c: 2 }], a: {} }], '[{"a":{},"b":[{"c":2,"d":1}]}]'],
  ])('has %s', (_, value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })
})

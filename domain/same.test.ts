import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { same } from './same.ts'

const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)))
const data = fc.oneof(json, fc.record({ amount: fc.bigInt(0n, 3n), json, list: fc.array(fc.bigInt(0n, 1n)) }))

test('is what deep equality is, for data', () => {
  fc.assert(
    fc.property(data, data, (one, other) => {
      expect(same(one, structuredClone(one))).toBe(true)
      expect(same(one, other)).toBe(isDeepStrictEqual(one, other))
      expect(same({ one, other }, { other, one })).toBe(true)
      expect(same({ one }, { one, other })).toBe(false)
    }),
  )
})

test.each<[unknown, unknown]>([
  [1, 1n],
  [{}, []],
  [{}, null],
  [{ a: undefined }, { b: undefined }],
  [['a'], { 0: 'a', length: 1 }],
])('%o and %o are not the same', (one, other) => {
  expect(same(one, other)).toBe(false)
  expect(same(other, one)).toBe(false)
})

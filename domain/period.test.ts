import fc from 'fast-check'
import { expect, test } from 'vitest'
import { periodOf, periodsUpTo, sumSizes, timeSizes } from './period.ts'

test.each([
  [0, 4, 0],
  [3, 4, 0],
  [4, 4, 4],
  [11, 4, 8],
])('sequence %i is in the period of %i that begins at %i', (sequence, size, first) => {
  expect(periodOf(sequence, size)).toBe(first)
})

test('each size is a multiple of the one before', () => {
  for (const sizes of [sumSizes(1), timeSizes(1), sumSizes(1_024), timeSizes(1_024)])
    for (const [index, size] of sizes.entries()) expect(size % (sizes[index - 1] ?? 1)).toBe(0)
})

test('what a log has up to a sequence is whole periods, one after another and bounded in number, and a rest', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31), fc.constantFrom(1, 1_024), (upTo, stride) => {
      const sizes = sumSizes(stride)
      const { whole, rest } = periodsUpTo(upTo, sizes)
      let next = 0
      for (const { size, from, before } of whole) {
        expect(from).toBe(next)
        expect([from % size, before % size]).toEqual([0, 0])
        if (size !== sizes.at(-1)) expect((before - from) / size).toBeLessThan(256)
        next = before
      }
      expect(rest).toBe(next)
      expect(upTo + 1 - rest).toBeLessThan(sizes[0] ?? 0)
      expect(rest).toBeLessThanOrEqual(upTo + 1)
    }),
  )
})

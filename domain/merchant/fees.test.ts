import { expect, test } from 'vitest'
import { feeOn, noFees } from './fees.ts'

const fee = (basisPoints: number, fixed = 0) => ({ default: { basisPoints, fixed } })

test.each([
  ['a share', fee(250), 10_000n, 250n],
  ['half a minor unit counts as one', fee(250), 60n, 2n],
  ['less than half as none', fee(249), 60n, 1n],
  ['a fixed part on top', fee(250, 30), 10_000n, 280n],
  ['never more than the capture', fee(250, 30), 20n, 20n],
  ['all of it', fee(10_000), 99n, 99n],
  ['nothing', noFees, 10_000n, 0n],
])('%s', (_what, schedule, captured, expected) => {
  expect(feeOn(schedule, 'upi', captured)).toBe(expected)
})

test('a method may have its own', () => {
  const schedule = { ...fee(250), methods: { upi: { basisPoints: 0, fixed: 5 } } }
  expect(feeOn(schedule, 'upi', 1_000n)).toBe(5n)
  expect(feeOn(schedule, 'card', 1_000n)).toBe(25n)
})

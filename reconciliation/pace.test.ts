import { describe, expect, test } from 'vitest'
import { restsAfter } from './pace.ts'

describe('a reconciler that has an hour for everything', () => {
  test.each([
    ['rests longer while what waits takes less than three minutes', { eachMs: 500, done: 2_000, left: 700_000 }, 10],
    ['hurries when it takes more', { eachMs: 500, done: 2_000, left: 740_000 }, 1],
    ['is at full pace where nothing waits', { eachMs: 500, done: 2_000, left: 0 }, 1],
    ['is at full pace in a round', { eachMs: 500, done: 0, left: 10_000 }, 1],
  ])('%s', (_, step, times) => {
    expect(restsAfter(step, 3_600_000)).toBe(times)
  })

  test('hurries sooner with less time', () => {
    expect(restsAfter({ eachMs: 500, done: 2_000, left: 2_000 }, 9_000)).toBe(1)
    expect(restsAfter({ eachMs: 500, done: 2_000, left: 2_000 }, 11_000)).toBe(10)
  })
})

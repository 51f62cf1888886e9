import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Rounds, roundsOf } from './rounds.ts'

const pace = { watermarkMs: 200, heartbeatMs: 5_000 }
let upTo = 0

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  upTo = 0
})
afterEach(() => vi.useRealTimers())

/** Rounds of a log that has moved whenever it is asked, though not by events of these three parts. */
const open = (): Rounds => {
  const ahead = { take: () => ({ events: [], upTo: ++upTo }), change: () => Promise.resolve(), end: () => undefined }
  return roundsOf(ahead, 0, { parts: 3, partOf: () => 0 }, 0, pace)
}
const marksOf = (rounds: Rounds): number => rounds.next()?.records.length ?? 0

test.each([
  { name: 'that are confirmed at once come after the usual pause', tookMs: 1, pauseMs: 199 },
  { name: 'that take a while come a quarter as often as they could', tookMs: 100, pauseMs: 300 },
  { name: 'that took very long are waited for five usual pauses', tookMs: 400, pauseMs: 600 },
  { name: 'that took longer than that are due when they are confirmed', tookMs: 30_000, pauseMs: 0 },
])('watermarks $name', ({ tookMs, pauseMs }) => {
  const rounds = open()
  expect(marksOf(rounds)).toBe(3)
  vi.advanceTimersByTime(tookMs)
  expect(marksOf(rounds)).toBe(pauseMs === 0 ? 3 : 0)
  if (pauseMs === 0) return
  expect(rounds.dueMs()).toBe(pauseMs)
  vi.advanceTimersByTime(pauseMs - 1)
  expect(marksOf(rounds)).toBe(0)
  vi.advanceTimersByTime(1)
  expect(marksOf(rounds)).toBe(3)
})

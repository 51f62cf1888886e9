import { expect, test } from 'vitest'
import type { Goal } from '../result.ts'
import type { Figures, Size } from './figures.ts'
import { goalsOf } from './goals.ts'
import { goalsTable } from './goals-table.ts'

const goalOf = (figures: Figures, what: string): Goal => {
  const goal = goalsOf(figures).find((each) => each.what.includes(what))
  if (goal === undefined) throw new Error(`no goal about ${what}`)
  return goal
}

const size = (events: number, more: Partial<Size> = {}): Size => ({
  events,
  single: 5_000,
  batch: 20_000,
  noop: 10_000,
  processes: [{ name: 'main', cpuSeconds: 1, usPerTransaction: 1, rssMaxMiB: 300, handlesMax: 9 }],
  startUp: { commandSeconds: 1.5, readySeconds: 9 },
  pages: [{ what: "a merchant's newest", payments: events, p50: 1, p99: 3 }],
  ...more,
})

test('every goal of the list is there, none measured', () => {
  const goals = goalsOf({})
  expect(new Set(goals.map(({ number }) => number))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]))
  for (const goal of goals) expect(goal).toMatchObject({ measured: 'not measured', met: undefined })
})

test.each([
  [8_000, 10_000, true, undefined],
  [7_900, 10_000, false, undefined],
  [10_000, 12_500, true, true],
  [9_999, 12_500, false, false],
])('%d single commands beside %d of the no-op server', (daybook, noop, ratio, absolute) => {
  const figures = { single: { daybook, noop } }
  expect(goalOf(figures, 'one a request').met).toBe(ratio)
  expect(goalOf(figures, '12,500').met).toBe(absolute)
})

test('a shorter run than asked for decides only when it misses', () => {
  const lag = { p50Ms: 10, p99Ms: 900, maxMs: 950, endEvents: 0, drainSeconds: 0 }
  const run = (perSecond: number, seconds: number) =>
    goalOf({ sustained: { perSecond, seconds, lag } }, '10 minutes').met
  expect([run(10_000, 600), run(10_000, 20), run(9_000, 20)]).toEqual([true, undefined, false])
})

test('projections count by core: theirs and PostgreSQL’s together', () => {
  const catchUp = { events: 100_000, seconds: 3, projectorCpuSeconds: 1, postgresCpuSeconds: 3 }
  expect(goalOf({ catchUp }, 'into PostgreSQL')).toMatchObject({ met: true, ratio: 1 })
})

test('at the largest size', () => {
  const sizes = [size(100_000), size(10_000_000, { batch: 15_000, single: 4_500 })]
  expect(goalOf({ sizes }, 'batches at 10 million').met).toBe(false)
  expect(goalOf({ sizes }, 'single commands at 10 million').met).toBe(true)
  // Where the machine was slower, that is not the system's doing.
  const later = [size(100_000), size(10_000_000, { batch: 15_000, noop: 7_500 })]
  expect(goalOf({ sizes: later }, 'batches at 10 million')).toMatchObject({ met: true, ratio: 1 })
  expect(goalOf({ sizes }, 'first command')).toMatchObject({
    met: true,
    measured: '1.5 s at 100,000, 1.5 s at 10,000,000; read models after 9.0 s',
  })
  expect(goalOf({ sizes }, 'memory').met).toBe(true)
  expect(goalOf({ sizes }, 'page of 100').met).toBe(true)
  const slow = [size(100_000), size(200_000, { startUp: { commandSeconds: 4, readySeconds: 5 } })]
  expect(goalOf({ sizes: slow }, 'first command').met).toBe(false)
  expect(goalOf({ sizes: slow }, 'memory').met).toBeUndefined()
})

test('memory that grows with the events is not bounded', () => {
  const grown = { name: 'main', cpuSeconds: 1, usPerTransaction: 1, rssMaxMiB: 3_000, handlesMax: 9 }
  const sizes = [size(100_000), size(1_000_000, { processes: [grown] })]
  expect(goalOf({ sizes }, 'memory').met).toBe(false)
})

test('the table names what falls short and what is not decided', () => {
  const text = goalsTable(
    goalsOf({ batch: { lines: 100, perSecond: 20_000 }, single: { noop: 10_000, daybook: 9_000 } }),
  )
  expect(text).toMatch(/^2 {2}batches of 100, durable +>= 50,000\/s +SHORT +0\.40 {2}20,000\/s$/m)
  expect(text).toContain('Falls short: batches of 100, durable.')
  expect(text).toMatch(/^Not decided at this size and length: POST/m)
  expect(text).toMatch(/^Not measured: p99 at 70 %/m)
})

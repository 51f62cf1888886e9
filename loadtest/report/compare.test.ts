import { expect, test } from 'vitest'
import { someReport, someRun } from '../testing/some-run.ts'
import { compare, comparisonTable } from './compare.ts'

const steady = (rate: number) => someRun(10, () => rate)
const verdictOf = (what: string, comparisons: ReturnType<typeof compare>) =>
  comparisons.find((each) => each.what.endsWith(what))?.verdict

test('what moved beyond noise is better or worse, by what is wanted of it', () => {
  const old = someReport(steady(1_000))
  const faster = compare(old, someReport({ ...steady(1_300), latency: { ...steady(1).latency, p50: 6 } }))
  expect(verdictOf('transactions/s', faster)).toBe('better')
  expect(faster.find(({ what }) => what.endsWith('transactions/s'))?.ratio).toBeCloseTo(1.3)
  expect(verdictOf('p50, ms', faster)).toBe('worse')
  expect(verdictOf('p99, ms', faster)).toBe('same')
  expect(verdictOf('transactions/s', compare(old, someReport(steady(700))))).toBe('worse')
})

test('an unsteady run has to move further', () => {
  const unsteady = (rate: number) => someRun(10, (second) => (second % 2 === 0 ? 0.4 : 1.6) * rate)
  expect(verdictOf('transactions/s', compare(someReport(steady(1_000)), someReport(steady(1_200))))).toBe('better')
  expect(verdictOf('transactions/s', compare(someReport(unsteady(1_000)), someReport(steady(1_200))))).toBe('same')
})

test('only what both have is compared, and zeros to nothing', () => {
  const lagless = steady(1_000)
  const old = someReport({ ...lagless, lag: { ...lagless.lag, p99Ms: 0 } })
  const same = someReport(
    { ...lagless, lag: { ...lagless.lag, p99Ms: 0 } },
    someRun(3, () => 1, { name: 'another' }),
  )
  const comparisons = compare(old, same)
  expect(comparisons.filter(({ what }) => /lag|another/.test(what))).toEqual([])
  expect(comparisons.every(({ verdict }) => verdict === 'same')).toBe(true)
  const lagging = compare(old, someReport(lagless))
  expect(verdictOf('lag p99, ms', lagging)).toBe('worse')
})

test('yardsticks are compared too, and runs by what they are of the no-op server', () => {
  const withNoop = (rate: number, perSecond: number) => ({
    ...someReport(steady(rate)),
    yardsticks: [{ name: 'no-op POST', perSecond }],
  })
  const comparisons = compare(withNoop(1_000, 2_000), withNoop(500, 1_000))
  expect(comparisons).toContainEqual({ what: 'no-op POST', old: 2_000, now: 1_000, ratio: 0.5, verdict: 'worse' })
  expect(verdictOf('of no-op POST', comparisons)).toBe('same')
  expect(verdictOf('transactions/s', comparisons)).toBe('worse')
})

test('the table marks what moved', () => {
  const lines = comparisonTable(compare(someReport(steady(1_000)), someReport(steady(2_000)))).split('\n')
  expect(lines[1]).toMatch(/^standard mix: transactions\/s +1000 +2000 +2\.00 {2}better$/)
  expect(lines[2]).toMatch(/^standard mix: success rate +1 +1 +1\.00$/)
})

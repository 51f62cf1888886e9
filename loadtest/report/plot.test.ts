import { expect, test } from 'vitest'
import { someRun } from '../testing/some-run.ts'
import { plotSvg } from './plot-svg.ts'
import { plotTerminal } from './plot-terminal.ts'
import { pointsOf } from './points.ts'
import { short, ticks } from './ticks.ts'

test.each([
  [0, 4, [0, 0.5]],
  [9, 4, [0, 5, 10]],
  [10, 5, [0, 2, 4, 6, 8, 10]],
  [0.3, 3, [0, 0.1, 0.2, 0.3]],
  [17_300, 4, [0, 5_000, 10_000, 15_000, 20_000]],
])('an axis up to %d', (max, about, expected) => {
  expect(ticks(max, about)).toEqual(expected)
})

test('numbers on an axis', () => {
  expect([0, 0.05, 950, 1_200, 15_000, 2_500_000].map(short)).toEqual(['0', '0.05', '950', '1.2k', '15k', '2.5m'])
})

test('a long run is drawn in stretches, with the mean rate and the worst p99 of each', () => {
  const { timeline } = someRun(7, (second) => second * 10)
  expect(pointsOf(timeline, 3)).toEqual([
    { second: 0, perSecond: 10, errorsPerSecond: 0, p50: 4, p99: 22 },
    { second: 3, perSecond: 40, errorsPerSecond: 7 / 3, p50: 4, p99: 25 },
    { second: 6, perSecond: 60, errorsPerSecond: 0, p50: 4, p99: 26 },
  ])
  expect(pointsOf(timeline, 100)).toHaveLength(7)
  expect(pointsOf([], 100)).toEqual([])
})

/** The coordinates of the line of a class, and where the frame's grid lines are. */
const linesIn = (svg: string, className: string): number[][][] =>
  [...svg.matchAll(new RegExp(`<polyline class="${className}" points="([^"]*)"`, 'g'))].map(([, points = '']) =>
    points.split(' ').map((pair) => pair.split(',').map(Number)),
  )

test('the lines of the SVG stay in their frame and are to scale', () => {
  const svg = plotSvg([someRun(11, (second) => second * 100), someRun(3, () => 0, { name: '<idle> & "done"' })])
  const [rate = []] = linesIn(svg, 'rate')
  expect(rate).toHaveLength(11)
  const [first = [], middle = [], last = []] = [rate[0], rate[5], rate[10]]
  expect(first[0]).toBe(64)
  expect(last[0]).toBeCloseTo(64 + (884 - 64) * (10 / 10))
  expect((first[1] ?? 0) - (last[1] ?? 0)).toBeCloseTo(150)
  expect((first[1] ?? 0) - (middle[1] ?? 0)).toBeCloseTo(75)
  const height = Number(/ height="(\d+)"/.exec(svg)?.[1])
  for (const name of ['rate', 'errors', 'p50', 'p99']) {
    expect(linesIn(svg, name)).toHaveLength(2)
    for (const [x = 0, y = 0] of linesIn(svg, name).flat()) {
      expect(x).toBeGreaterThanOrEqual(64)
      expect(x).toBeLessThanOrEqual(884)
      expect(y).toBeGreaterThan(0)
      expect(y).toBeLessThan(height)
    }
  }
})

test('the SVG names its units and lines, minds the reader’s colours and escapes names', () => {
  const svg = plotSvg([someRun(3, () => 5, { name: '<idle> & "done"' })])
  for (const word of ['transactions/s', 'latency, ms', '>accepted<', '>errors<', '>p50<', '>p99<', '>0 s<'])
    expect(svg).toContain(word)
  expect(svg).toContain('prefers-color-scheme: dark')
  expect(svg).toContain('&lt;idle&gt; &amp; &quot;done&quot;')
  expect(svg).not.toContain('NaN')
})

test('runs without a timeline are left out', () => {
  expect(plotSvg([someRun(1, () => 5)])).not.toContain('<polyline')
  expect(plotTerminal(someRun(0, () => 5))).toBe('')
})

test('the terminal shows bars to scale within the columns', () => {
  const text = plotTerminal(
    someRun(200, (second) => (second < 100 ? 500 : 1_000)),
    60,
  )
  const lines = text.split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60)
  expect(lines[0]).toBe('standard mix')
  expect(text).toContain('transactions/s')
  expect(text).toContain('p99, ms')
  expect(text).toContain('200 s')
  // The first half is half as high.
  expect(lines[2]).toMatch(/^ +1k ┤ +█+$/)
  expect(lines[5]).toMatch(/┤█+$/)
})

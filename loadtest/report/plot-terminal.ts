import type { Run } from '../result.ts'
import { type Point, pointsOf } from './points.ts'
import { short, ticks } from './ticks.ts'

const eighths = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const gutter = 8
const rows = 6

/** Bars of a character's width each, `rows` lines high, with an axis on the left. */
const bars = (unit: string, values: readonly number[]): string[] => {
  const levels = ticks(Math.max(0, ...values), 3)
  const top = levels.at(-1) ?? 1
  const heights = values.map((value) => Math.round((value / top) * rows * 8))
  const labels = new Map(levels.slice(1).map((level) => [rows - Math.round((level / top) * rows), short(level)]))
  const lines = Array.from({ length: rows }, (_, row) => {
    const below = (rows - 1 - row) * 8
    const bar = heights.map((height) => eighths[Math.max(0, Math.min(8, height - below))])
    return `${(labels.get(row) ?? '').padStart(gutter)} ┤${bar.join('')}`
  })
  return [`${' '.repeat(gutter)}  ${unit}`, ...lines]
}

const timeAxis = (points: readonly Point[], seconds: number): string => {
  const end = `${seconds} s`
  return `${'0'.padStart(gutter)} └${'─'.repeat(points.length)} ${end}`
}

/** Throughput and latency over time, in at most `columns` columns; nothing for a run without a timeline. */
export const plotTerminal = (run: Run, columns = 80): string => {
  if (run.timeline.length < 2) return ''
  const seconds = (run.timeline.at(-1)?.second ?? 0) + 1
  const points = pointsOf(run.timeline, columns - gutter - 10)
  const axis = timeAxis(points, seconds)
  return [
    run.name,
    ...bars(
      'transactions/s',
      points.map(({ perSecond }) => perSecond),
    ),
    axis,
    ...bars(
      'p99, ms',
      points.map(({ p99 }) => p99),
    ),
    axis,
    '',
  ].join('\n')
}

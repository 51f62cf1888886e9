import type { Second } from '../result.ts'

/** A stretch of a run as a plot shows it: rates per second, latencies in milliseconds. */
export type Point = {
  /** Where the stretch begins. */
  readonly second: number
  readonly perSecond: number
  readonly errorsPerSecond: number
  readonly p50: number
  readonly p99: number
}

const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length

const pointOf = (stretch: readonly Second[]): Point => ({
  second: stretch[0]?.second ?? 0,
  perSecond: mean(stretch.map(({ transactions }) => transactions)),
  errorsPerSecond: mean(stretch.map(({ errors }) => errors)),
  p50: mean(stretch.map(({ p50 }) => p50)),
  // What somebody waited for must not vanish in an average.
  p99: Math.max(...stretch.map(({ p99 }) => p99)),
})

/** At most `most` points: each stands for equally many seconds, with mean rates, the mean p50 and the worst p99. */
export const pointsOf = (timeline: readonly Second[], most: number): Point[] => {
  const length = Math.max(1, Math.ceil(timeline.length / most))
  return Array.from({ length: Math.ceil(timeline.length / length) }, (_, index) =>
    pointOf(timeline.slice(index * length, (index + 1) * length)),
  )
}

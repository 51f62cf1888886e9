import { createHistogram } from 'node:perf_hooks'
import type { Percentiles } from './result.ts'

/** Latencies in a histogram of fixed size: exact to three figures, from a microsecond to ten minutes. */
export type Latencies = {
  record(ms: number): void
  count(): number
  /** Milliseconds that this share (0 to 100) of what was recorded stayed below; 0 where nothing was recorded. */
  percentile(percent: number): number
  percentiles(): Percentiles
  reset(): void
}

const longestMs = 600_000

export const createLatencies = (): Latencies => {
  const histogram = createHistogram({ lowest: 1, highest: longestMs * 1_000, figures: 3 })
  let recorded = 0
  const percentile = (percent: number): number => (recorded === 0 ? 0 : histogram.percentile(percent) / 1_000)
  return {
    record: (ms) => {
      recorded += 1
      histogram.record(Math.max(1, Math.min(longestMs * 1_000, Math.round(ms * 1_000))))
    },
    count: () => recorded,
    percentile,
    percentiles: () => ({
      p50: percentile(50),
      p75: percentile(75),
      p90: percentile(90),
      p95: percentile(95),
      p99: percentile(99),
      p999: percentile(99.9),
      max: recorded === 0 ? 0 : histogram.max / 1_000,
    }),
    reset: () => {
      recorded = 0
      histogram.reset()
    },
  }
}

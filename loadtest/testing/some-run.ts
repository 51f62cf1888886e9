import type { Report, Run, Second } from '../result.ts'

const second = (index: number, transactions: number): Second => ({
  second: index,
  transactions,
  errors: index === 3 ? 7 : 0,
  p50: 4,
  p99: 20 + index,
  lagEvents: 0,
})

/** A run of so many seconds, each with so many transactions as `transactions` says. */
export const someRun = (seconds: number, transactions: (second: number) => number, more: Partial<Run> = {}): Run => {
  const timeline = Array.from({ length: seconds }, (_, index) => second(index, transactions(index)))
  const total = timeline.reduce((sum, each) => sum + each.transactions, 0)
  return {
    name: 'standard mix',
    mode: 'closed',
    batch: 1,
    connections: 64,
    seconds,
    transactions: total,
    perSecond: total / seconds,
    successRate: 1,
    errors: {},
    latency: { p50: 4, p75: 6, p90: 9, p95: 12, p99: 20, p999: 40, max: 55 },
    timeline,
    processes: [{ name: 'main', cpuSeconds: 5, usPerTransaction: 100, rssMaxMiB: 200, handlesMax: 60 }],
    lag: { p50Ms: 40, p99Ms: 200, maxMs: 300, endEvents: 10, drainSeconds: 0.2 },
    ...more,
  }
}

/** A report of these runs and nothing else. */
export const someReport = (...runs: readonly Run[]): Report => ({
  version: 1,
  startedAt: '2026-01-31T12:00:00Z',
  machine: { cpus: 2, model: 'some', memoryGiB: 8, node: 'v20.20.2' },
  runs,
  yardsticks: [],
  goals: [],
})

import { expect, test } from 'vitest'
import { lagOf } from '../lag.ts'
import { createLatencies } from '../latencies.ts'
import { OptionError, readOptions } from '../options.ts'
import { nameOf } from '../processes.ts'
import type { Run } from '../result.ts'
import { highestRate } from './find-rate.ts'
import { sizesUpTo } from './scale.ts'
import { growthFaults } from './soak.ts'
import { stressFaults } from './stress.ts'

test('the highest rate is found from below and from above', async () => {
  const upTo = (limit: number) => highestRate(1_600, (rate) => Promise.resolve(rate <= limit))
  expect(await upTo(0)).toBeUndefined()
  expect(await upTo(850)).toBe(800)
  expect(await upTo(5_000)).toBe(1_500)
})

const run = (perSecond: number, errors: Record<string, number> = {}): Run => ({
  name: 'a run',
  mode: 'closed',
  batch: 1,
  connections: 1,
  seconds: 1,
  transactions: perSecond,
  perSecond,
  successRate: 1,
  errors,
  latency: { p50: 0, p75: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0 },
  timeline: [],
  processes: [],
  lag: { p50Ms: 0, p99Ms: 0, maxMs: 0, endEvents: 0, drainSeconds: 0 },
})

test('an overload may be refused and nothing else', () => {
  const during = (errors: Record<string, number>, retryAfter: number) => ({ run: run(900, errors), retryAfter })
  const faults = (errors: Record<string, number>, retryAfter: number, after = 1_000) =>
    stressFaults(run(1_000), during(errors, retryAfter), run(after), true)
  expect(faults({ '503 overloaded': 5, 'not sent': 3 }, 5)).toEqual([])
  expect(faults({ '503 overloaded': 5 }, 4)).toEqual(['1 of 5 503s had no Retry-After'])
  expect(faults({ '503 overloaded': 5, '500 internal': 1 }, 5)).toHaveLength(1)
  expect(faults({ '503 overloaded': 5, ECONNRESET: 1 }, 5)).toHaveLength(1)
  expect(faults({}, 0)).toEqual(['nothing was refused, so there was no overload'])
  expect(faults({ '503 overloaded': 5 }, 5, 700)).toHaveLength(1)
})

test('what goes on growing in a soak is told, what has settled is not', () => {
  const minutes = (rss: (minute: number) => number) =>
    Array.from({ length: 40 }, (_, minute) => [{ name: 'main', rssMiB: rss(minute), handles: 90 }])
  expect(growthFaults(minutes((minute) => Math.min(400, 100 + minute * 40)))).toEqual([])
  expect(growthFaults(minutes((minute) => 200 + minute * 20))).toEqual(['main grew from 500 to 900 MiB'])
  expect(growthFaults([])).toEqual([])
})

test('history grows twofold', () => {
  expect(sizesUpTo(4_000_000)).toEqual([100_000, 1_000_000, 2_000_000, 4_000_000])
  expect(sizesUpTo(10_000_000)).toEqual([100_000, 1_000_000, 2_000_000, 4_000_000, 8_000_000, 10_000_000])
  expect(sizesUpTo(50_000)).toEqual([50_000])
})

test('lag and latencies in figures', () => {
  const samples = Array.from({ length: 100 }, (_, n) => n + 1)
  expect(lagOf(samples, 3, 0.5)).toEqual({ p50Ms: 50, p99Ms: 99, maxMs: 100, endEvents: 3, drainSeconds: 0.5 })
  expect(lagOf([], 0, 0)).toMatchObject({ p50Ms: 0, p99Ms: 0, maxMs: 0 })
  const latencies = createLatencies()
  expect(latencies.percentiles()).toMatchObject({ p50: 0, max: 0 })
  for (const sample of samples) latencies.record(sample)
  const { p50, p99, max } = latencies.percentiles()
  expect([Math.round(p50), Math.round(p99), Math.round(max)]).toEqual([50, 99, 100])
})

test('options', () => {
  expect(readOptions(['--help'])).toBeUndefined()
  expect(readOptions([])).toMatchObject({ mode: 'run', batch: 1, connections: 64, rate: undefined, seconds: 20 })
  expect(readOptions(['--batch', '100', '--rate', '5k'])).toMatchObject({ batch: 100, connections: 8, rate: 5_000 })
  expect(readOptions(['--scale', '--up-to', '0.5m'])).toMatchObject({ mode: 'scale', upTo: 500_000 })
  for (const wrong of [
    ['--rate', 'fast'],
    ['--duration', '0'],
    ['--stress', '--soak'],
    ['--url', 'http://h'],
    ['--scale', '--url', 'http://h', '--key', 'k'],
    ['--nonsense'],
  ]) {
    expect(() => readOptions(wrong)).toThrow(OptionError)
  }
})

test('processes have the names that people know them by', () => {
  expect(nameOf('node dist/app/daybook.js start', true)).toBe('main')
  expect(nameOf('node dist/projections/main.js', false)).toBe('projections')
  expect(nameOf('node --max-semi-space-size=64 dist/app/workers/main.js 2', false)).toBe('worker 2')
  expect(nameOf('node dist/app/daybook.js run command-side', false)).toBe('command-side')
  expect(nameOf('java -Xmx300m -cp kafka/libs/* kafka.Kafka server.properties', false)).toBe('Kafka')
  expect(nameOf('redis-server 127.0.0.1:7000 [cluster]', false)).toBe('Redis')
  expect(nameOf('node dist/infra/eventstoredb/test-server/server-process.js', false)).toBe('event store')
  expect(nameOf('postgres: daybook postgres 127.0.0.1(1) idle', false)).toBe('PostgreSQL')
})

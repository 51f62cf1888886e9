import { expect, test } from 'vitest'
import { someRun } from '../testing/some-run.ts'
import { capacityFor, capacityTable } from './capacity.ts'

const use = (name: string, usPerTransaction: number) => ({
  name,
  cpuSeconds: 1,
  usPerTransaction,
  rssMaxMiB: 100,
  handlesMax: 10,
})
const run = someRun(1, () => 1, { processes: [use('main', 90), use('PostgreSQL', 30), use('load generator', 50)] })

test('cores and machines from CPU per transaction, without the load generator', () => {
  const capacity = capacityFor(run, 100_000)
  expect(capacity.busy).toBeCloseTo(12)
  expect(capacity.needed).toBeCloseTo(20)
  expect(capacity.machines).toBe(2)
  expect(capacity.cores.map(({ name }) => name)).toEqual(['main', 'PostgreSQL'])
})

test('as text', () => {
  expect(capacityTable(run).split('\n')[0]).toBe(
    '10,000 transactions/s: 1.2 cores busy (main 0.9, PostgreSQL 0.3); 2 cores at 60 %, 1 × 16 cores',
  )
})

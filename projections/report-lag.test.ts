import { expect, test, vi } from 'vitest'
import type { ReadModelServer } from './read-model-store.ts'
import { lagReporter } from './report-lag.ts'

test('a lag that is not known grows with the time that nothing is known of it', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  let isAway = false
  const server: Pick<ReadModelServer, 'shards' | 'transaction'> = {
    shards: ['shard_0', 'shard_1'],
    transaction: async (work) => {
      if (isAway) throw new Error('nobody is there')
      const rows = [
        { schema: 'shard_0', log: 0, sequence: 7n },
        { schema: 'shard_1', log: 0, sequence: 9n },
      ]
      return work({
        query: async (text: string) => (text.includes('daybook.copies') ? [] : rows) as never,
        savepoint: () => Promise.reject(new Error('none is needed')),
      } as never)
    },
  }
  const told: unknown[] = []
  const lagOf = async (position: string) => ({ events: 10 - Number(position), seconds: 2 })
  const report = lagReporter(server as ReadModelServer, lagOf, (...each) => told.push(each))
  await report()
  expect(told.splice(0)).toEqual([
    [0, 3, 2],
    [1, 1, 2],
  ])
  isAway = true
  vi.advanceTimersByTime(5_000)
  await expect(report()).rejects.toThrow('nobody is there')
  expect(told.splice(0)).toEqual([
    [0, 3, 7],
    [1, 1, 7],
  ])
  isAway = false
  await report()
  expect(told).toEqual([
    [0, 3, 2],
    [1, 1, 2],
  ])
  vi.useRealTimers()
})

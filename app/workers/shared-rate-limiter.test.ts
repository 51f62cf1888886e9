import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { RateLimiter } from '../../http/rate-limit.ts'
import { memoryRateLimiter } from '../../infra/auth/memory-rate-limiter.ts'
import { consumeAll, type SharedRateLimiter, sharedRateLimiter } from './shared-rate-limiter.ts'

const workerOf = (counting: RateLimiter, messages: string[][]): SharedRateLimiter => {
  const worker: SharedRateLimiter = sharedRateLimiter((number, keys) => {
    messages.push([...keys])
    void sleep(Math.random() * 5)
      .then(() => consumeAll(counting, keys))
      .then((uses) => worker.answered(number, uses))
  })
  return worker
}

test('a limit holds over all workers, and what is used in one turn is one message', async () => {
  const counting = memoryRateLimiter(10, 60_000)
  if (counting === undefined) throw new Error('no limit')
  const messages: string[][] = []
  const workers = [workerOf(counting, messages), workerOf(counting, messages)]
  const uses = await Promise.all(workers.flatMap((worker) => Array.from({ length: 8 }, () => worker.consume('shop'))))
  expect(uses.filter(({ allowed }) => allowed)).toHaveLength(10)
  expect(
    uses
      .map(({ remaining }) => remaining)
      .sort((a, b) => b - a)
      .slice(0, 10),
  ).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
  expect(messages.map((keys) => keys.length)).toEqual([8, 8])

  const [one, other] = await Promise.all([workers[0]?.consume('shop'), workers[0]?.consume('another')])
  expect([one?.allowed, other?.allowed]).toEqual([false, true])
})

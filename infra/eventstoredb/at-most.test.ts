import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { atMost } from './at-most.ts'

test('so many at once, the others in the order in which they came', async () => {
  const inTurn = atMost(3, 60_000)
  const begun: number[] = []
  let [running, most] = [0, 0]
  const work = (n: number) => async (): Promise<number> => {
    begun.push(n)
    most = Math.max(most, ++running)
    await sleep(1)
    running--
    if (n === 5) throw new Error('five')
    return n
  }
  const results = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => inTurn(work(n))))
  expect(begun).toEqual(Array.from({ length: 20 }, (_, n) => n))
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  expect(most).toBe(3)
})

test('who has waited for too long is told, and keeps nobody behind from beginning', async () => {
  const inTurn = atMost(1, 20)
  const slow = inTurn(() => sleep(100))
  const late = [inTurn(async () => 1), inTurn(async () => 2)]
  for (const each of late) await expect(each).rejects.toMatchObject({ name: 'EventStoreBusy' })
  await slow
  await expect(inTurn(async () => 3)).resolves.toBe(3)
})

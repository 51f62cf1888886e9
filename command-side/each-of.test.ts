import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { eachOf, forThisRound } from './each-of.ts'

const numbers = Array.from({ length: 1_000 }, (_, n) => n)
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const never = new AbortController().signal

test('each is worked on once, some at a time, and one that fails is told', async () => {
  const done: number[] = []
  const told: unknown[] = []
  let [underWay, most] = [0, 0]
  const work = async (n: number): Promise<void> => {
    most = Math.max(most, ++underWay)
    await nextTurn()
    underWay--
    if (n === 7) throw new Error('seven')
    done.push(n)
  }
  await eachOf(numbers, work, never, { ...silent, error: (about) => told.push(about) })
  expect(done.toSorted((one, other) => one - other)).toEqual(numbers.filter((n) => n !== 7))
  expect(told).toEqual([expect.objectContaining({ about: 7 })])
  expect(most).toBe(64)
})

test('nothing is begun once the signal is aborted', async () => {
  const ending = new AbortController()
  let begun = 0
  const work = async (): Promise<void> => {
    begun++
    ending.abort()
    await nextTurn()
  }
  await eachOf(numbers, work, ending.signal, silent)
  expect(begun).toBe(1)
})

test('a round takes all there is in its order, and of more than fits some at random', async () => {
  const first = (count: number) => async (limit: number) => numbers.slice(0, Math.min(count, limit))
  expect(await forThisRound(first(500))).toEqual(numbers.slice(0, 500))
  const [one, other] = [await forThisRound(first(1_000)), await forThisRound(first(1_000))]
  expect(new Set(one).size).toBe(500)
  expect(one.every((n) => numbers.includes(n))).toBe(true)
  expect(one).not.toEqual(other)
})

import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { warmUp } from './warm-up.ts'

const ids = Array.from({ length: 100 }, (_, n) => `m${n}`)
const options = { signal: new AbortController().signal, onTrouble: () => undefined }

test('each is loaded once, so many at a time, and no more than the limit', async () => {
  const loaded: string[] = []
  let underWay = 0
  let most = 0
  const load = async (id: string): Promise<void> => {
    most = Math.max(most, ++underWay)
    await nextTurn()
    loaded.push(id)
    underWay--
  }
  // It may give more than it was asked for.
  expect(await warmUp(async () => ids, load, { ...options, limit: 40, atOnce: 7 })).toBe(40)
  expect(loaded.toSorted()).toEqual(ids.slice(0, 40).toSorted())
  expect(most).toBe(7)
})

test('what cannot be loaded or listed is heard of, and stops nothing', async () => {
  const heard: unknown[] = []
  const load = async (id: string): Promise<void> => {
    if (id === 'm3') throw new Error(id)
  }
  const onTrouble = (error: unknown): void => void heard.push(error)
  expect(await warmUp(async () => ids, load, { ...options, onTrouble })).toBe(99)
  expect(await warmUp(() => Promise.reject(new Error('list')), load, { ...options, onTrouble })).toBe(0)
  expect(heard).toEqual([new Error('m3'), new Error('list')])
})

test('it ends when its process does', async () => {
  const ending = new AbortController()
  let asked = 0
  const load = async (): Promise<void> => {
    if (++asked === 10) ending.abort()
  }
  await warmUp(async () => ids, load, { ...options, atOnce: 1, signal: ending.signal })
  expect(asked).toBe(10)
})

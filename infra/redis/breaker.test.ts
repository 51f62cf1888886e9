import { beforeEach, afterEach, expect, test, vi } from 'vitest'
import { createBreaker } from './breaker.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

const fails = () => Promise.reject(new Error('gone'))
const works = () => Promise.resolve('answer')

test('opens after so many failures in a row, rests, and closes after one success', async () => {
  const heard: unknown[] = []
  const { attempt } = createBreaker(3, 1_000, (error) => heard.push(error))
  for (let n = 0; n < 2; n++) expect(await attempt(fails)).toBeUndefined()
  expect(await attempt(works)).toBe('answer')
  for (let n = 0; n < 3; n++) expect(await attempt(fails)).toBeUndefined()
  const asked = vi.fn(works)
  expect(await attempt(asked)).toBeUndefined()
  expect(asked).not.toHaveBeenCalled()
  expect(heard).toHaveLength(5)
  vi.advanceTimersByTime(1_000)
  expect(await attempt(asked)).toBe('answer')
  expect(await attempt(asked)).toBe('answer')
  expect(asked).toHaveBeenCalledTimes(2)
})

test('of those who come after the rest one tries, and a failure makes it rest again', async () => {
  const { attempt } = createBreaker(1, 1_000, () => undefined)
  await attempt(fails)
  vi.advanceTimersByTime(1_000)
  const asked = vi.fn(fails)
  await Promise.all([attempt(asked), attempt(asked), attempt(asked)])
  expect(asked).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(999)
  await attempt(asked)
  expect(asked).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(1)
  await attempt(asked)
  expect(asked).toHaveBeenCalledTimes(2)
})

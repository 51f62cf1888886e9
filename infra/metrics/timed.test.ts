import { expect, test } from 'vitest'
import { timed } from './timed.ts'

test('each call is told once it has ended, also where it is rejected, and answers as before', async () => {
  const told: [string, number][] = []
  const port = {
    name: 'a port',
    add: async (one: number, other: number) => one + other,
    fail: () => Promise.reject(new Error('no')),
    quiet: async () => 'quiet',
  }
  const watched = timed(port, ['add', 'fail'], (call, seconds) => told.push([call, seconds]))
  expect(await watched.add(1, 2)).toBe(3)
  await expect(watched.fail()).rejects.toThrow('no')
  expect(await watched.quiet()).toBe('quiet')
  expect(watched.name).toBe('a port')
  expect(told).toEqual([
    ['add', expect.any(Number)],
    ['fail', expect.any(Number)],
  ])
})

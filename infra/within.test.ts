import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { within } from './within.ts'

const silence = (): Error => new Error('silent')

test('the answer in time, or what the work was rejected with', async () => {
  expect(await within(60_000, async () => 7, silence)).toBe(7)
  await expect(within(60_000, () => Promise.reject(new Error('no')), silence)).rejects.toThrow('no')
})

test('silence after the time, and nothing of what comes later', async () => {
  const late = sleep(100).then(() => Promise.reject(new Error('late')))
  await expect(within(5, () => late, silence)).rejects.toThrow('silent')
  await expect(late).rejects.toThrow('late')
})

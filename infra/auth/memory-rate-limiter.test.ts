import { describe, expect, it } from 'vitest'
import { memoryRateLimiter } from './memory-rate-limiter.ts'

describe('a rate limiter in memory', () => {
  it('allows as many uses as its limit in a window, for each key', async () => {
    const limiter = memoryRateLimiter(2, 60_000)
    const first = await limiter?.consume('a')
    expect(first).toEqual({ allowed: true, limit: 2, remaining: 1, resetSeconds: 60 })
    expect(await limiter?.consume('a')).toMatchObject({ allowed: true, remaining: 0 })
    expect(await limiter?.consume('a')).toMatchObject({ allowed: false, remaining: 0 })
    expect(await limiter?.consume('b')).toMatchObject({ allowed: true, remaining: 1 })
  })

  it('allows as many again when the window is over', async () => {
    const limiter = memoryRateLimiter(1, 50)
    await limiter?.consume('a')
    expect(await limiter?.consume('a')).toMatchObject({ allowed: false, resetSeconds: 1 })
    await expect.poll(async () => (await limiter?.consume('a'))?.allowed, { interval: 60 }).toBe(true)
  })

  it('counts uses at the same time one by one', async () => {
    const limiter = memoryRateLimiter(10, 60_000)
    const uses = await Promise.all(Array.from({ length: 25 }, async () => limiter?.consume('a')))
    expect(uses.filter((use) => use?.allowed)).toHaveLength(10)
  })

  it('is none when the limit is 0', () => {
    expect(memoryRateLimiter(0, 60_000)).toBeUndefined()
  })
})

import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { memoryRateLimiter } from '../infra/auth/memory-rate-limiter.ts'
import type { Edge, Principal } from './principal.ts'
import { onError } from './problem-response.ts'
import { rateLimit } from './rate-limit.ts'

const appWith = (maxRequests: number) => {
  const app = new Hono<Edge>()
  app.onError(onError({ error: () => {} }))
  app.use('/v1/*', async (c, next) => {
    const merchantId = c.req.header('merchant')
    const principal: Principal =
      merchantId === undefined
        ? { role: 'finance', keyId: c.req.header('key') ?? '' }
        : { role: 'merchant', merchantId, keyId: 'k' }
    c.set('principal', principal)
    await next()
  })
  app.use('*', rateLimit(memoryRateLimiter(maxRequests, 60_000)))
  app.get('/v1/payments', (c) => c.text(''))
  app.post('/v1/payments', (c) => c.text(''))
  app.get('/v1/payments/:id', (c) => c.text(''))
  app.get('/health', (c) => c.text(''))
  return (path: string, headers: Record<string, string> = {}, method = 'GET') => app.request(path, { headers, method })
}

describe('a rate limit', () => {
  it('counts down in the headers and then answers 429 with when to come back', async () => {
    const ask = appWith(2)
    const first = await ask('/v1/payments', { merchant: '1' })
    expect(first.status).toBe(200)
    expect(first.headers.get('RateLimit-Limit')).toBe('2')
    expect(first.headers.get('RateLimit-Remaining')).toBe('1')
    expect(Number(first.headers.get('RateLimit-Reset'))).toBeGreaterThan(0)
    expect((await ask('/v1/payments', { merchant: '1' })).headers.get('RateLimit-Remaining')).toBe('0')
    const refused = await ask('/v1/payments', { merchant: '1' })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('RateLimit-Remaining')).toBe('0')
    expect(refused.headers.get('Retry-After')).toBe(refused.headers.get('RateLimit-Reset'))
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
    expect(await refused.json()).toMatchObject({ code: 'rateLimited', status: 429 })
  })

  it.each([
    ['another merchant', '/v1/payments', { merchant: '2' }, 'GET'],
    ['another role', '/v1/payments', { key: '1' }, 'GET'],
    ['another method', '/v1/payments', { merchant: '1' }, 'POST'],
    ['another endpoint', '/v1/payments/pay_1', { merchant: '1' }, 'GET'],
    ['an address', '/health', {}, 'GET'],
  ])('is one for each holder and endpoint: %s has its own', async (_, path, headers, method) => {
    const ask = appWith(1)
    await ask('/v1/payments', { merchant: '1' })
    expect((await ask('/v1/payments', { merchant: '1' })).status).toBe(429)
    expect((await ask(path, headers, method)).status).toBe(200)
    expect((await ask(path, headers, method)).status).toBe(429)
  })

  it('is one for all resources of an endpoint', async () => {
    const ask = appWith(1)
    expect((await ask('/v1/payments/pay_1', { merchant: '1' })).status).toBe(200)
    expect((await ask('/v1/payments/pay_2', { merchant: '1' })).status).toBe(429)
  })

  it('of 0 is none', async () => {
    const ask = appWith(0)
    for (let request = 0; request < 20; request += 1) {
      const response = await ask('/v1/payments', { merchant: '1' })
      expect(response.status).toBe(200)
      expect(response.headers.has('RateLimit-Limit')).toBe(false)
    }
  })
})

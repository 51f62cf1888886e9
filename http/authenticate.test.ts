import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { memoryRateLimiter } from '../infra/auth/memory-rate-limiter.ts'
import { authenticate, merchantScope, requireRole } from './authenticate.ts'
import type { Edge, Principal } from './principal.ts'
import { onError } from './problem-response.ts'

const merchant: Principal = { role: 'merchant', merchantId: '1042', keyId: 'k' }
const auditor: Principal = { role: 'auditor', keyId: 'k' }

const appWith = (failuresAllowed: number) => {
  const app = new Hono<Edge>()
  app.onError(onError({ error: () => {} }))
  app.use(
    authenticate(
      async (authorization) => (authorization === 'Bearer good' ? merchant : undefined),
      memoryRateLimiter(failuresAllowed, 60_000),
    ),
  )
  app.get('/', (c) => c.json(c.get('principal')))
  return (authorization?: string) => app.request('/', authorization === undefined ? {} : { headers: { authorization } })
}

describe('authentication', () => {
  it('tells the routes who is asking', async () => {
    expect(await (await appWith(0)('Bearer good')).json()).toEqual(merchant)
  })

  it.each([
    [undefined, 'Bearer realm="daybook"'],
    ['Bearer bad', 'Bearer realm="daybook", error="invalid_token"'],
    ['Basic good', 'Bearer realm="daybook", error="invalid_token"'],
  ])('is 401 for %s', async (authorization, challenge) => {
    const response = await appWith(0)(authorization)
    expect(response.status).toBe(401)
    expect(response.headers.get('WWW-Authenticate')).toBe(challenge)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ code: 'unauthenticated' })
    expect(text).not.toContain('bad')
  })

  it('is 429 for an address that fails too often, which can still come in with a good key', async () => {
    const ask = appWith(2)
    expect((await ask('Bearer bad')).status).toBe(401)
    expect((await ask('Bearer bad')).status).toBe(401)
    const refused = await ask('Bearer bad')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
    expect(await refused.json()).toMatchObject({ code: 'rateLimited' })
    expect((await ask('Bearer good')).status).toBe(200)
  })
})

describe('a role', () => {
  it('lets through who has one of them', () => {
    expect(() => requireRole(auditor, 'finance', 'auditor')).not.toThrow()
  })

  it('is 403 for anybody else', () => {
    expect(() => requireRole(merchant, 'finance', 'auditor')).toThrow(
      expect.objectContaining({ status: 403, code: 'forbidden' }),
    )
  })
})

describe('the scope of a request', () => {
  it.each([
    ['a merchant', merchant, undefined, { type: 'one', merchantId: '1042' }],
    ['a merchant that asks for itself', merchant, '1042', { type: 'one', merchantId: '1042' }],
    ['a merchant that asks for another', merchant, '7', { type: 'none' }],
    ['a merchant of no name', { role: 'merchant', keyId: 'k' } as const, undefined, { type: 'none' }],
    ['an auditor', auditor, undefined, { type: 'all' }],
    ['an auditor that asks for a merchant', auditor, '7', { type: 'one', merchantId: '7' }],
  ])('of %s', (_, principal, asked, scope) => {
    expect(merchantScope(principal, asked)).toEqual(scope)
  })
})

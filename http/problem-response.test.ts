import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { Edge } from './principal.ts'
import { Problem } from './problem.ts'
import { onError, problemBody, problemResponse } from './problem-response.ts'
import { trace } from './trace.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const traceId = '0af7651916cd43dd8448eb211c80319c'

const failing = (error: Error) => {
  const logged: [Readonly<Record<string, unknown>>, string][] = []
  const app = new Hono<Edge>()
  app.use(trace())
  app.onError(onError({ error: (fields, message) => logged.push([fields, message]) }))
  app.post('/it', (c) => {
    c.header('RateLimit-Limit', '10')
    throw error
  })
  const ask = () => app.request('/it', { method: 'POST', body: 'a secret', headers: { traceparent } })
  return { ask, logged }
}

describe('a problem', () => {
  it('has all its members, in order, with a title made of its code', () => {
    const problem = new Problem(422, 'gatewayDeclined', 'The gateway said no', {
      errors: [{ pointer: '/amount', detail: 'is too much' }],
      members: { decline: { code: 'doNotHonor', message: 'no' } },
    })
    expect(Object.entries(problemBody(problem, 'abc'))).toEqual([
      ['type', '/docs/problems#gatewayDeclined'],
      ['title', 'Gateway declined'],
      ['status', 422],
      ['detail', 'The gateway said no'],
      ['code', 'gatewayDeclined'],
      ['errors', [{ pointer: '/amount', detail: 'is too much' }]],
      ['traceId', 'abc'],
      ['decline', { code: 'doNotHonor', message: 'no' }],
    ])
  })

  it('is an answer of type application/problem+json with its own headers', async () => {
    const response = problemResponse(new Problem(503, 'busy', 'Later', { headers: { 'Retry-After': '1' } }), 'abc')
    expect(response.status).toBe(503)
    expect(response.headers.get('Content-Type')).toBe('application/problem+json')
    expect(response.headers.get('Retry-After')).toBe('1')
    expect(await response.json()).toMatchObject({ code: 'busy', errors: [], traceId: 'abc' })
  })

  it('may hold bigints', async () => {
    const response = problemResponse(new Problem(422, 'tooMuch', 'No', { members: { left: 12n } }), 'abc')
    expect(await response.json()).toMatchObject({ left: 12 })
  })
})

describe('what a route throws', () => {
  it('is answered as it is when it is a problem, and not logged', async () => {
    const { ask, logged } = failing(new Problem(422, 'nothingToVoid', 'Nothing is left'))
    const response = await ask()
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ code: 'nothingToVoid', traceId })
    expect(logged).toEqual([])
  })

  it('keeps the headers that were set before', async () => {
    const response = await failing(new Problem(422, 'nothingToVoid', 'Nothing is left')).ask()
    expect(response.headers.get('RateLimit-Limit')).toBe('10')
    expect(response.headers.get('traceparent')).toContain(traceId)
  })

  it('is a 500 that gives nothing away otherwise, logged with its trace and without the body', async () => {
    const error = new Error('the password is hunter2')
    const { ask, logged } = failing(error)
    const response = await ask()
    expect(response.status).toBe(500)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ code: 'internalError', status: 500, errors: [], traceId })
    expect(text).not.toContain('hunter2')
    expect(logged).toEqual([[{ err: error, traceId, method: 'POST', path: '/it' }, 'request failed']])
  })
})

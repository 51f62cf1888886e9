import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { notFound } from './not-found.ts'
import type { Edge } from './principal.ts'

const commands = new Hono<Edge>().post('/payments', (c) => c.text('')).post('/payments/:id/voids', (c) => c.text(''))
const queries = new Hono<Edge>().get('/payments', (c) => c.text('')).get('/payments/:id', (c) => c.text(''))
const app = new Hono<Edge>()
app.use('/v1/*', (_, next) => next())
app.notFound(notFound(app))
app.route('/v1', commands)
app.route('/v1', queries)
app.get('/openapi.json', (c) => c.text(''))

describe('what no route answers', () => {
  it.each([
    ['DELETE', '/v1/payments', 405, 'GET, HEAD, POST'],
    ['GET', '/v1/payments/pay_1/voids', 405, 'POST'],
    ['PUT', '/v1/payments/pay_1', 405, 'GET, HEAD'],
    ['POST', '/openapi.json', 405, 'GET, HEAD'],
    ['POST', '/openapi-json', 404, null],
    ['GET', '/v1/payments/', 404, null],
    ['GET', '/v1/payments/pay_1/else', 404, null],
    ['GET', '/', 404, null],
  ])('%s %s is %i', async (method, path, status, allow) => {
    const response = await app.request(path, { method })
    expect(response.status).toBe(status)
    expect(response.headers.get('Allow')).toBe(allow)
    expect(await response.json()).toMatchObject({ status, code: status === 405 ? 'methodNotAllowed' : 'notFound' })
  })
})

import { once } from 'node:events'
import { type ServerType, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Edge } from './principal.ts'
import { Problem } from './problem.ts'
import { onError } from './problem-response.ts'
import { earlyHeaders, headerOf, setHeader } from './headers.ts'
import { sendText } from './send-text.ts'

const app = new Hono<Edge>()
app.onError(onError({ error: () => {} }))
app.use(earlyHeaders(), async (c, next) => {
  setHeader(c, 'RateLimit-Limit', '10')
  await next()
})
app.get('/asked', (c) => c.text(`${headerOf(c, 'x-name')} ${headerOf(c, 'x-none')}`))
app.get('/json', (c) => c.json({}))
app.get('/body', (c) => c.body('{}', 200, { 'Content-Type': 'application/json' }))
app.get('/text', (c) => sendText(c, '{}', 200, { 'Content-Type': 'application/json' }))
app.get('/raw', () => new Response('{}'))
app.get('/problem', () => {
  throw new Problem(422, 'no', 'No')
})

let server: ServerType
let origin = ''
beforeAll(async () => {
  server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
})
afterAll(() => new Promise((done) => server.close(done)))

describe('a header of the request', () => {
  const headers = { 'X-Name': 'Asha' }
  it('is there over HTTP and in process', async () => {
    expect(await (await fetch(`${origin}/asked`, { headers })).text()).toBe('Asha undefined')
    expect(await (await app.request('/asked', { headers })).text()).toBe('Asha undefined')
  })
})

describe('a header set before the answer', () => {
  it.each(['/json', '/body', '/text', '/raw', '/problem', '/missing'])('is there over HTTP, once: %s', async (path) => {
    const response = await fetch(`${origin}${path}`)
    expect(response.headers.get('RateLimit-Limit')).toBe('10')
  })

  it.each(['/json', '/body', '/text', '/problem'])('is there in process: %s', async (path) => {
    expect((await app.request(path)).headers.get('RateLimit-Limit')).toBe('10')
  })
})

import { once } from 'node:events'
import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { type ServerType, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerJson } from './answer-json.ts'
import { compress } from './compress.ts'
import { acceptsGzip } from './gzip.ts'

const large = JSON.stringify({ text: 'é'.repeat(2_000) })
const small = JSON.stringify({ text: 'e'.repeat(900) })

const app = new Hono()
app.use(compress())
app.get('/answer/large', (c) => answerJson(c, large, 200, { ETag: '"3"' }))
app.get('/answer/small', (c) => answerJson(c, small, 201))
app.get('/page/large', (c) => c.html(large, 200, { ETag: '"3"' }))
app.get('/page/small', (c) => c.html(small))
app.get('/image', (c) => c.body(large, 200, { 'Content-Type': 'image/png' }))
app.get('/events', (c) => c.body(large, 200, { 'Content-Type': 'text/event-stream' }))
app.get('/nothing', (c) => c.body(null, 204))
app.get('/unchanged', (c) => c.body(null, 304))
let release = (): void => {}
app.get('/lines', (c) => {
  c.header('Content-Type', 'application/x-ndjson')
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  return stream(c, async (out) => {
    await out.write(`${large}\n`)
    await released
    await out.write('{}\n')
  })
})

let server: ServerType
let port = 0
beforeAll(async () => {
  server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(() => new Promise((done) => server.close(done)))

/** Node's own client, which leaves bodies as they are sent. */
const ask = async (path: string, accepted: string | undefined, method = 'GET') => {
  const headers = accepted === undefined ? {} : { 'Accept-Encoding': accepted }
  const outgoing = request({ port, path, method, headers, agent: false }).end()
  const [incoming] = await once(outgoing, 'response')
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(incoming, 'end')
  return { status: Number(incoming.statusCode), headers: incoming.headers, body: Buffer.concat(chunks) }
}

describe('an answer', () => {
  it.each([['/answer/large'], ['/page/large']])('of more than 1 KiB is compressed: %s', async (path) => {
    const { headers, body } = await ask(path, 'gzip, deflate, br')
    expect(headers['content-encoding']).toBe('gzip')
    expect(headers['vary']).toBe('Accept-Encoding')
    expect(headers['content-length']).toBe(String(body.length))
    expect(headers['etag']).toBe('"3"')
    expect(body.length).toBeLessThan(large.length)
    expect(gunzipSync(body).toString()).toBe(large)
  })

  it.each([
    ['small JSON', '/answer/small', 'gzip', 201, small],
    ['a small page', '/page/small', 'gzip', 200, small],
    ['what is compressed in itself', '/image', 'gzip', 200, large],
    ['events', '/events', 'gzip', 200, large],
    ['JSON for who takes no gzip', '/answer/large', undefined, 200, large],
    ['JSON for who refuses gzip', '/answer/large', 'gzip;q=0, br', 200, large],
    ['a page for who takes no gzip', '/page/large', 'br', 200, large],
    ['nothing', '/nothing', 'gzip', 204, ''],
    ['nothing new', '/unchanged', 'gzip', 304, ''],
  ])('is left as it is: %s', async (_, path, accepted, status, text) => {
    const answer = await ask(path, accepted)
    expect(answer.status).toBe(status)
    expect(answer.headers['content-encoding']).toBeUndefined()
    expect(answer.body.toString()).toBe(text)
  })

  it('to HEAD has no body', async () => {
    const { status, body } = await ask('/page/large', 'gzip', 'HEAD')
    expect([status, body.length]).toEqual([200, 0])
  })

  it('that streams lines is passed on line by line', async () => {
    const outgoing = request({ port, path: '/lines', headers: { 'Accept-Encoding': 'gzip' }, agent: false }).end()
    const [incoming] = await once(outgoing, 'response')
    let received = ''
    incoming.on('data', (chunk: Buffer) => {
      received += chunk.toString()
      if (received === `${large}\n`) release()
    })
    await once(incoming, 'end')
    expect(incoming.headers['content-encoding']).toBeUndefined()
    expect(received).toBe(`${large}\n{}\n`)
  })
})

describe('Accept-Encoding', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['gzip', true],
    ['GZIP', true],
    ['x-gzip', true],
    ['br, gzip;q=0.5', true],
    ['*', true],
    ['gzip;q=0', false],
    ['gzip; q=0.0, *', false],
    ['*;q=0', false],
    ['identity, br', false],
    ['gzip;q=nonsense', false],
  ])('%s: %s', (header, accepted) => {
    expect(acceptsGzip(header)).toBe(accepted)
  })
})

import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ServerType, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Edge } from './principal.ts'
import { onError } from './problem-response.ts'
import { readBody } from './read-body.ts'

const app = new Hono<Edge>()
const logged: unknown[] = []
app.onError(onError({ error: (fields) => logged.push(fields) }))
app.use(async (c, next) => {
  if (c.req.header('Late') !== undefined) await sleep(20)
  await next()
})
app.post('/it', async (c) => c.json(await readBody(c)))
app.post('/small', async (c) => c.json(await readBody(c, 10)))

let server: ServerType
let port = 0
beforeAll(async () => {
  server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(() => new Promise((done) => server.close(done)))

type Body = string | Uint8Array<ArrayBuffer> | null
type Init = { readonly method: string; readonly headers: Record<string, string>; readonly body: Body }
const overHttp = (path: string, init: Init) => fetch(`http://127.0.0.1:${port}${path}`, init)
const readLate = (path: string, init: Init) => overHttp(path, { ...init, headers: { ...init.headers, Late: 'yes' } })
const inProcess = async (path: string, init: Init) => app.request(path, init)

const json = { 'Content-Type': 'application/json' }
const post = (body: Body, headers: Record<string, string> = json): Init => ({
  method: 'POST',
  headers,
  body,
})

describe.each([
  ['over HTTP', overHttp],
  ['that is there before it is read', readLate],
  ['in process', inProcess],
])('a body %s', (_, ask) => {
  it.each([['application/json'], ['application/json; charset=utf-8'], ['Application/JSON ;charset=UTF-8']])(
    'of type %s is read',
    async (type) => {
      const response = await ask('/it', post('{"name":"Zoë 😀"}', { 'Content-Type': type }))
      expect(response.status).toBe(200)
      expect(await response.json()).toEqual({ name: 'Zoë 😀' })
    },
  )

  it.each([
    ['text/plain', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['NDJSON', 'application/x-ndjson'],
    ['something longer', 'application/json-patch+json'],
    ['no type', ''],
  ])('of type %s is 415', async (_name, type) => {
    const response = await ask('/it', post('{}', { 'Content-Type': type }))
    expect(response.status).toBe(415)
    expect(await response.json()).toMatchObject({ code: 'unsupportedMediaType' })
  })

  it('that is encoded is 415', async () => {
    const response = await ask('/it', post('{}', { ...json, 'Content-Encoding': 'gzip' }))
    expect(response.status).toBe(415)
  })

  it.each([
    ['nothing at all', null],
    ['nothing', ''],
    ['half an object', '{"a":'],
    ['Latin-1', new Uint8Array([0x22, 0xe9, 0x22])],
    ['an encoded surrogate', new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['an overlong slash', new Uint8Array([0x22, 0xc0, 0xaf, 0x22])],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0])],
  ])('that is %s is malformed', async (_name, body) => {
    const response = await ask('/it', post(body))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'malformedJson' })
  })

  it('with a number that would be rounded is refused', async () => {
    const response = await ask('/it', post('{"amount":9007199254740993}'))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'numberNotExact', errors: [{ pointer: '/amount' }] })
  })

  it('may have as many bytes as the limit and not one more', async () => {
    expect((await ask('/small', post('"12345678"'))).status).toBe(200)
    const response = await ask('/small', post('"123456789"'))
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ code: 'bodyTooLarge' })
    expect((await ask('/small', post('"éééé"'))).status).toBe(200)
    expect((await ask('/small', post('"ééééé"'))).status).toBe(413)
  })

  it('may have 64 KiB when nothing else is said', async () => {
    expect((await ask('/it', post(`"${'x'.repeat(65_534)}"`))).status).toBe(200)
    expect((await ask('/it', post(`"${'x'.repeat(65_535)}"`))).status).toBe(413)
  })
})

/** Sends raw text over a socket, a moment between the parts, and gives what comes back until the server or `until` ends it. */
const overSocket = async (parts: readonly string[], until: RegExp): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  const done = new Promise<void>((resolve) => {
    socket.on('data', (data) => {
      received += data.toString()
      if (until.test(received)) resolve()
    })
    socket.on('close', () => resolve())
    socket.on('error', () => resolve())
  })
  for (const part of parts) {
    socket.write(part)
    await new Promise((next) => setImmediate(next))
  }
  await done
  socket.destroy()
  return received
}

const head = 'POST /it HTTP/1.1\r\nHost: daybook\r\nContent-Type: application/json\r\n'
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

describe('a body in pieces', () => {
  it('is put together', async () => {
    const parts = [`${head}Transfer-Encoding: chunked\r\n\r\n`, chunk('{"a":'), chunk('1}'), '0\r\n\r\n']
    expect(await overSocket(parts, /\{"a":1\}/)).toMatch(/^HTTP\/1.1 200[^]*\{"a":1\}/)
  })

  it('is 413 as soon as it has grown too large, though it has no end and says no length', async () => {
    const parts = [`${head}Transfer-Encoding: chunked\r\n\r\n`, chunk(`"${'x'.repeat(65_536)}`)]
    expect(await overSocket(parts, /bodyTooLarge/)).toMatch(/^HTTP\/1.1 413/)
  })

  it('is 413 before it is sent when its length says so', async () => {
    expect(await overSocket([`${head}Content-Length: 65537\r\n\r\n`], /bodyTooLarge/)).toMatch(/^HTTP\/1.1 413/)
  })

  it('that breaks off harms nobody', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.write(`${head}Content-Length: 100\r\n\r\n{"a"`)
    await once(socket, 'connect')
    socket.destroy()
    await once(socket, 'close')
    expect((await overHttp('/it', post('{"a":1}'))).status).toBe(200)
  })

  it('leaves the connection usable for the next request', async () => {
    const request = `${head}Content-Length: 7\r\n\r\n{"a":1}`
    const answer = await overSocket([request + request], /\{"a":1\}[^]*\{"a":1\}/)
    expect(answer.match(/HTTP\/1.1 200/g)).toHaveLength(2)
  })
})

it('logs none of it', () => {
  expect(logged).toEqual([])
})

import { once } from 'node:events'
import { type Server, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../postgres/free-port.ts'
import { type Seen, startInstance, stopInstance } from './testing/instance.ts'
import { type NameServer, startNameServer } from './testing/name-server.ts'
import { type Nginx, isNginxHere, startNginx } from './testing/nginx.ts'

const program = process.env['TEST_NGINX'] ?? 'nginx'

// Instances of a side have one port and different addresses, as containers have; all of them on this machine.
const addresses = { command: '127.0.0.2', query: '127.0.0.3', added: '127.0.0.4' }
const instances = new Map<string, Server>()
let names: NameServer
let nginx: Nginx
let port: number

const start = async (instance: string, address: string): Promise<void> => {
  instances.set(instance, await startInstance(instance, address, port))
}
const stop = async (instance: string): Promise<void> => {
  const server = instances.get(instance)
  instances.delete(instance)
  if (server) await stopInstance(server)
}

const ask = async (method: string, path: string, init: RequestInit = {}): Promise<Seen> =>
  (await (await fetch(`${nginx.url}${path}`, { method, ...init })).json()) as Seen

const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries > 300) throw new Error('it did not come to be within half a minute')
    await sleep(100)
  }
}

describe.skipIf(!(await isNginxHere(program)))('nginx.conf', () => {
  beforeAll(async () => {
    port = await freePort(0)
    names = await startNameServer()
    names.set('command-side', [addresses.command])
    names.set('query-side', [addresses.query])
    await start('command', addresses.command)
    await start('query', addresses.query)
    nginx = await startNginx(program, names.port, port)
    await until(async () => (await fetch(`${nginx.url}/v1/payments`, { method: 'POST' })).status === 200)
  })
  afterAll(async () => {
    await nginx?.stop()
    for (const instance of instances.keys()) await stop(instance)
    await names?.stop()
  })

  it.each([
    ['GET', '/v1/payments', 'query'],
    ['GET', '/v1/payments/pay_1/events?limit=2', 'query'],
    ['GET', '/v1/merchants/1042/anything', 'query'],
    ['GET', '/health', 'query'],
    ['GET', '/ready', 'query'],
    ['GET', '/openapi.json', 'query'],
    ['GET', '/docs/problems', 'query'],
    ['POST', '/docs', 'query'],
    ['GET', '/v1/merchants/1042', 'command'],
    ['GET', '/v1/gateways', 'command'],
    ['GET', '/v1/gateways/sandbox', 'command'],
    ['PUT', '/v1/gateways/sandbox/methods/upi', 'command'],
    ['POST', '/v1/payments', 'command'],
    ['POST', '/v1/payments/pay_1/captures', 'command'],
    ['PUT', '/v1/merchants/1042/fees', 'command'],
    ['DELETE', '/v1/merchants/1042/keys/k1', 'command'],
    ['OPTIONS', '/v1/payments', 'command'],
    ['PATCH', '/v1/payments/pay_1', 'command'],
  ])('sends %s %s to the %s side', async (method, path, instance) => {
    expect(await ask(method, path)).toMatchObject({ instance, method })
  })

  it('sends HEAD where GET goes', async () => {
    const response = await fetch(`${nginx.url}/v1/payments`, { method: 'HEAD' })
    expect(response.status).toBe(200)
  })

  it('passes the trace and the key, and says itself whom a request came from', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    const headers = { traceparent, 'idempotency-key': 'order-1', 'x-forwarded-for': '192.0.2.1' }
    const response = await fetch(`${nginx.url}/v1/payments`, { method: 'POST', headers, body: '{}' })
    expect(response.headers.get('traceparent')).toBe(traceparent)
    expect(((await response.json()) as Seen).headers).toMatchObject({
      traceparent,
      'idempotency-key': 'order-1',
      'x-forwarded-for': '127.0.0.1',
    })
  })

  it('answers a line of a batch before the next one is sent', async () => {
    const headers = { 'content-type': 'application/x-ndjson' }
    const sent = request(`${nginx.url}/v1/commands`, { method: 'POST', headers })
    sent.write('{"first":1}\n')
    const [response] = await once(sent, 'response')
    const answers = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    expect(String((await answers.next()).value)).toBe('12\n')
    sent.write('{"the second":2}\n')
    expect(String((await answers.next()).value)).toBe('17\n')
    sent.end()
    expect((await answers.next()).done).toBe(true)
  })

  it('takes batches of any size, and other bodies up to a size beyond what Daybook takes', async () => {
    const batch = await fetch(`${nginx.url}/v1/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: Buffer.alloc(3 * 1_048_576, 'x'),
    })
    const lengths = (await batch.text()).trim().split('\n').map(Number)
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(3 * 1_048_576)
    expect(await ask('POST', '/v1/payments', { body: Buffer.alloc(100_000, 'x') })).toMatchObject({
      headers: { 'content-length': '100000' },
    })
    const refused = await fetch(`${nginx.url}/v1/payments`, { method: 'POST', body: Buffer.alloc(1_100_000, 'x') })
    expect([refused.status, refused.headers.get('content-type')]).toEqual([413, 'application/problem+json'])
    expect(await refused.json()).toMatchObject({ code: 'bodyTooLarge' })
  })

  it('finds an instance that is added, and leaves out one that is gone', async () => {
    await start('added', addresses.added)
    names.set('command-side', [addresses.command, addresses.added])
    await until(async () => (await ask('POST', '/v1/payments')).instance === 'added')
    await stop('command')
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('POST', '/v1/payments')))
    expect(new Set(answers.map(({ instance }) => instance))).toEqual(new Set(['added']))
    await stop('added')
    const refused = await fetch(`${nginx.url}/v1/payments?secret=1`, { method: 'POST', body: '{}' })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await refused.json()).toMatchObject({ code: 'unreachable' })
    expect(await ask('GET', '/v1/payments')).toMatchObject({ instance: 'query' })
    const logged = (await nginx.failures()).at(-1) ?? ''
    expect(JSON.parse(logged)).toMatchObject({ method: 'POST', path: '/v1/payments', status: 503 })
    expect(logged).not.toContain('secret')
  })
})

import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request, type Server } from 'node:http'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { createAdaptorServer } from '@hono/node-server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Ledger, openLedger } from '../testing/ledger.ts'
import { type ScriptedGateway, scriptedGateway } from '../testing/scripted-gateway.ts'
import { until } from '../testing/until.ts'

let ledger: Ledger
let server: Server
let port = 0
let gateway: ScriptedGateway | undefined

const open = async (given: Parameters<typeof openLedger>[0] = {}): Promise<void> => {
  ledger = await openLedger(given)
  server = createAdaptorServer({ fetch: ledger.routes.fetch }) as Server
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address ? address.port : 0
}
beforeEach(() => {
  gateway = undefined
})
afterEach(async () => {
  gateway?.answer({ type: 'approved' })
  server.closeAllConnections()
  server.close()
  await ledger.close()
})

const headers = { Authorization: 'Bearer merchant.1042', 'Content-Type': 'application/x-ndjson' }
const lineOf = (key: string, amount = 100): string =>
  `${JSON.stringify({ type: 'authorize', idempotencyKey: key, amount, currency: 'INR', method: { type: 'card', token: 't' } })}\n`

const begin = (): ClientRequest => request({ host: '127.0.0.1', port, path: '/v1/commands', method: 'POST', headers })
const answered = async (sent: ClientRequest): Promise<IncomingMessage> =>
  ((await once(sent, 'response')) as [IncomingMessage])[0]
const allOf = async (response: IncomingMessage): Promise<string[]> => {
  const lines: string[] = []
  for await (const line of createInterface(response)) lines.push(line)
  return lines
}
const paymentsInLog = async (): Promise<number> => {
  const { events } = await ledger.log.readAll('0', 100_000)
  return events.filter(({ type }) => type === 'PaymentAuthorizationRequested').length
}

test('answers come while lines are still being sent', async () => {
  await open()
  const sent = begin()
  sent.write(lineOf('1'))
  const response = await answered(sent)
  const lines = createInterface(response)[Symbol.asyncIterator]()
  expect(JSON.parse((await lines.next()).value as string)).toMatchObject({ index: 0, status: 201 })
  sent.write(lineOf('2').slice(0, 20))
  sent.write(lineOf('2').slice(20) + lineOf('3'))
  expect(JSON.parse((await lines.next()).value as string)).toMatchObject({ index: 1, status: 201 })
  expect(JSON.parse((await lines.next()).value as string)).toMatchObject({ index: 2, status: 201 })
  sent.end(lineOf('4').trimEnd())
  expect(JSON.parse((await lines.next()).value as string)).toMatchObject({ index: 3, status: 201 })
  expect((await lines.next()).done).toBe(true)
})

test('no more than the window is begun before answers go out, and in the order of the lines', async () => {
  gateway = scriptedGateway()
  const batchLimits = { maxCommands: 10_000, window: 16, maxUnreadBytes: 1_048_576 }
  await open({ gateways: [gateway], batchLimits, settings: { gatewayTimeoutMs: 60_000 } })
  const sent = begin()
  const response = answered(sent)
  for (let index = 0; index < 40; index++) sent.write(lineOf(String(index)))
  sent.end()
  await until(() => gateway?.asked.length === 16)
  expect(await paymentsInLog()).toBe(16)
  const answering = setInterval(() => gateway?.answer({ type: 'approved' }), 1)
  const lines = await allOf(await response)
  clearInterval(answering)
  expect(lines.map((line) => (JSON.parse(line) as { index: number }).index)).toEqual([...Array(40).keys()])
})

test('a client that reads nothing before it has sent everything gets its answers', async () => {
  await open()
  const socket = connect(port, '127.0.0.1')
  const body = Array.from({ length: 5_000 }, (_, index) => lineOf(`half duplex ${index}`)).join('')
  const head = `POST /v1/commands HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${headers.Authorization}\r\nContent-Type: ${headers['Content-Type']}\r\nContent-Length: ${body.length}\r\n\r\n`
  await new Promise<void>((resolve) => {
    socket.write(head + body, () => resolve())
  })
  let text = ''
  for await (const chunk of socket.setEncoding('utf8')) text += String(chunk)
  expect(text.match(/"status":201/g)).toHaveLength(5_000)
})

describe('when the client goes away', () => {
  const abandon = async (lines: number): Promise<void> => {
    gateway = scriptedGateway()
    const batchLimits = { maxCommands: 10_000, window: 8, maxUnreadBytes: 1_048_576 }
    await open({ gateways: [gateway], batchLimits, settings: { gatewayTimeoutMs: 60_000 } })
    const sent = begin()
    sent.on('error', () => undefined)
    for (let index = 0; index < lines; index++) sent.write(lineOf(String(index)))
    if (lines < 1_000) sent.end()
    await until(() => gateway?.asked.length === 8)
    sent.destroy()
  }
  const answerAll = async (): Promise<void> => {
    const answering = setInterval(() => gateway?.answer({ type: 'approved' }), 1)
    await until(async () => (await connections()) === 0)
    await new Promise((resolve) => {
      setTimeout(resolve, 100)
    })
    clearInterval(answering)
  }
  const connections = (): Promise<number> =>
    new Promise((resolve) => server.getConnections((_, count) => resolve(count)))

  test('nothing more is begun, and what was begun is finished', async () => {
    await abandon(100)
    await until(async () => (await connections()) === 0)
    await answerAll()
    const captured = async (): Promise<number> => {
      const { events } = await ledger.log.readAll('0', 1_000)
      return events.filter(({ type }) => type === 'PaymentCaptured').length
    }
    await until(async () => (await captured()) === 8)
    expect(await paymentsInLog()).toBe(8)
    expect(ledger.logged).toEqual([])
  })
  test('in the middle of a large batch, the rest is not read', async () => {
    await abandon(5_000)
    await answerAll()
    expect(await paymentsInLog()).toBeLessThan(1_000)
    expect(ledger.logged).toEqual([])
  })
})

test('a line that the client did not finish is not done', async () => {
  await open()
  const sent = begin()
  sent.on('error', () => undefined)
  sent.write(lineOf('whole') + lineOf('half').trimEnd())
  await until(async () => (await paymentsInLog()) === 1)
  sent.destroy()
  await new Promise((resolve) => {
    setTimeout(resolve, 50)
  })
  expect(await paymentsInLog()).toBe(1)
})

test('what comes after too many is dropped, and the connection can be used again', async () => {
  await open({ batchLimits: { maxCommands: 3, window: 16, maxUnreadBytes: 1_048_576 } })
  const response = await fetch(`http://127.0.0.1:${port}/v1/commands`, {
    method: 'POST',
    headers,
    body: Array.from({ length: 20_000 }, (_, index) => lineOf(String(index))).join(''),
  })
  const statuses = (await response.text()).match(/"status":\d+,"position"/g)
  expect(statuses).toEqual([201, 201, 201, 413].map((status) => `"status":${status},"position"`))
  expect(await paymentsInLog()).toBe(3)
  const again = await fetch(`http://127.0.0.1:${port}/v1/commands`, { method: 'POST', headers, body: lineOf('again') })
  expect(await again.text()).toContain('"status":201')
})

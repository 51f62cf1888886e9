import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createFateLog, readFates } from './acknowledged.ts'
import { createCommands } from './commands.ts'
import { drive, type Load } from './drive.ts'
import { standardMix } from './mix.ts'

const folder = mkdtempSync(join(tmpdir(), 'daybook-drive-'))
afterAll(() => rmSync(folder, { recursive: true }))

const send = async (load: Omit<Load, 'url' | 'warmUpSeconds'>, answer: RequestListener) => {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const path = join(mkdtempSync(join(folder, 'run-')), 'fates')
  const fates = createFateLog(path)
  try {
    const commands = createCommands('run', host, standardMix(1), [{ id: 'm', key: 'key' }], 1)
    const watcher = { onMeasured: () => undefined, onSecond: () => undefined }
    const driven = await drive({ ...load, url: `http://${host}`, warmUpSeconds: 0 }, commands, fates, watcher)
    return { driven, accepted: fates.count(), path, close: () => fates.close() }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const paymentOf = (url: string): string => /pay_\w+/.exec(url)?.[0] ?? `pay_${'0'.repeat(31)}1`

const accept: RequestListener = (request, response) => {
  request.resume()
  const body = `{"id":"${paymentOf(request.url ?? '')}"}`
  response.writeHead(201, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body)
}

test('an open loop counts the wait of those who came while nothing was answered', { timeout: 30_000 }, async () => {
  // For the first second nothing is answered; with four connections, four requests know of it at first hand.
  const begin = performance.now()
  const { driven } = await send({ connections: 4, batch: 1, rate: 200, seconds: 2 }, (request, response) => {
    setTimeout(() => accept(request, response), Math.max(0, 1_200 - (performance.now() - begin)))
  })
  // Half of all came in that second and waited half of it on average.
  expect(driven.latency.p75).toBeGreaterThan(200)
})

test('what was due and could not be sent is an error', { timeout: 60_000 }, async () => {
  const { driven } = await send({ connections: 1, batch: 1, rate: 100, seconds: 1 }, (request, response) => {
    setTimeout(() => accept(request, response), 400)
  })
  expect(driven.errors['not sent']).toBeGreaterThan(80)
  expect(driven.successRate).toBeLessThan(0.2)
})

test('every answer is accounted for, refusals by their code and connections that break too', {
  timeout: 60_000,
}, async () => {
  let count = 0
  const { driven, accepted, path, close } = await send(
    { connections: 4, batch: 1, rate: 200, seconds: 1 },
    (request, response) => {
      count += 1
      if (count % 10 === 5) response.destroy()
      else if (count % 10 !== 0) accept(request, response)
      else {
        const body = '{"status":503,"code":"overloaded"}'
        response.writeHead(503, { 'Retry-After': '1', 'Content-Length': body.length }).end(body)
      }
    },
  )
  close()
  const fates = [...readFates(path, 'oldest first')]
  expect(fates.length).toBe(count)
  expect(fates.filter((fate) => fate.accepted).length).toBe(accepted)
  expect(driven.errors['503 overloaded']).toBe(Math.floor(count / 10))
  expect(driven.retryAfter).toBe(Math.floor(count / 10))
  const lost = Object.entries(driven.errors).filter(([name]) => !/^503|not sent/.test(name))
  expect(lost.reduce((sum, [, times]) => sum + times, 0)).toBe(Math.floor((count + 5) / 10))
})

test('an answer in parts or in chunks is read like any other', { timeout: 30_000 }, async () => {
  const { driven } = await send({ connections: 2, batch: 1, rate: 50, seconds: 1 }, (request, response) => {
    request.resume()
    const body = `{"id":"${paymentOf(request.url ?? '')}"}`
    response.writeHead(201, { 'Content-Type': 'application/json' })
    response.write(body.slice(0, 9))
    setTimeout(() => response.end(body.slice(9)), 5)
  })
  expect(driven.errors).toEqual({})
  expect(driven.successRate).toBe(1)
})

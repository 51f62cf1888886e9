import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { importFile } from './import-file.ts'
import { postBatchTo } from './post-batch.ts'
import type { Progress } from '../progress.ts'
import { readPaymentFrom } from './read-payment.ts'

/** A payment of this amount is pending at first. */
const unknownAmount = 99_999

type Command = { readonly idempotencyKey: string; readonly amount: number; readonly currency: string }

/** Takes batches as the ledger does: one effect per key, amounts from 1. `sabotage` may end a request before its answer. */
const ledger = async (sabotage: (request: number, response: ServerResponse) => boolean = () => false) => {
  const taken = new Map<string, Command>()
  let [requests, reads] = [0, 0]
  const answer = (command: Command, index: number): unknown => {
    if (command.amount < 1) {
      const errors = [{ pointer: '/amount', detail: 'must be >= 1' }]
      return { index, status: 400, problem: { code: 'invalidBody', detail: 'The body is not valid', errors } }
    }
    const replayed = taken.has(command.idempotencyKey)
    taken.set(command.idempotencyKey, command)
    const status = command.amount === unknownAmount ? 'pending' : 'captured'
    const captured = status === 'pending' ? 0 : command.amount
    const body = { id: `pay_${taken.size}`, status, currency: command.currency, captured }
    return { index, status: 201, position: '1', ...(replayed ? { replayed } : {}), body }
  }
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === 'GET') {
      const known = reads++ > 0
      response.end(
        JSON.stringify({
          status: known ? 'captured' : 'pending',
          currency: 'INR',
          captured: known ? unknownAmount : 0,
        }),
      )
      return
    }
    const lines = (await text(request)).split('\n').map((line) => JSON.parse(line) as Command)
    const answers = lines.map((command, index) => `${JSON.stringify(answer(command, index))}\n`)
    if (request.headers.authorization !== 'Bearer dbk_good') {
      response.writeHead(401).end('{"detail":"The key is not valid"}')
      return
    }
    if (sabotage(requests++, response)) return
    response.end(answers.join(''))
  }
  const server = createServer((request, response) => void handle(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    taken,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const mapping = {
  source: 'shop',
  key: ['id'],
  command: { amount: { $decimal: 'value' }, currency: 'INR', method: { type: 'qr' } },
}
const rows = (count: number) => Array.from({ length: count }, (_, n) => `${n},${n}.10`).join('\n')
const silent = (): Progress => ({ update: () => undefined, stop: () => undefined })
const never = new AbortController().signal

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-import-'))
  await writeFile(join(folder, 'mapping.json'), JSON.stringify(mapping))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const ledgerAt = (url: string, key: string) => ({ post: postBatchTo(url, key), read: readPaymentFrom(url, key) })
const run = async (url: string, csv: string, key = 'dbk_good', stop = never, progress = silent) => {
  await writeFile(join(folder, 'shop.csv'), csv)
  const order = { file: join(folder, 'shop.csv'), mapping: join(folder, 'mapping.json'), concurrency: 3 }
  return importFile(order, ledgerAt(url, key), progress, stop)
}

describe('an import', () => {
  test('sends every row once and adds up', async () => {
    const server = await ledger()
    const { tally } = await run(server.url, `id,value\n${rows(2_345)}\n`)
    const captured = 'INR 2,748,574.50'
    expect(tally.lines()).toEqual(['rows      2,345', 'captured  2,345', `  ${captured}`, 'refused   0', 'replayed  0'])
    expect(server.taken.size).toBe(2_345)
    expect(await readdir(folder)).not.toContain('shop.rejected.csv')
    await server.close()
  })

  test('can be repeated: nothing is taken twice', async () => {
    const server = await ledger()
    await run(server.url, 'id,value\n1,5\n2,7.5\n')
    const { tally } = await run(server.url, 'id,value\n1,5\n2,7.5\n')
    expect(tally.lines()).toEqual(['rows      2', 'captured  2', '  INR 12.50', 'refused   0', 'replayed  2'])
    expect(server.taken.size).toBe(2)
    await server.close()
  })

  test('writes what is refused beside the file, with the reason', async () => {
    const server = await ledger()
    const { tally, rejectedPath } = await run(server.url, 'id,value\n1,0.00\n2,"1,5"\n"3 ""x""",-1\n4,2\n5\n')
    expect(rejectedPath).toBe(join(folder, 'shop.rejected.csv'))
    expect((await readFile(rejectedPath, 'utf8')).split('\n').sort()).toEqual(
      [
        '',
        'id,value,reason',
        '1,0.00,/amount must be >= 1',
        '2,"1,5","“1,5” is no decimal number"',
        '"3 ""x""",-1,/amount must be >= 1',
        '5,"the row has 1 fields, the header 2"',
      ].sort(),
    )
    expect(tally.lines()).toContain('refused   4')
    await run(server.url, 'id,value\n4,2\n')
    expect(await readdir(folder)).not.toContain('shop.rejected.csv')
    await server.close()
  })

  test('survives lost connections, half answers and a busy server', async () => {
    const server = await ledger((request, response) => {
      if (request % 4 === 0) response.destroy()
      if (request % 4 === 1) response.writeHead(503, { 'retry-after': '0' }).end('{"detail":"busy"}')
      if (request % 4 === 2)
        response.write('{"index":0,"status":201,"body":{"status":"captured"}}\n{"index":1,"sta', () =>
          response.destroy(),
        )
      return request % 4 !== 3
    })
    const { tally } = await run(server.url, `id,value\n${rows(1_700).replace(/^0,0.10\n/, '')}\n`)
    expect(tally.rows).toBe(1_699)
    expect(tally.lines()).toContain('refused   0')
    expect(server.taken.size).toBe(1_699)
    await server.close()
  })

  test('stops when asked to, and the next one goes on', async () => {
    const server = await ledger()
    const stop = new AbortController()
    const stopSoon = () => ({ update: () => stop.abort(), stop: () => undefined })
    const csv = `id,value\n${rows(5_000).replace('0,0.10', '0,1')}\n`
    const first = await run(server.url, csv, 'dbk_good', stop.signal, stopSoon)
    expect(first.tally.rows).toBeLessThan(5_000)
    expect(server.taken.size).toBe(first.tally.rows)
    await run(server.url, csv)
    expect(server.taken.size).toBe(5_000)
    await server.close()
  })

  test('waits for the outcome of what is pending', async () => {
    const server = await ledger()
    const { tally } = await run(server.url, 'id,value\n1,5\n2,999.99\n')
    expect(tally.lines()).toEqual(['rows      2', 'captured  2', '  INR 1,004.99', 'refused   0', 'replayed  0'])
    await server.close()
  })

  test('with a key that is not known ends with the reason', async () => {
    const server = await ledger()
    await expect(run(server.url, 'id,value\n1,5\n', 'dbk_bad')).rejects.toThrow(
      'the server refuses the import: 401: The key is not valid',
    )
    await server.close()
  })

  test.each([
    ['a mapping that is not there', 'none.json', /none.json cannot be read/],
    ['a mapping that is not JSON', 'shop.csv', /the mapping is not JSON/],
  ])('needs a mapping: %s', async (_, name, message) => {
    await writeFile(join(folder, 'shop.csv'), 'id,value\n1,5\n')
    const order = { file: join(folder, 'shop.csv'), mapping: join(folder, name), concurrency: 1 }
    await expect(importFile(order, ledgerAt('http://127.0.0.1:1', 'x'), silent, never)).rejects.toThrow(message)
  })
})

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, clientOf } from '../../app/testing/client.ts'
import { type Embedded, startEmbedded } from '../../app/testing/embedded.ts'
import { runToEnd, type Settings } from '../../app/testing/program.ts'
import { api } from '../crash/api.ts'
import { settled } from '../crash/settled.ts'
import { freePort } from '../system.ts'
import { openTables } from '../tables.ts'
import { dumped, linesOf } from './dump.ts'
import { embeddedTables } from './systems.ts'

// The short version of `npm run profiles`: the same commands on an embedded installation and on the cluster whose address
// the setup gives.

const { DAYBOOK_E2E_URL: url = '', DAYBOOK_E2E_KEY: key = '', DAYBOOK_E2E_SETTINGS: given = '{}' } = process.env
const merchantId = `twin-${randomBytes(6).toString('hex')}`
const tables = dumped.filter((table) => table !== 'parked_streams')

let folder = ''
let embedded: Embedded
const found: { [table: string]: string[] }[] = []

const vpas = ['asha@okbank', 'asha@okbank', 'decline-insufficientFunds@sandbox', 'capture-decline@sandbox']

/** One payment's way, by its number: each command has a key of its own. */
const wayOf = (n: number): object[] => {
  const idempotencyKey = `twin ${n} authorize`
  const vpa = vpas[n % vpas.length]
  const capture = n % 3 === 0 ? 'automatic' : 'manual'
  const paid = { amount: 1_000 + n, currency: n % 5 === 0 ? 'JPY' : 'INR', method: { type: 'upi', vpa } }
  return [
    {
      type: 'authorize',
      idempotencyKey,
      ...paid,
      capture,
      customerId: `customer ${n % 7}`,
      metadata: { n: String(n) },
    },
  ]
}

const changesOf = (n: number, paymentId: string): object[] => {
  const change = (type: string, more: object): object => ({
    type,
    idempotencyKey: `twin ${n} ${type} ${JSON.stringify(more)}`,
    paymentId,
    ...more,
  })
  return [
    ...(n % 4 === 1 ? [change('increment', { amount: 2_000 + n })] : []),
    ...(n % 6 === 1 ? [change('void', {})] : []),
    change('capture', { amount: 300 }),
    ...(n % 2 === 0 ? [change('capture', { final: true })] : []),
    ...(n % 7 === 0 ? [change('refund', { amount: 100 + n })] : []),
  ]
}

const ledgerOf = async (at: string, operator: string, merchant: Client): Promise<void> => {
  const numbers = Array.from({ length: 210 }, (_, n) => n)
  const payments = await merchant.batch(numbers.flatMap(wayOf))
  const ids = payments.map(({ body }) => String((body as { id?: unknown } | undefined)?.id))
  expect(new Set(ids).size).toBe(numbers.length)
  await merchant.batch(numbers.flatMap((n) => changesOf(n, ids[n] ?? '')))
  const all = clientOf(at, operator)
  expect((await all.post(`/v1/payments/${ids[0]}/disputes`, { reason: 'fraud' }, 'twin dispute')).status).toBe(201)
  expect(await settled(api(at, operator), merchantId)).toEqual([])
  expect((await all.post('/v1/settlements', { merchantId })).status).toBe(201)
  const paid = { amount: 777, currency: 'INR', destination: { type: 'upi', vpa: 'shop@okbank' } }
  expect((await merchant.post('/v1/payouts', paid, 'twin payout')).status).toBe(201)
  expect(await settled(api(at, operator), merchantId)).toEqual([])
}

const dump = async (settings: Settings): Promise<{ [table: string]: string[] }> => {
  const opened = openTables(settings)
  try {
    const entries = await Promise.all(tables.map(async (table) => [table, await linesOf(opened, table, merchantId)]))
    return Object.fromEntries(entries) as { [table: string]: string[] }
  } finally {
    await opened.close()
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-twin-'))
  const data = join(folder, 'data')
  const port = await freePort()
  embedded = await startEmbedded(data, { DB_PORT: String(port), GATEWAY_TIMEOUT: '300', RESOLVE_INTERVAL: '200' })
  const own = await runToEnd(['keys', 'create', '--role', 'operator'], { DAYBOOK_DATA: data })
  for (const [at, operator] of [[embedded.url, own] as const, [url, key] as const]) {
    const all = clientOf(at, operator)
    expect((await all.post('/v1/merchants', { id: merchantId, name: 'Twin' })).status).toBe(201)
    const issued = await all.post(`/v1/merchants/${merchantId}/keys`, { role: 'merchant' })
    await ledgerOf(at, operator, clientOf(at, String(issued.body['key'])))
  }
  found.push(await dump(await embeddedTables(data, port)), await dump(JSON.parse(given) as Settings))
}, 240_000)

afterAll(async () => {
  await embedded?.stop()
  await rm(folder, { recursive: true, force: true })
})

test.each(tables)('%s is byte for byte the same on both profiles, times and positions aside', (table) => {
  const [one = {}, other = {}] = found
  // None is left open.
  expect(one[table]?.length).toSatisfy((rows) => (table === 'open_payouts' ? rows === 0 : Number(rows) > 0))
  expect(other[table]).toEqual(one[table])
})

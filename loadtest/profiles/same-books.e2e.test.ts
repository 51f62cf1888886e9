import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
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

/** A payment by its number: its key says which, on both profiles. */
const payment = (n: number): object => {
  const idempotencyKey = `twin ${n} authorize`
  const vpa = vpas[n % vpas.length]
  const capture = n % 3 === 0 ? 'automatic' : 'manual'
  const paid = { amount: 1_000 + n, currency: n % 5 === 0 ? 'JPY' : 'INR', method: { type: 'upi', vpa } }
  const about = { customerId: `customer ${n % 7}`, metadata: { n: String(n) } }
  return { type: 'authorize', idempotencyKey, ...paid, capture, ...about }
}

type Change = { readonly type: string; readonly isFor: (n: number) => boolean; readonly more: (n: number) => object }

/** What becomes of payments, one step after another. */
const changes: readonly Change[] = [
  { type: 'increment', isFor: (n) => n % 4 === 1, more: (n) => ({ amount: 2_000 + n }) },
  { type: 'void', isFor: (n) => n % 6 === 1, more: () => ({}) },
  { type: 'capture', isFor: () => true, more: () => ({ amount: 300 }) },
  { type: 'capture', isFor: (n) => n % 2 === 0, more: () => ({ final: true }) },
  { type: 'refund', isFor: (n) => n % 7 === 0, more: (n) => ({ amount: 100 + n }) },
]

/** Sends lines again until each is answered for good: another profile may need longer for them. */
const sendAll = async (merchant: Client, lines: readonly object[]): Promise<readonly Record<string, unknown>[]> => {
  const answers = await merchant.batch(lines)
  const isOpen = ({ status }: Record<string, unknown>): boolean => status === 409 || Number(status) >= 500
  if (!answers.some(isOpen)) return answers
  await sleep(500)
  return sendAll(merchant, lines)
}

const ledgerOf = async (at: string, operator: string, merchant: Client): Promise<void> => {
  const system = api(at, operator)
  const isDone = async (): Promise<boolean> =>
    !(await system.text(`/v1/payments?limit=1000&merchantId=${merchantId}`)).includes('"status":"pending"')
  const allDone = async (): Promise<void> => {
    expect(await settled(system, merchantId)).toEqual([])
    await vi.waitUntil(isDone, { timeout: 60_000, interval: 200 })
  }
  const numbers = Array.from({ length: 105 }, (_, n) => n)
  const payments = await sendAll(merchant, numbers.map(payment))
  const ids = payments.map(({ body }) => String((body as { id?: unknown } | undefined)?.id))
  expect(new Set(ids).size).toBe(numbers.length)
  await allDone()
  for (const [step, { type, isFor, more }] of changes.entries()) {
    const about = (n: number): object => ({ type, idempotencyKey: `twin ${n} step ${step}`, paymentId: ids[n] })
    await sendAll(
      merchant,
      numbers.filter(isFor).map((n) => ({ ...about(n), ...more(n) })),
    )
    await allDone()
  }
  const all = clientOf(at, operator)
  expect((await all.post(`/v1/payments/${ids[0]}/disputes`, { reason: 'fraud' }, 'twin dispute')).status).toBe(201)
  await allDone()
  expect((await all.post('/v1/settlements', { merchantId })).status).toBe(201)
  const paid = { amount: 777, currency: 'INR', destination: { type: 'upi', vpa: 'shop@okbank' } }
  expect((await merchant.post('/v1/payouts', paid, 'twin payout')).status).toBe(201)
  await allDone()
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

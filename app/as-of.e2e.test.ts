import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { positionAt, sequencesIn } from '../domain/position.ts'
import { type Answer, type Client, clientOf, eventually, positionOf } from './testing/client.ts'
import { type Embedded, startEmbedded } from './testing/embedded.ts'
import { runToEnd, type Settings } from './testing/program.ts'

/** The past over HTTP and on the command line; runs against the same installations as `http.e2e.test.ts`. */
const {
  DAYBOOK_E2E_URL: givenUrl,
  DAYBOOK_E2E_KEY: givenKey = '',
  DAYBOOK_E2E_SETTINGS: givenSettings = '{}',
} = process.env

const shop = `shop-${randomBytes(6).toString('hex')}`
let folder = ''
let system: Embedded | undefined
let settings: Settings = {}
let finance: Client
let merchant: Client
const written: Answer[] = []

beforeAll(async () => {
  let [url, key] = [givenUrl ?? '', givenKey]
  settings = JSON.parse(givenSettings) as Settings
  if (givenUrl === undefined) {
    folder = await mkdtemp(join(tmpdir(), 'daybook-as-of-'))
    settings = { DAYBOOK_DATA: join(folder, 'data') }
    system = await startEmbedded(join(folder, 'data'), { MIN_POSITION_TIMEOUT: '20000' })
    url = system.url
    key = await runToEnd(['keys', 'create', '--role', 'operator'], settings)
  }
  const operator = clientOf(url, key)
  const clientFor = async (owner: string, role: string): Promise<Client> => {
    const client = clientOf(url, String((await operator.post(`/v1/merchants/${owner}/keys`, { role })).body['key']))
    const post: Client['post'] = async (...given) => {
      const answer = await client.post(...given)
      written.push(answer)
      return answer
    }
    return { ...client, post }
  }
  await operator.post('/v1/merchants', { id: shop, name: shop })
  finance = await clientFor('daybook', 'finance')
  merchant = await clientFor(shop, 'merchant')
})
afterAll(async () => {
  await system?.stop()
  if (folder !== '') await rm(folder, { recursive: true, force: true })
})

const newKey = () => randomBytes(8).toString('hex')
const pay = (amount: number, more = {}) =>
  merchant.post('/v1/payments', { amount, currency: 'INR', method: { type: 'upi', vpa: 'a@b' }, ...more }, newKey())
const balances = (query: string) => merchant.get(`/v1/balances?${query}`)
/** A place that nothing written was after, in any log. */
const allWritten = () => {
  const all = written.map((answer) => sequencesIn(positionOf(answer)))
  const logs = Math.max(...all.map(({ length }) => length))
  return positionAt(Array.from({ length: logs }, (_, log) => Math.max(...all.map((each) => each[log] ?? 0))))
}
/** What is read once all that was written is there: then the position it tells is exact. */
const now = (client: Client, path: string) =>
  client.get(`${path}${path.includes('?') ? '&' : '?'}minPosition=${allWritten()}`)

/** What was done, in turn: a payment's life, with others' beside it. */
const live = async (): Promise<readonly Answer[]> => {
  const authorized = await pay(10_000, { capture: 'manual' })
  const path = `/v1/payments/${String(authorized.body['id'])}`
  const answers = [authorized]
  for (const [kind, body] of [
    ['increments', { amount: 12_000 }],
    ['captures', { amount: 5_000 }],
    ['refunds', { amount: 500 }],
    ['captures', { final: true }],
  ] as const) {
    await pay(100)
    answers.push(await merchant.post(`${path}/${kind}`, body, newKey()))
  }
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
  return answers
}

test('each answer to a command is what the payment was at its position', async () => {
  const answers = await live()
  const path = `/v1/payments/${String(answers[0]?.body['id'])}`
  for (const { body, headers } of answers) {
    const position = headers.get('daybook-position') ?? ''
    const then = await merchant.get(`${path}?asOf=${position}`)
    expect([then.status, then.body, then.headers.get('etag')]).toEqual([200, body, headers.get('etag')])
    expect(then.headers.get('daybook-position')).toBe(position)
    const list = await merchant.get(`/v1/payments?status=${String(body['status'])}&asOf=${position}`)
    expect(list.body['data']).toContainEqual(body)
    expect(list.body['asOf']).toEqual({ position })
  }
})

test('what was read is read again, whatever has happened since', async () => {
  const paid = await pay(50_000)
  const settled = await finance.post('/v1/settlements', { merchantId: shop }, newKey())
  expect(settled.status).toBe(201)
  const paths = [
    '/v1/balances',
    '/v1/ledger/trial-balance',
    '/v1/ledger/entries?limit=1000',
    '/v1/reports/daily',
    '/v1/payments?limit=1000',
    '/v1/settlements',
  ]
  const then = await Promise.all(paths.map((path) => now(merchant, path)))
  const path = `/v1/payments/${String(paid.body['id'])}`
  await merchant.post(`${path}/refunds`, { amount: 700 }, newKey())
  await finance.post('/v1/settlements', { merchantId: shop }, newKey())
  for (const [index, was] of then.entries()) {
    const position = positionOf(was)
    const path = paths[index] ?? ''
    const again = await merchant.get(`${path}${path.includes('?') ? '&' : '?'}asOf=${position}`)
    expect({ path, ...again.body }).toEqual({ path, ...was.body, asOf: { position } })
    expect(positionOf(again)).toBe(position)
  }
})

test('an instant is answered with its position, and both are told', async () => {
  await pay(1_000)
  const was = await now(merchant, '/v1/balances')
  await sleep(20)
  const instant = new Date().toISOString()
  await sleep(20)
  await pay(2_000)
  const then = await eventually(
    () => balances(`asOf=${instant}`),
    ({ status }) => status === 200,
  )
  expect(then.body['data']).toEqual(was.body['data'])
  const { position } = then.body['asOf'] as { readonly position: string }
  expect(then.body['asOf']).toEqual({ position, instant })
  expect([positionOf(then), then.headers.get('daybook-as-of')]).toEqual([position, instant])
  expect((await balances(`asOf=${position}`)).body['data']).toEqual(was.body['data'])
  expect((await now(merchant, '/v1/balances')).body['data']).not.toEqual(was.body['data'])
})

test('what cannot be had is refused by name', async () => {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  for (const query of ['asOf=9007199254740991', 'asOf=x', `asOf=${tomorrow}`, 'asOf=0&minPosition=0']) {
    const { status, body } = await balances(query)
    expect([query, status, body['errors']]).toEqual([query, 400, [expect.objectContaining({ pointer: '?asOf' })]])
  }
  expect((await finance.get('/v1/projections?asOf=0')).status).toBe(400)
})

test('the command line says what changed between two positions, and that it sums to zero', async () => {
  await pay(100)
  const from = positionOf(await now(merchant, '/v1/balances'))
  const paid = await pay(4_000)
  await merchant.post(`/v1/payments/${String(paid.body['id'])}/refunds`, { amount: 1_500 }, newKey())
  await pay(300)
  const to = positionOf(await now(merchant, '/v1/balances'))
  const args = ['diff', '--from', from, '--to', to, '--merchant', shop]
  const told = JSON.parse(await runToEnd([...args, '--json'], settings))
  expect([told.from, told.to]).toEqual([from, to])
  const [change] = told.merchants.data
  const [was, is] = await Promise.all([from, to].map((position) => balances(`asOf=${position}`)))
  const pendingOf = (answer: Answer | undefined): number =>
    (answer?.body['data'] as readonly { readonly pending: number }[] | undefined)?.[0]?.pending ?? 0
  expect(change).toMatchObject({ merchantId: shop, currency: 'INR', pending: pendingOf(is) - pendingOf(was) })
  expect(told.payments.counts).toMatchObject({ 'new → captured': 1, 'new → partiallyRefunded': 1 })
  expect(told.totals.every(({ difference }: { readonly difference: number }) => difference === 0)).toBe(true)
  const text = await runToEnd(args, settings)
  expect(text).toContain('the changes sum to zero')
  expect(text).toContain(String(paid.body['id']))
  await expect(runToEnd(['diff', '--from', to, '--to', from], settings)).rejects.toThrow('--from is after --to')
})

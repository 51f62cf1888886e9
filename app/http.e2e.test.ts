import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, type Client, clientOf, eventually, positionOf } from './testing/client.ts'
import { type Embedded, startEmbedded } from './testing/embedded.ts'
import { runToEnd } from './testing/program.ts'

/**
 * The life of payments over HTTP alone. Runs against an embedded installation of its own, or against any other whose
 * address is in DAYBOOK_E2E_URL and an operator's key in DAYBOOK_E2E_KEY.
 */
const { DAYBOOK_E2E_URL: givenUrl, DAYBOOK_E2E_KEY: givenKey = '' } = process.env

const shop = `shop-${randomBytes(6).toString('hex')}`
const other = `other-${randomBytes(6).toString('hex')}`
const upi = (vpa = 'asha@okbank') => ({ type: 'upi', vpa })

let folder = ''
let system: Embedded | undefined
let url = ''
let operator: Client
let finance: Client
let auditor: Client
let merchant: Client
let stranger: Client

const clientFor = async (owner: string, role: string): Promise<Client> => {
  const issued = await operator.post(`/v1/merchants/${owner}/keys`, { role })
  expect(issued.status).toBe(201)
  return clientOf(url, String(issued.body['key']))
}
const newMerchant = async (id: string): Promise<Client> => {
  expect((await operator.post('/v1/merchants', { id, name: id })).status).toBe(201)
  return clientFor(id, 'merchant')
}

beforeAll(async () => {
  url = givenUrl ?? ''
  let key = givenKey
  if (givenUrl === undefined) {
    folder = await mkdtemp(join(tmpdir(), 'daybook-http-'))
    system = await startEmbedded(join(folder, 'data'), { GATEWAY_TIMEOUT: '300', RESOLVE_INTERVAL: '200' })
    url = system.url
    key = await runToEnd(['keys', 'create', '--role', 'operator'], { DAYBOOK_DATA: join(folder, 'data') })
  }
  operator = clientOf(url, key)
  finance = await clientFor('daybook', 'finance')
  auditor = await clientFor('daybook', 'auditor')
  merchant = await newMerchant(shop)
  stranger = await newMerchant(other)
})
afterAll(async () => {
  await system?.stop()
  if (folder !== '') await rm(folder, { recursive: true, force: true })
})

/** Reads what was just written. */
const readBack = (client: Client, path: string, written: Answer) =>
  client.get(`${path}${path.includes('?') ? '&' : '?'}minPosition=${positionOf(written)}`)
const idOf = ({ body }: Answer) => String(body['id'])
const codeOf = ({ status, body }: Answer) => [status, body['code']]
const newKey = () => randomBytes(8).toString('hex')
const pay = (amount: number, more = {}, client = merchant) =>
  client.post('/v1/payments', { amount, currency: 'INR', method: upi(), ...more }, newKey())

describe('a payment', () => {
  test('is authorized, increased, captured in parts, refunded, and reads the same everywhere', async () => {
    const authorized = await pay(10_000, { capture: 'manual', customerId: 'cus_1', metadata: { cart: '7' } })
    expect([authorized.status, authorized.body['status']]).toEqual([201, 'authorized'])
    const path = `/v1/payments/${idOf(authorized)}`
    expect(authorized.headers.get('location')).toBe(path)

    expect((await merchant.post(`${path}/increments`, { amount: 12_000 }, newKey())).body['authorized']).toBe(12_000)
    const partly = await merchant.post(`${path}/captures`, { amount: 5_000 }, newKey())
    expect(partly.body).toMatchObject({ status: 'partiallyCaptured', captured: 5_000 })
    const captured = await merchant.post(`${path}/captures`, { amount: 4_000, final: true }, newKey())
    expect(captured.body).toMatchObject({ status: 'captured', captured: 9_000, voided: 3_000 })
    const refunded = await merchant.post(`${path}/refunds`, { amount: 500, reason: 'broken' }, newKey())
    expect(refunded.body).toMatchObject({ status: 'partiallyRefunded', refunded: 500 })

    const read = await readBack(merchant, path, refunded)
    expect(read.body).toEqual(refunded.body)
    expect(read.headers.get('etag')).toBe(refunded.headers.get('etag'))
    const listed = await readBack(merchant, '/v1/payments?customerId=cus_1', refunded)
    expect(listed.body).toEqual({ data: [refunded.body], nextCursor: null })
    const { data } = (await auditor.get(`${path}/events`)).body as { data: { revision: number }[] }
    expect(data.map(({ revision }) => revision)).toEqual(Array.from({ length: data.length }, (_, n) => n))
    expect(data).toHaveLength(Number(refunded.body['revision']) + 1)
  })

  test('is one payment however often its command is sent', async () => {
    const key = newKey()
    const body = { amount: 700, currency: 'INR', method: upi() }
    const answers = await Promise.all(Array.from({ length: 8 }, () => merchant.post('/v1/payments', body, key)))
    const [first] = answers.filter(({ status }) => status === 201)
    for (const answer of answers) {
      if (answer.status === 409) continue
      expect([answer.status, answer.body, positionOf(answer)]).toEqual([201, first?.body, first && positionOf(first)])
    }
    const another = await merchant.post('/v1/payments', { ...body, amount: 701 }, key)
    expect(codeOf(another)).toEqual([422, 'idempotencyKeyReused'])
    expect(codeOf(await merchant.post('/v1/payments', body))).toEqual([400, 'idempotencyKeyMissing'])
  })

  test('whose outcome is unknown is pending until the gateway was asked', async () => {
    const unknown = await pay(300, { method: upi('timeout-approve@sandbox') })
    expect([unknown.status, unknown.body['status']]).toEqual([201, 'pending'])
    const read = () => merchant.get(`/v1/payments/${idOf(unknown)}`)
    const resolved = await eventually(read, ({ body }) => body['status'] === 'captured')
    expect(resolved.body).toMatchObject({ id: idOf(unknown), captured: 300 })
  })

  test('that is declined says why', async () => {
    const declined = await pay(300, { method: upi('decline-insufficientFunds@sandbox') })
    expect(declined.status).toBe(201)
    expect(declined.body).toMatchObject({ status: 'declined', decline: { code: 'insufficientFunds' } })
  })
})

describe('nobody', () => {
  test('sees or touches what is another merchant’s', async () => {
    const paid = await pay(900)
    const path = `/v1/payments/${idOf(paid)}`
    expect((await readBack(merchant, path, paid)).status).toBe(200)
    expect((await readBack(stranger, path, paid)).status).toBe(404)
    expect((await stranger.post(`${path}/refunds`, { amount: 1 }, newKey())).status).toBe(404)
    expect((await readBack(stranger, `/v1/payments?merchantId=${shop}`, paid)).body['data']).toEqual([])
    expect((await stranger.get('/v1/payments')).body['data']).toEqual([])
  })

  test('does what its role may not', async () => {
    expect((await merchant.post('/v1/settlements', {}, newKey())).status).toBe(403)
    expect((await auditor.post('/v1/payments', { amount: 1, currency: 'INR', method: upi() }, newKey())).status).toBe(
      403,
    )
    const unknown = await clientOf(url, 'dbk_nobody.k.s').get('/v1/payments')
    expect(unknown.status).toBe(401)
    expect(unknown.headers.get('content-type')).toContain('application/problem+json')
  })

  test('brings card numbers in', async () => {
    const card = { type: 'card', token: 'tok_1', number: '4111111111111111' }
    const refused = await pay(100, { method: card })
    expect(refused.status).toBe(400)
    expect(JSON.stringify(refused.body)).not.toContain('4111111111111111')
    expect((await pay(100, { reference: 'card 4111 1111 1111 1111' })).status).toBe(400)
  })
})

test('captured money is settled once, paid out, and never more than there is', async () => {
  const paid = await pay(50_000, {}, stranger)
  const settled = await finance.post('/v1/settlements', { merchantId: other }, newKey())
  expect(settled.status).toBe(201)
  expect(settled.body['data']).toEqual([expect.objectContaining({ merchantId: other, gross: 50_000, net: 50_000 })])
  expect((await finance.post('/v1/settlements', { merchantId: other }, newKey())).body['data']).toEqual([])

  const destination = { type: 'bankAccount', token: 'ba_1' }
  const payout = (amount: number) => stranger.post('/v1/payouts', { amount, currency: 'INR', destination }, newKey())
  const payouts = await Promise.all(Array.from({ length: 8 }, () => payout(20_000)))
  expect(payouts.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 201, 422, 422, 422, 422, 422, 422])
  const sent = payouts.filter(({ status }) => status === 201)
  const [first, second] = sent.map((answer) => `/v1/payouts/${idOf(answer)}`)
  await operator.post(`${first}/settled`, {}, newKey())
  const failed = await operator.post(`${second}/failed`, { code: 'accountClosed', message: 'closed' }, newKey())
  expect(failed.body).toMatchObject({ status: 'failed' })

  const balances = () => stranger.get('/v1/balances?currency=INR')
  const available = { merchantId: other, currency: 'INR', pending: 0, available: 30_000, inTransit: 0, disputed: 0 }
  const isThere = ({ body }: Answer) => JSON.stringify(body['data']) === JSON.stringify([available])
  await eventually(balances, isThere)
  expect((await readBack(stranger, '/v1/payments', paid)).status).toBe(200)

  const trial = await finance.get('/v1/ledger/trial-balance')
  for (const { difference } of trial.body['totals'] as { difference: number }[]) expect(difference).toBe(0)
})

describe('a gateway', () => {
  const ofMethod = '/v1/gateways/sandbox/methods/qr'
  const payByQr = (amount: number, key = newKey(), more = {}) =>
    merchant.post('/v1/payments', { amount, currency: 'INR', method: { type: 'qr' }, ...more }, key)
  /** Instances other than the one that answered hear of a change within about a second. */
  const refusedWith = async (code: string, ask: () => Promise<Answer>) => {
    const refused = await eventually(ask, (answer) => String(codeOf(answer)) === String([422, code]))
    expect(codeOf(refused)).toEqual([422, code])
  }
  const accepted = async (ask: () => Promise<Answer>) => {
    const answer = await eventually(ask, ({ status }) => status === 201)
    // The tests after this one ask other instances too.
    await sleep(1_200)
    return answer
  }

  test('takes what its rules for a method allow', async () => {
    const limits = [{ currency: 'INR', minAmount: 100, maxAmount: 1_000 }]
    const set = await operator.put(ofMethod, { enabled: true, limits })
    expect(set.body).toMatchObject({
      name: 'sandbox',
      enabled: true,
      methods: [{ method: 'qr', enabled: true, limits }],
    })
    expect((await auditor.get('/v1/gateways')).body).toEqual({ data: [set.body] })
    await refusedWith('amountOutsideRules', () => payByQr(1_001))
    const paid = await payByQr(1_000, newKey(), { capture: 'manual' })
    expect(paid.status).toBe(201)
    const increment = () => merchant.post(`/v1/payments/${idOf(paid)}/increments`, { amount: 1_001 }, newKey())
    await refusedWith('amountOutsideRules', increment)

    await operator.put(ofMethod, { enabled: false })
    await refusedWith('methodNotAccepted', () => payByQr(500))
    const qr = { amount: 500, currency: 'INR', method: { type: 'qr' } }
    await refusedWith('methodNotAccepted', async () => {
      const [line] = await merchant.batch([{ type: 'authorize', idempotencyKey: newKey(), ...qr }])
      return { status: Number(line?.['status']), body: Object(line?.['problem']), headers: new Headers() }
    })
    await operator.put(ofMethod, { enabled: true })
    await accepted(() => payByQr(5))
  })

  test('that is disabled gives money back, and repeats what it has answered', async () => {
    const key = newKey()
    const paid = await payByQr(700, key)
    expect(paid.status).toBe(201)
    await operator.put('/v1/gateways/sandbox', { enabled: false })
    try {
      await refusedWith('gatewayDisabled', () => payByQr(700))
      const again = await payByQr(700, key)
      expect([again.status, again.body, positionOf(again)]).toEqual([201, paid.body, positionOf(paid)])
      const refunded = await merchant.post(`/v1/payments/${idOf(paid)}/refunds`, {}, newKey())
      expect(refunded.body).toMatchObject({ status: 'refunded' })
    } finally {
      await operator.put('/v1/gateways/sandbox', { enabled: true })
    }
    await accepted(() => payByQr(700))
  })

  test('is set by operators only, and one that is not there by nobody', async () => {
    for (const client of [merchant, finance, auditor])
      expect((await client.put('/v1/gateways/sandbox', { enabled: false })).status).toBe(403)
    expect(codeOf(await operator.put('/v1/gateways/nowhere', { enabled: false }))).toEqual([404, 'gatewayNotFound'])
    expect(codeOf(await operator.put(ofMethod, { enabled: true, most: 5 }))).toEqual([400, 'invalidRequest'])
  })
})

test('a batch is answered line by line, in order, and repeats without effect', async () => {
  const lines = [
    ...Array.from({ length: 100 }, (_, n) => ({
      type: 'authorize',
      idempotencyKey: `${shop}-${n}`,
      amount: n,
      currency: 'INR',
      method: upi(),
    })),
    { type: 'nonsense' },
  ]
  const first = await merchant.batch(lines)
  expect(first.map(({ index, status }) => [index, status])).toEqual(
    lines.map((_, index) => [index, index === 0 || index === 100 ? 400 : 201]),
  )
  const again = await merchant.batch(lines)
  expect(again.slice(1, 100).map(({ body, position }) => [body, position])).toEqual(
    first.slice(1, 100).map(({ body, position }) => [body, position]),
  )
})

test('lists are read page by page', async () => {
  const last = await pay(1)
  const seen: unknown[] = []
  let cursor: unknown = ''
  do {
    const page = await readBack(
      merchant,
      `/v1/payments?limit=40${cursor === '' ? '' : `&cursor=${String(cursor)}`}`,
      last,
    )
    seen.push(...(page.body['data'] as { id: string }[]).map(({ id }) => id))
    cursor = page.body['nextCursor']
  } while (cursor !== null)
  expect(seen.length).toBeGreaterThan(100)
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen[0]).toBe(idOf(last))
  expect((await merchant.get('/v1/payments?colour=red')).status).toBe(400)
})

test('the documents are there for anybody, compressed', async () => {
  const response = await fetch(`${url}/openapi.json`, { headers: { 'accept-encoding': 'gzip' } })
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect(await response.json()).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./) })
  expect((await fetch(`${url}/docs`)).headers.get('content-type')).toContain('text/html')
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' })
  expect((await fetch(`${url}/nowhere`)).status).toBe(404)
})

test('what is behind is told', async () => {
  const { body } = await auditor.get('/v1/projections')
  const projections = body['data'] as { projection: string; shard: string; parked: number }[]
  expect(projections.length).toBeGreaterThan(0)
  for (const { parked } of projections) expect(parked).toBe(0)
})

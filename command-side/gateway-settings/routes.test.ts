import { afterAll, beforeAll, expect, test } from 'vitest'
import { gatewayStream } from '../../domain/event.ts'
import { sandboxGateway } from '../../infra/sandbox/gateway.ts'
import { type Ledger, openLedger } from '../testing/ledger.ts'

let ledger: Ledger
beforeAll(async () => {
  const sandbox = sandboxGateway({ latencyMs: 0 })
  ledger = await openLedger({ gateways: [sandbox, { ...sandbox, name: 'north' }] })
})
afterAll(() => ledger.close())

const get = async (path: string, as = 'operator') => {
  const response = await ledger.routes.request(path, { headers: { Authorization: `Bearer ${as}` } })
  return { status: response.status, headers: response.headers, body: (await response.json()) as object }
}
const untouched = { name: 'north', enabled: true, methods: [] }

test('an operator sets a gateway and its rules, and all of the house read them', async () => {
  expect((await get('/v1/gateways/sandbox')).body).toEqual({ name: 'sandbox', enabled: true, methods: [] })
  const disabled = await ledger.put('/v1/gateways/sandbox', { enabled: false })
  expect(disabled).toMatchObject({ status: 200, body: { name: 'sandbox', enabled: false, methods: [] } })
  expect(disabled.headers.get('Daybook-Position')).toBe(await ledger.log.head())

  const limits = [
    { currency: 'INR', minAmount: 100, maxAmount: 5_000 },
    { currency: 'EUR', maxAmount: 90 },
    { currency: 'JPY' },
  ]
  await ledger.put('/v1/gateways/sandbox/methods/upi', { enabled: true, limits })
  const refused = await ledger.put('/v1/gateways/sandbox/methods/card', { enabled: false })
  const settings = {
    name: 'sandbox',
    enabled: false,
    methods: [
      {
        method: 'upi',
        enabled: true,
        limits: [
          { currency: 'INR', minAmount: 100, maxAmount: 5_000 },
          { currency: 'EUR', minAmount: 1, maxAmount: 90 },
          { currency: 'JPY', minAmount: 1, maxAmount: 1_000_000_000_000 },
        ],
      },
      { method: 'card', enabled: false, limits: [] },
    ],
  }
  expect(refused.body).toEqual(settings)
  for (const role of ['operator', 'finance', 'auditor']) {
    const read = await get('/v1/gateways/sandbox', role)
    expect([read.status, read.body]).toEqual([200, settings])
    expect(read.headers.get('Daybook-Position')).toBe(await ledger.log.head())
    expect((await get('/v1/gateways', role)).body).toEqual({ data: [settings, untouched] })
  }
})

test('the same again changes nothing', async () => {
  const rules = { enabled: true, limits: [{ currency: 'INR', maxAmount: 7 }] }
  const first = await ledger.put('/v1/gateways/sandbox/methods/qr', rules)
  const head = await ledger.log.head()
  const again = await ledger.put('/v1/gateways/sandbox/methods/qr', rules)
  expect([again.status, again.text, again.headers.get('Daybook-Position')]).toEqual([200, first.text, head])
  expect(await ledger.log.head()).toBe(head)
})

test('many at the same time each have their effect', async () => {
  const methods = ['upi', 'card', 'wallet', 'netbanking', 'qr']
  await Promise.all(methods.map((method) => ledger.put(`/v1/gateways/north/methods/${method}`, { enabled: false })))
  const events = await ledger.log.readStream(gatewayStream('north'))
  expect(new Set(events.map(({ data }) => ('method' in data ? data.method : '')))).toEqual(new Set(methods))
  expect(events).toHaveLength(methods.length)
  expect(new Set(events.map(({ metadata }) => metadata.merchantId))).toEqual(new Set(['daybook']))
})

const limit = { currency: 'INR', minAmount: 1, maxAmount: 2 }
test.each<[string, unknown, string]>([
  ['', {}, '/enabled'],
  ['', { enabled: 'yes' }, '/enabled'],
  ['', { enabled: true, timeoutMs: 5 }, '/timeoutMs'],
  ['/methods/upi', { limits: [limit] }, '/enabled'],
  ['/methods/upi', { enabled: true, minAmount: 5 }, '/minAmount'],
  ['/methods/upi', { enabled: true, limits: [{ ...limit, minAmount: 0 }] }, '/limits/0/minAmount'],
  ['/methods/upi', { enabled: true, limits: [{ ...limit, maxAmount: 1.5 }] }, '/limits/0/maxAmount'],
  ['/methods/upi', { enabled: true, limits: [limit, { ...limit, maxAmount: 3 }] }, '/limits/1/currency'],
  ['/methods/upi', { enabled: true, limits: [{ ...limit, minAmount: 3 }] }, '/limits/0/maxAmount'],
  ['/methods/upi', { enabled: true, limits: [{ ...limit, currency: 'ABC' }] }, '/limits/0/currency'],
  ['/methods/upi', { enabled: true, limits: [{ maxAmount: 5 }] }, '/limits/0/currency'],
])('PUT %s %j is 400, names the field and changes nothing', async (path, body, pointer) => {
  const head = await ledger.log.head()
  const reply = await ledger.put(`/v1/gateways/sandbox${path}`, body)
  expect(reply).toMatchObject({ status: 400, body: { code: 'invalidRequest' } })
  const { errors } = reply.body as { errors: { pointer: string }[] }
  expect(errors.map((each) => each.pointer)).toEqual([pointer])
  expect(await ledger.log.head()).toBe(head)
})

test('a gateway that nobody has, or a method that nobody knows, is not there', async () => {
  expect(await get('/v1/gateways/south')).toMatchObject({ status: 404, body: { code: 'gatewayNotFound' } })
  const missing = { status: 404, body: { code: 'gatewayNotFound' } }
  expect(await ledger.put('/v1/gateways/south', { enabled: true })).toMatchObject(missing)
  expect(await ledger.put('/v1/gateways/south/methods/upi', { enabled: true })).toMatchObject(missing)
  expect(await ledger.put('/v1/gateways/sandbox/methods/cash', { enabled: true })).toMatchObject({ status: 404 })
})

test.each(['merchant.1042', 'finance', 'auditor'])('%s sets nothing', async (as) => {
  const head = await ledger.log.head()
  expect((await ledger.put('/v1/gateways/sandbox', { enabled: true }, { as })).status).toBe(403)
  expect((await ledger.put('/v1/gateways/sandbox/methods/upi', { enabled: true }, { as })).status).toBe(403)
  expect(await ledger.log.head()).toBe(head)
})

test('merchants do not read them', async () => {
  for (const path of ['/v1/gateways', '/v1/gateways/sandbox'])
    expect((await get(path, 'merchant.1042')).status).toBe(403)
})

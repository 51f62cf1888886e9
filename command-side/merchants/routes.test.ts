import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Edge } from '../../http/principal.ts'
import { createAuthenticator } from '../../infra/auth/authenticator.ts'
import { newKey } from '../../infra/auth/keys.ts'
import { allRead } from '../../projections/unread.ts'
import { createAdmission } from '../admission.ts'
import { temporaryLog } from '../payouts/testing/temporary-log.ts'
import { behindEdge } from '../testing/edge.ts'
import { createChangeMerchant } from './change-merchant.ts'
import { keyRoutes } from './key-routes.ts'
import { createMerchantStates } from './merchant-states.ts'
import { merchantRoutes } from './routes.ts'

let temporary: Awaited<ReturnType<typeof temporaryLog>>
let app: Hono<Edge>
let authenticator: ReturnType<typeof createAuthenticator>
const failures: unknown[] = []

beforeAll(async () => {
  temporary = await temporaryLog()
  const store = temporary.log
  const merchants = createMerchantStates(store, 10)
  const changeMerchant = createChangeMerchant(store, merchants)
  const deps = { store, merchants, changeMerchant, admission: createAdmission(100), clock: Date.now }
  const hasGateway = (name: string): boolean => name === 'sandbox' || name === 'north'
  const routes = new Hono<Edge>()
    .route('/', merchantRoutes({ ...deps, hasGateway, defaultGateway: 'sandbox' }))
    .route('/', keyRoutes({ ...deps, newKey }))
  app = behindEdge((fields) => failures.push(fields), routes)
  authenticator = createAuthenticator({ store, jwtSecret: 'x'.repeat(32), now: () => new Date() })
})
afterAll(() => temporary.remove())

const ask = async (method: string, path: string, body?: unknown, as = 'operator') => {
  const headers = { Authorization: `Bearer ${as}`, 'Content-Type': 'application/json' }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await app.request(path, { method, headers, ...sent })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : (JSON.parse(text) as object),
  }
}

test('an operator registers a merchant, sets its fees and its gateway', async () => {
  const registered = await ask('POST', '/v1/merchants', { id: '1042', name: 'Asha Stores' })
  expect(registered).toMatchObject({
    status: 201,
    body: {
      id: '1042',
      name: 'Asha Stores',
      fees: { default: { basisPoints: 0, fixed: 0 } },
      gateway: 'sandbox',
      keys: [],
      createdAt: expect.any(String) as string,
    },
  })
  expect(registered.headers.get('Location')).toBe('/v1/merchants/1042')
  expect(registered.headers.get('Daybook-Position')).toBe(await temporary.log.head())
  expect(await ask('POST', '/v1/merchants', { id: '1042', name: 'Another' })).toMatchObject({
    status: 422,
    body: { code: 'merchantExists' },
  })

  const fees = { default: { basisPoints: 200, fixed: 0 }, methods: { card: { basisPoints: 250, fixed: 30 } } }
  expect(await ask('PUT', '/v1/merchants/1042/fees', fees)).toMatchObject({ status: 200, body: { fees } })
  expect(await ask('PUT', '/v1/merchants/1042/gateway', { gateway: 'north' })).toMatchObject({
    status: 200,
    body: { fees, gateway: 'north' },
  })
  for (const role of ['operator', 'finance', 'auditor', 'merchant.1042']) {
    expect(await ask('GET', '/v1/merchants/1042', undefined, role)).toMatchObject({
      status: 200,
      body: { id: '1042', fees, gateway: 'north' },
    })
  }
})

test.each<[string, string, unknown, string]>([
  ['POST', '/v1/merchants', { id: 'a b', name: 'x' }, 'invalidRequest'],
  ['POST', '/v1/merchants', { id: 'x' }, 'invalidRequest'],
  ['POST', '/v1/merchants', { id: 'x', name: '4111111111111111' }, 'cardDataRefused'],
  ['PUT', '/v1/merchants/1042/fees', { default: { basisPoints: 10_001, fixed: 0 } }, 'invalidRequest'],
  ['PUT', '/v1/merchants/1042/fees', { default: { basisPoints: 1.5, fixed: 0 } }, 'invalidRequest'],
  ['PUT', '/v1/merchants/1042/gateway', { gateway: 'nowhere' }, 'invalidRequest'],
  ['POST', '/v1/merchants/1042/keys', { role: 'king' }, 'invalidRequest'],
])('%s %s %j is 400', async (method, path, body, code) => {
  expect(await ask(method, path, body)).toMatchObject({ status: 400, body: { code } })
})

test.each([
  ['GET', '/v1/merchants/nobody', undefined],
  ['GET', `/v1/merchants/${'x'.repeat(3_000)}`, undefined],
  ['PUT', '/v1/merchants/nobody/fees', { default: { basisPoints: 0, fixed: 0 } }],
  ['PUT', '/v1/merchants/nobody/gateway', { gateway: 'north' }],
  ['PUT', '/v1/merchants/daybook/gateway', { gateway: 'north' }],
  ['POST', '/v1/merchants/nobody/keys', {}],
])('%s %s is 404', async (method, path, body) => {
  expect(await ask(method, path, body)).toMatchObject({ status: 404, body: { code: 'merchantNotFound' } })
})

test('the house is nobody to be registered', async () => {
  expect(await ask('POST', '/v1/merchants', { id: 'daybook', name: 'Mine now' })).toMatchObject({
    status: 422,
    body: { code: 'merchantExists' },
  })
})

test.each(['merchant.1042', 'finance', 'auditor'])('%s changes nothing', async (role) => {
  const before = await temporary.log.head()
  expect((await ask('POST', '/v1/merchants', { id: 'mine', name: 'x' }, role)).status).toBe(403)
  expect((await ask('PUT', '/v1/merchants/1042/fees', {}, role)).status).toBe(403)
  expect((await ask('PUT', '/v1/merchants/1042/gateway', {}, role)).status).toBe(403)
  expect((await ask('POST', '/v1/merchants/1042/keys', {}, role)).status).toBe(403)
  expect((await ask('POST', '/v1/merchants/daybook/keys', { role: 'operator' }, role)).status).toBe(403)
  expect((await ask('DELETE', '/v1/merchants/1042/keys/k', undefined, role)).status).toBe(403)
  expect(await temporary.log.head()).toBe(before)
})

test("another merchant's looks as if it were not there", async () => {
  await ask('POST', '/v1/merchants', { id: '7', name: 'Other' })
  for (const id of ['7', 'nobody', 'daybook']) {
    expect(await ask('GET', `/v1/merchants/${id}`, undefined, 'merchant.1042')).toMatchObject({
      status: 404,
      body: { code: 'merchantNotFound' },
    })
  }
})

type Issued = { readonly keyId: string; readonly role: string; readonly key: string }

test('a key works from its issue to its revocation, and is shown once', async () => {
  const reply = await ask('POST', '/v1/merchants/1042/keys', {})
  const { keyId, role, key } = reply.body as Issued
  expect(reply.status).toBe(201)
  expect(role).toBe('merchant')
  expect(reply.headers.get('Cache-Control')).toBe('no-store')
  expect(await authenticator(`Bearer ${key}`)).toEqual({ role: 'merchant', merchantId: '1042', keyId })

  const shown = await ask('GET', '/v1/merchants/1042')
  expect(shown.body).toMatchObject({ keys: [{ id: keyId, role: 'merchant', revoked: false }] })
  const secret = key.split('.')[2] ?? key
  const { events } = await temporary.log.readAll('0', 1_000)
  expect(JSON.stringify([shown.body, allRead(events)])).not.toContain(secret)

  const revoked = await ask('DELETE', `/v1/merchants/1042/keys/${keyId}`)
  expect(revoked).toMatchObject({ status: 204, body: undefined })
  expect(revoked.headers.get('Daybook-Position')).toBe(await temporary.log.head())
  expect(await authenticator(`Bearer ${key}`)).toBeUndefined()
  expect((await ask('DELETE', `/v1/merchants/1042/keys/${keyId}`)).status).toBe(204)
  expect(await ask('DELETE', '/v1/merchants/1042/keys/key_0')).toMatchObject({
    status: 404,
    body: { code: 'keyNotFound' },
  })
})

test('keys of the staff are the house’s, those of merchants are not', async () => {
  for (const role of ['finance', 'auditor', 'operator']) {
    const { key, keyId } = (await ask('POST', '/v1/merchants/daybook/keys', { role })).body as Issued
    expect(await authenticator(`Bearer ${key}`)).toEqual({ role, keyId })
    expect(await ask('POST', '/v1/merchants/1042/keys', { role })).toMatchObject({
      status: 422,
      body: { code: 'roleNotAllowed' },
    })
  }
  expect(await ask('POST', '/v1/merchants/daybook/keys', {})).toMatchObject({
    status: 422,
    body: { code: 'roleNotAllowed' },
  })
})

test('nothing went wrong on the way', () => {
  expect(failures).toEqual([])
})

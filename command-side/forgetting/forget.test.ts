import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { merchantStream, paymentStream, type RecordedEvent } from '../../domain/event.ts'
import { firstIllegal } from '../../domain/legal.ts'
import { toJson } from '../../infra/codec/event-codec.ts'
import type { KeyStore } from '../../personal/key-store.ts'
import { memoryKeys } from '../../personal/testing/memory-keys.ts'
import { everything, type Ledger, openLedger } from '../testing/ledger.ts'

let keys: KeyStore
let ledger: Ledger
beforeEach(async () => {
  keys = memoryKeys()
  ledger = await openLedger({ keys })
})
afterEach(() => ledger.close())

const operator = { as: 'operator' }
const body = (name: string, more: object = {}) => ({
  amount: 500,
  currency: 'INR',
  method: { type: 'upi', vpa: `${name}@okbank`, name: `${name} Rao` },
  customerId: `cust ${name}`,
  ...more,
})
const pay = (key: string, name: string, more: object = {}) => ledger.post('/v1/payments', body(name, more), { key })
const forget = (name: string, reason = 'ticket 17') =>
  ledger.post(`/v1/merchants/1042/customers/${encodeURIComponent(`cust ${name}`)}/forget`, { reason }, operator)
const records = async (): Promise<readonly RecordedEvent[]> => {
  const events = await ledger.log.readStream(merchantStream('1042'))
  expect(firstIllegal(merchantStream('1042'), events)).toBeUndefined()
  return events.filter(({ type }) => type === 'PersonalDataForgotten')
}
const nobody = { type: 'upi', vpa: null, name: null }

describe('what is personal', () => {
  test('is in answers and nowhere in the log', async () => {
    const { status, body: payment } = await pay('k', 'asha')
    expect([status, payment['method']]).toEqual([201, body('asha').method])
    expect(payment).not.toHaveProperty('forgotten')
    const stored = JSON.stringify((await ledger.events(String(payment['id']))).map(toJson))
    for (const text of ['asha@okbank', 'asha Rao']) expect(stored).not.toContain(text)
    const [requested] = await ledger.events(String(payment['id']))
    expect(JSON.stringify(requested?.type === 'PaymentAuthorizationRequested' && requested.data.method)).toMatch(
      /^{"type":"upi","vpa":"sealed:\d+:[\w-]+","name":"sealed:\d+:[\w-]+"}$/,
    )
  })

  test('is refused where it looks sealed, with its place', async () => {
    const method = { type: 'card', token: 't', name: 'sealed:1:x' }
    const { status, body: problem } = await ledger.post('/v1/payments', body('asha', { method }), { key: 'k' })
    expect([status, problem['errors']]).toEqual([400, [{ pointer: '/method/name', detail: expect.any(String) }]])
  })

  test('is told to the gateway at each operation', async () => {
    const { body: payment } = await pay('k', 'refund-decline', { customerId: 'cust x' })
    const { status } = await ledger.post(`/v1/payments/${String(payment['id'])}/refunds`, {}, { key: 'r' })
    // The sandbox reads its instructions from the address.
    expect(status).toBe(422)
  })
})

describe('a key used again', () => {
  test('replays, and with another address or name is refused and says which', async () => {
    const first = await pay('k', 'asha')
    const again = await pay('k', 'asha')
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([first.text, 'true'])
    const vpa = { ...body('asha').method, vpa: 'other@okbank' }
    const other = await pay('k', 'asha', { method: vpa })
    expect([other.status, other.body['code'], other.body['errors']]).toMatchObject([
      422,
      'idempotencyKeyReused',
      [{ pointer: '/method/vpa' }],
    ])
    const { name: _, ...unnamed } = body('asha').method
    expect((await pay('k', 'asha', { method: unnamed })).body['errors']).toMatchObject([{ pointer: '/method' }])
  })

  test('after forgetting replays with null, whoever is named', async () => {
    await pay('k', 'asha')
    await forget('asha')
    for (const name of ['asha', 'zoe']) {
      const again = await pay('k', name, { customerId: 'cust asha' })
      expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true'])
      expect(again.body).toMatchObject({ method: nobody, forgotten: true })
    }
    expect((await pay('k', 'asha', { amount: 501 })).status).toBe(422)
  })

  test('tells nothing of what is personal by its fingerprint', async () => {
    const { body: one } = await pay('k', 'asha')
    const { body: two } = await openLedgerBeside('zoe')
    const [fingerprint, other] = await Promise.all(
      [one, two].map(async ({ id }) => (await ledger.events(String(id)))[0]?.metadata.fingerprint),
    )
    const withoutIds = (text = '') =>
      text
        .split(' ')
        .filter((part) => !part.startsWith('customerId='))
        .slice(3)
    expect(withoutIds(fingerprint)).toEqual(withoutIds(other))
  })
})

const openLedgerBeside = (name: string) => pay('k2', name)

describe('forgetting a customer', () => {
  test('takes what is personal from all of their payments, and from nobody else’s', async () => {
    const mine = [await pay('1', 'asha'), await pay('2', 'asha', { capture: 'manual' })]
    const { body: other } = await pay('3', 'zoe')
    const told = await forget('asha')
    expect([told.status, told.body]).toMatchObject([
      200,
      { done: true, found: 2, transactions: 2, plain: { count: 0, first: [] }, unreadable: 0 },
    ])
    expect((await records()).map(({ data }) => data)).toEqual([
      {
        merchantId: '1042',
        subject: { type: 'customer', id: 'cust asha' },
        transactions: 2,
        reason: 'ticket 17',
        by: expect.stringMatching(/^key ./),
      },
    ])
    const captured = await ledger.post(`/v1/payments/${String(mine[1]?.body['id'])}/captures`, {}, { key: 'c' })
    expect([captured.status, captured.body]).toMatchObject([
      201,
      { status: 'captured', method: nobody, forgotten: true },
    ])
    const refunded = await ledger.post(`/v1/payments/${String(other['id'])}/refunds`, {}, { key: 'r' })
    expect(refunded.body).toMatchObject({ status: 'refunded', method: body('zoe').method })
    for (const { body: payment } of mine) {
      const stream = paymentStream(String(payment['id']))
      expect(firstIllegal(stream, await ledger.log.readStream(stream))).toBeUndefined()
    }
  })

  test('again does nothing, and later payments are sealed and forgotten as usual', async () => {
    await pay('1', 'asha')
    await forget('asha')
    expect((await forget('asha')).body).toMatchObject({ done: true, found: 1, transactions: 0 })
    expect(await records()).toHaveLength(1)
    expect((await pay('2', 'asha')).body).toMatchObject({ method: body('asha').method })
    expect((await forget('asha')).body).toMatchObject({ found: 2, transactions: 1 })
    expect(await records()).toHaveLength(2)
  })

  test('goes on after a crash between the record and the keys, with a record of its own', async () => {
    await ledger.close()
    let broken = true
    const failing = {
      ...keys,
      destroy: async (slots: readonly number[]) => (broken ? Promise.reject(new Error('killed')) : keys.destroy(slots)),
    }
    ledger = await openLedger({ keys: failing })
    await pay('1', 'asha')
    expect((await forget('asha')).status).toBe(500)
    expect(await records()).toHaveLength(1)
    expect((await pay('1', 'asha')).body).toMatchObject({ method: body('asha').method })
    broken = false
    expect((await forget('asha', 'ticket 18')).body).toMatchObject({ transactions: 1 })
    expect((await records()).map(({ data }) => 'reason' in data && data.reason)).toEqual(['ticket 17', 'ticket 18'])
    expect((await pay('1', 'asha')).body).toMatchObject({ method: nobody, forgotten: true })
  })

  test('has a record of each key that it destroys, also of payments that came before an earlier record was written', async () => {
    await ledger.close()
    // A payment comes while the log is read, and is in it before the record.
    let isFirst = true
    const crowded = {
      ...keys,
      keysOf: async (slots: readonly number[]) => {
        const found = await keys.keysOf(slots)
        if (isFirst && slots.length > 0) {
          isFirst = false
          await pay('2', 'asha')
        }
        return found
      },
    }
    ledger = await openLedger({ keys: crowded })
    isFirst = false
    await pay('1', 'asha')
    isFirst = true
    expect((await forget('asha', 'ticket 17')).body).toMatchObject({ transactions: 1 })
    expect((await forget('asha', 'ticket 18')).body).toMatchObject({ found: 2, transactions: 1 })
    const counted = (await records()).map(
      ({ data }) => 'reason' in data && [data.reason, 'transactions' in data && data.transactions],
    )
    expect(counted).toEqual([
      ['ticket 17', 1],
      ['ticket 18', 1],
    ])
  })

  test('names what was stored before anything was sealed', async () => {
    const { body: payment } = await pay('1', 'asha')
    const id = `pay_${'0'.repeat(32)}`
    const [requested] = await ledger.events(String(payment['id']))
    if (requested?.type !== 'PaymentAuthorizationRequested') throw new Error('it is not there')
    const data = { ...requested.data, paymentId: id, method: { type: 'upi', vpa: 'asha@okbank' } } as const
    const event = { ...requested, id: requested.id.replace(/^./, 'f'), data }
    await ledger.log.append(paymentStream(id), 'none', [event])
    expect((await forget('asha')).body).toMatchObject({ found: 2, transactions: 1, plain: { count: 1, first: [id] } })
  })

  test('is for operators, of customers that there are', async () => {
    await pay('1', 'asha')
    const path = '/v1/merchants/1042/customers/cust%20asha/forget'
    expect((await ledger.post(path, { reason: 'r' })).status).toBe(403)
    expect((await ledger.post(path, {}, operator)).body['errors']).toMatchObject([{ pointer: '/reason' }])
    expect((await forget('nobody')).body['code']).toBe('customerNotFound')
    expect(await records()).toEqual([])
  })
})

test('a store of keys that lacks one is a fault, and nothing is shown as forgotten', async () => {
  const { body: payment } = await pay('1', 'asha')
  const stranger = await openLedger({ store: ledger.log, workList: everything(ledger.log) })
  const { status, body: problem } = await stranger.post(
    `/v1/payments/${String(payment['id'])}/refunds`,
    {},
    { key: 'r' },
  )
  expect([status, problem['code']]).toEqual([503, 'keyStoreUnavailable'])
  await stranger.close()
})

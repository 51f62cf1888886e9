import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordedEvent } from '../../domain/event.ts'
import { membersOf } from '../../domain/personal-members.ts'
import { start } from '../../domain/position.ts'
import { bytesOf } from '../../infra/codec/log-event.ts'
import { openKeyFolder } from '../../infra/keys/key-folder.ts'
import { openEventLog } from '../../infra/lmdb/event-log.ts'
import { slotsIn } from '../../personal/opening.ts'
import { allRead } from '../../projections/unread.ts'
import { type Client, clientOf, positionOf } from '../testing/client.ts'
import { type Embedded, startEmbedded } from '../testing/embedded.ts'
import { run, runToEnd } from '../testing/program.ts'

let folder = ''
let daybook: Embedded
let merchant: Client
let operator: Client
const settings = () => ({ DAYBOOK_DATA: join(folder, 'data') })
const openLog = () => openEventLog({ path: join(settings().DAYBOOK_DATA, 'log'), readOnly: true })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-forget-'))
  daybook = await startEmbedded(settings().DAYBOOK_DATA, { CHECKPOINT_INTERVAL: '500' })
  merchant = clientOf(daybook.url, daybook.key)
  operator = clientOf(daybook.url, await runToEnd(['keys', 'token', '--role', 'operator'], settings()))
})
afterAll(async () => {
  await daybook.stop()
  await rm(folder, { recursive: true, force: true })
})

const asha = { vpa: 'quillfeather.17@okbank', name: 'Ashalata Quillfeather' }
const zoe = { vpa: 'wobblethorpe.23@okbank', name: 'Zoë Wobblethorpe' }
const account = { token: 'tok_vanderplume_31', last4: '8317' }
const plain = [asha.vpa, asha.name, zoe.vpa, zoe.name, account.token]

const pay = (key: string, customerId: string, payer: object) =>
  merchant.post('/v1/payments', { amount: 1_000, currency: 'INR', customerId, method: { type: 'upi', ...payer } }, key)

const events = async (): Promise<readonly RecordedEvent[]> => {
  const log = openLog()
  const batch = await log.readAll(start, 10_000)
  await log.close()
  return allRead(batch.events)
}
const slotsOf = async (customerId: string): Promise<readonly number[]> =>
  (await events()).flatMap(({ type, data }) =>
    'customerId' in data && data.customerId === customerId ? slotsIn(data, membersOf(type)) : [],
  )
const records = async () => (await events()).filter(({ type }) => type === 'PersonalDataForgotten')

/** Those of the texts that stand in any file below a folder. */
const found = async (below: string, texts: readonly string[]): Promise<readonly string[]> => {
  const files = (await readdir(below, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  expect(files.length).toBeGreaterThan(4)
  const hits: string[] = []
  for (const { parentPath, name } of files) {
    const bytes = await readFile(join(parentPath, name))
    hits.push(...texts.filter((text) => bytes.includes(text)).map((text) => `${text} in ${name}`))
  }
  return hits
}

test('a customer is forgotten, and nothing else has changed', async () => {
  for (let n = 0; n < 3; n++) await pay(`asha ${n}`, 'cust_a', asha)
  const { body: hers } = await pay('asha', 'cust_a', asha)
  const { body: his } = await pay('zoe', 'cust_z', zoe)
  await merchant.post(`/v1/payments/${String(hers['id'])}/refunds`, { amount: 400 }, 'refund')
  const settled = await operator.post('/v1/settlements', {}, 'settle')
  expect(settled.status).toBe(201)
  const order = { amount: 700, currency: 'INR', destination: { type: 'bankAccount', ...account } }
  const paidOut = await merchant.post('/v1/payouts', order, 'payout')
  expect(paidOut.body).toMatchObject({ status: 'sent', destination: order.destination })

  const position = positionOf(paidOut)
  const balances = async () =>
    Promise.all(
      ['/v1/ledger/trial-balance', '/v1/balances'].map(
        async (path) => (await operator.get(`${path}?minPosition=${position}`)).body['data'],
      ),
    )
  const read = async (path: string) => (await merchant.get(path)).body
  const before = await balances()
  expect(await read(`/v1/payments/${String(hers['id'])}?minPosition=${position}`)).toMatchObject({ method: asha })

  const told = await operator.post('/v1/merchants/1042/customers/cust_a/forget', { reason: 'ticket 4711' })
  expect([told.status, told.body]).toMatchObject([200, { done: true, found: 4, transactions: 4 }])

  const nobody = { type: 'upi', vpa: null, name: null }
  const forgotten = { method: nobody, forgotten: true, status: 'partiallyRefunded', refunded: 400 }
  expect(await read(`/v1/payments/${String(hers['id'])}`)).toMatchObject(forgotten)
  expect(await read(`/v1/payments/${String(hers['id'])}?asOf=${position}`)).toMatchObject(forgotten)
  const { data: list } = (await read('/v1/payments?customerId=cust_a')) as { data: readonly object[] }
  expect(list.map((payment) => 'method' in payment && payment.method)).toEqual(Array(4).fill(nobody))
  const { data: stream } = (await read(`/v1/payments/${String(hers['id'])}/events`)) as { data: readonly object[] }
  expect(stream[0]).toMatchObject({ data: { method: nobody }, forgotten: true })
  expect(await read(`/v1/payments/${String(his['id'])}`)).toMatchObject({ method: zoe })
  expect((await pay('asha', 'cust_a', asha)).body).toMatchObject({ method: nobody, forgotten: true })
  expect(await balances()).toEqual(before)
})

test('its keys are zeros on the disk, and no other one is', async () => {
  const keys = openKeyFolder(join(settings().DAYBOOK_DATA, 'keys'))
  const [hers, his] = await Promise.all(['cust_a', 'cust_z'].map(slotsOf))
  expect([new Set(hers).size, (await keys.keysOf(hers ?? [])).size]).toEqual([4, 0])
  expect([new Set(his).size, (await keys.keysOf(his ?? [])).size]).toEqual([1, 1])
  await keys.close()
})

test('a command that was killed anywhere is finished by the next, and each key is counted by a record', async () => {
  const lines = Array.from({ length: 100 }, (_, n) => ({
    type: 'authorize',
    idempotencyKey: `kill ${n}`,
    amount: 100,
    currency: 'INR',
    customerId: 'cust_k',
    method: { type: 'upi', ...asha },
  }))
  expect((await merchant.batch(lines)).every(({ status }) => status === 201)).toBe(true)
  const args = ['forget', 'cust_k', '--merchant', '1042', '--reason', 'ticket 4712']
  const killed = run(args, settings())
  const log = openLog()
  const last = await log.head()
  while ((await log.head()) === last && killed.child.exitCode === null) await new Promise((next) => setImmediate(next))
  killed.child.kill('SIGKILL')
  await killed.ended
  await log.close()

  expect(await runToEnd(args, settings())).toMatch(/cust_k/)
  const keys = openKeyFolder(join(settings().DAYBOOK_DATA, 'keys'))
  const slots = await slotsOf('cust_k')
  expect([new Set(slots).size, (await keys.keysOf([...new Set(slots)])).size]).toEqual([100, 0])
  await keys.close()
  const theirs = (await records()).filter(
    ({ type, data }) => type === 'PersonalDataForgotten' && data.subject.id === 'cust_k',
  )
  // Once more where it was killed between the record and the last of the keys.
  const counts = theirs.map(({ data }) => ('transactions' in data ? data.transactions : 0))
  expect(counts[0]).toBe(100)
  expect(counts.length).toBeLessThanOrEqual(2)
})

test('a payment and a payout are forgotten by their ids', async () => {
  const { body: payment } = await pay('one', 'cust_o', zoe)
  const payouts = (await merchant.get('/v1/payouts')).body['data'] as readonly { id: string }[]
  for (const [option, id] of [
    ['--payment', String(payment['id'])],
    ['--payout', payouts[0]?.id ?? ''],
  ] as const)
    expect(await runToEnd(['forget', option, id, '--reason', 'ticket 4713'], settings())).toContain(
      `${id}, with the keys of 1 of 1`,
    )
  const nowhere = { destination: { type: 'bankAccount', token: null, last4: null }, forgotten: true }
  expect((await merchant.get(`/v1/payouts/${payouts[0]?.id}`)).body).toMatchObject(nowhere)
})

test('what is personal never was in the folder, in PostgreSQL, in a bundle or on its way to Kafka, and all verifies', async () => {
  const last = await pay('last', 'cust_l', zoe)
  const shown = await merchant.get(`/v1/payments/${String(last.body['id'])}?minPosition=${positionOf(last)}`)
  expect(shown.body).toMatchObject({ method: zoe })
  // PostgreSQL writes all of its files when it is stopped.
  await daybook.stop()
  expect(await found(settings().DAYBOOK_DATA, plain)).toEqual([])
  expect(await found(settings().DAYBOOK_DATA, ['cust_a'])).not.toEqual([])
  for (const event of await events()) for (const text of plain) expect(bytesOf(event).includes(text)).toBe(false)

  expect(await runToEnd(['verify'], settings())).toMatch(/ 0 findings$/)
  const bundle = join(folder, 'bundle')
  await runToEnd(['audit', 'export', '--out', bundle], settings())
  expect(await runToEnd(['audit', 'verify', bundle], {})).toMatch(/\n0 findings$/)
  expect(await found(bundle, plain)).toEqual([])
})

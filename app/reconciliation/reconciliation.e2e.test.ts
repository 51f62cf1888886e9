import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEventLog } from '../../infra/lmdb/event-log.ts'
import { runningServer } from '../../infra/postgres/running-server.ts'
import { type Client, clientOf, eventually } from '../testing/client.ts'
import { type Embedded, startEmbedded } from '../testing/embedded.ts'
import { killAll, processTree } from '../testing/processes.ts'
import { run, runToEnd } from '../testing/program.ts'

const settings = { SHARDS: '2', RECONCILIATION_INTERVAL: '500' }

let data = ''
let system: Embedded
let operator: Client

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'daybook-reconciliation-e2e-'))
  system = await startEmbedded(data, settings)
  operator = clientOf(system.url, await runToEnd(['keys', 'create', '--role', 'operator'], { DAYBOOK_DATA: data }))
})
afterAll(async () => {
  killAll(await processTree(system.run.pid).catch(() => []))
  await rm(data, { recursive: true, force: true })
})

const change = async (text: string, values: readonly unknown[]): Promise<void> => {
  const connection = await runningServer(data)
  if (connection === undefined) throw new Error('PostgreSQL does not run')
  const client = new pg.Client(connection)
  await client.connect()
  try {
    expect((await client.query(text, [...values])).rowCount).toBe(1)
  } finally {
    await client.end()
  }
}

type Difference = Readonly<Record<string, string | number>>
const state = () => operator.get('/v1/reconciliation/internal')
const differences = (body: Record<string, unknown>) => body['differences'] as readonly Difference[]
const metrics = async (): Promise<string> => (await fetch(system.metricsUrl)).text()
const gauge = async (): Promise<string> => {
  const text = await metrics()
  return /daybook_reconciliation_difference_events\{where="postgres",kind="altered"[^}]*\} (\d+)/.exec(text)?.[1] ?? ''
}

test('a row that was changed by hand is found, shown, repaired on request, and the record of that is in the log', async () => {
  const merchant = clientOf(system.url, system.key)
  const body = { amount: 700, currency: 'INR', method: { type: 'upi', vpa: 'asha@okbank' } }
  const payment = (await merchant.post('/v1/payments', body, randomUUID())).body
  const id = String(payment['id'])
  await eventually(state, ({ body: { lastRound } }) => lastRound !== null)

  const tables = ['shard_0', 'shard_1'].map((shard) => `${shard}.payments`)
  const all = tables.map((table) => `select tableoid::regclass::text as name from ${table} where id = $1::uuid`)
  const connection = await runningServer(data)
  const client = new pg.Client(connection)
  await client.connect()
  const { rows } = await client.query<{ name: string }>(all.join(' union all '), [id.slice(4)])
  await client.end()
  await change(`update ${rows[0]?.name} set amount = 7000 where id = $1::uuid`, [id.slice(4)])

  const verifying = run(['verify'], { DAYBOOK_DATA: data, ...settings })
  expect(await verifying.ended).toBe(1)
  expect(verifying.stdout()).toMatch(new RegExp(`FOUND read models, shard_\\d: payment of payment-${id} is altered`))

  const found = await eventually(state, (answer) => differences(answer.body).length > 0)
  const [difference] = differences(found.body)
  expect(difference).toMatchObject({
    where: 'postgres',
    kind: 'altered',
    record: 'payment',
    stream: `payment-${id}`,
    repair: 'reproject',
  })
  await expect.poll(gauge, { timeout: 10_000 }).toBe('1')
  const parked = /daybook_projection_parked_streams\{shard="1",projection="payouts",process="projections"\} 0/
  await expect.poll(metrics, { timeout: 10_000 }).toMatch(parked)

  const refused = await merchant.post('/v1/reconciliation/internal/repairs', { reason: 'mine' })
  expect([refused.status, (await merchant.get('/v1/reconciliation/internal')).status]).toEqual([403, 403])
  const order = { differences: [difference?.['id']], reason: 'an e2e test' }
  const ordered = await operator.post('/v1/reconciliation/internal/repairs', order)
  expect(ordered.status).toBe(202)
  const [repair] = ordered.body['data'] as readonly Record<string, string>[]
  await eventually(state, (answer) => differences(answer.body).length === 0)
  await expect.poll(gauge, { timeout: 10_000 }).toBe('0')
  const now = await operator.get(`/v1/payments?status=${String(payment['status'])}`)
  expect(now.body['data']).toMatchObject([{ id, amount: 700 }])
  const again = await operator.post('/v1/reconciliation/internal/repairs', order)
  expect(again.status).toBe(404)

  await change(
    `insert into shard_1.parked_streams (projection, stream, log, sequence, revision, event_type, reason)
     values ('payouts', $1, 0, 1, 0, 'PayoutRequested', 'by hand')`,
    [`payout-po_${'0'.repeat(32)}`],
  )
  const told = await runToEnd(['reconcile'], { DAYBOOK_DATA: data, ...settings })
  expect(told).toMatch(/^0 differences .*\npostgres payouts: 1 stream is parked, .*`daybook parked payouts` shows/)
  expect(await system.stop()).toBe(0)
  const log = openEventLog({ path: join(data, 'log'), readOnly: true })
  const events = await log.readStream(`reconciliation-${repair?.['repairId']}`)
  await log.close()
  expect(events.map(({ type, data: said }) => ({ type, ...said }))).toMatchObject([
    { type: 'RepairOrdered', subject: `payment-${id}`, how: 'reproject', reason: 'an e2e test' },
    { type: 'RepairMade', outcome: 'made' },
  ])
  const last = run(['verify'], { DAYBOOK_DATA: data, ...settings })
  expect(await last.ended).toBe(1)
  expect(last.stdout()).toContain('FOUND read models, payouts: 1 stream is parked')
  expect(last.stdout()).toMatch(/the read models were compared .*, 1 finding\n$/s)
  const said = await runToEnd(['reconcile', '--once', '--json'], { DAYBOOK_DATA: data, ...settings })
  expect(JSON.parse(said)).toMatchObject({
    differences: [],
    parked: [{ projection: 'payouts', parked: 1, discarded: 0 }],
  })
})

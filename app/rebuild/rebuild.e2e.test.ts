import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEventLog } from '../../infra/lmdb/event-log.ts'
import { runningServer } from '../../infra/postgres/running-server.ts'
import { generate } from '../../loadtest/rebuild/generate.ts'
import { type Client, clientOf, eventually, positionOf } from '../testing/client.ts'
import { type Embedded, startEmbedded } from '../testing/embedded.ts'
import { killAll, processTree } from '../testing/processes.ts'
import { run, runToEnd } from '../testing/program.ts'

const settings = { SHARDS: '3', RATE_LIMIT_MAX_REQUESTS: '0' }

let folder = ''
let data = ''
let system: Embedded
let operator: Client
let operatorKey = ''

const command = (...args: readonly string[]) => runToEnd(['rebuild', ...args], { DAYBOOK_DATA: data, ...settings })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-rebuild-e2e-'))
  data = join(folder, 'data')
  const log = openEventLog({ path: join(data, 'log') })
  await generate(log, 24_000, () => undefined)
  await log.close()
  system = await startEmbedded(data, settings)
  operatorKey = await runToEnd(['keys', 'create', '--role', 'operator'], { DAYBOOK_DATA: data })
  operator = clientOf(system.url, operatorKey)
  await eventually(
    () => operator.get('/v1/projections'),
    ({ body }) => (body['data'] as readonly { lag: { events: number } }[]).every(({ lag }) => lag.events === 0),
  )
}, 300_000)
afterAll(async () => {
  killAll(await processTree(system.run.pid).catch(() => []))
  await rm(folder, { recursive: true, force: true })
})

const query = async (text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> => {
  const connection = await runningServer(data)
  if (connection === undefined) throw new Error('PostgreSQL does not run')
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows
  } finally {
    await client.end()
  }
}

/** Does it again and again, one after another, until it is stopped; then tells how often, and what went wrong. */
const repeatedly = (work: () => Promise<unknown>) => {
  let stopped = false
  let times = 0
  const failures: unknown[] = []
  const done = (async () => {
    for (; !stopped; times++) await work().catch((error: unknown) => failures.push(error))
  })()
  return {
    stop: async () => {
      stopped = true
      await done
      return { times, failures }
    },
  }
}

const pay = async (): Promise<void> => {
  const body = { amount: 700, currency: 'INR', method: { type: 'upi', vpa: 'asha@okbank' } }
  const { status } = await clientOf(system.url, system.key).post('/v1/payments', body, randomUUID())
  if (status !== 201) throw new Error(`a payment was answered with ${status}`)
}

test('killed five times while payments come in, it goes on and ends with the same rows', async () => {
  const writing = repeatedly(pay)
  for (const events of [0, 5_000, 10_000, 10_000, 15_000]) {
    const killed = run(['rebuild', 'payments', '--max-rate', '12000'], { DAYBOOK_DATA: data, ...settings })
    let ended = false
    void killed.ended.then(() => (ended = true))
    const reached = (): number =>
      Math.max(
        -1,
        ...[...killed.stderr().matchAll(/events: ([\d,]+) of/g)].map(([, done]) => Number(done?.replaceAll(',', ''))),
      )
    while (reached() < events && !ended) await sleep(10)
    await sleep(Math.random() * 300)
    killed.child.kill('SIGKILL')
    await killed.ended
  }
  const said = await command('payments')
  expect((await writing.stop()).failures).toEqual([])
  expect(said).toContain('The copies are the same.')
  expect(said).toMatch(/payments: 0 only in the live copy, 0 only in the new one, 0 different/)
}, 300_000)

test('of two rebuilds of a projection the second says that there is one', async () => {
  const first = run(['rebuild', 'journal', '--max-rate', '2000'], { DAYBOOK_DATA: data, ...settings })
  while (!first.stderr().includes('events: 0 of')) await sleep(20)
  await expect(command('journal')).rejects.toThrow('a rebuild of journal is under way already')
  first.child.kill('SIGTERM')
  expect(await first.ended).toBe(130)
  expect(first.stdout()).toContain('The same command goes on from here')
  expect(await command('journal', '--drop')).toContain('are dropped, in 3 shards')
}, 120_000)

test('what was changed by hand in the live copy is in the diff, with its key', async () => {
  const [payment] = await query('select id::text, amount from shard_1.payments order by id limit 1')
  await query('update shard_1.payments set amount = 31 where id = $1', [payment?.['id']])
  const said = await command('payments', '--diff')
  expect(said).toContain('The copies differ in 1 rows.')
  expect(said).toContain(`different: id=${String(payment?.['id'])}`)
  expect(said).toContain(`amount: live 31, new ${String(payment?.['amount'])}`)
}, 120_000)

test('a switch, the way back and the drop, while payments are read and written', async () => {
  const writing = repeatedly(pay)
  const reading = repeatedly(async () => {
    const { status, body } = await operator.get('/v1/payments?limit=20')
    if (status !== 200) throw new Error(`a list was answered with ${status}: ${JSON.stringify(body)}`)
  })
  const live = async (): Promise<unknown> => {
    const { body } = await operator.get('/v1/projections')
    const copies = body['data'] as readonly { projection: string; copy: number; state: string }[]
    return copies.filter(({ projection }) => projection === 'payments').map(({ copy, state }) => `${copy} ${state}`)
  }
  expect(await command('payments', '--switch')).toContain('Copy 2 of payments is live in 3 shards')
  expect(await live()).toEqual(['1 old', '2 live', '1 old', '2 live', '1 old', '2 live'])
  expect(await command('payments', '--rollback')).toContain('Copy 1 of payments is live again in 3 shards')
  expect(await live()).toEqual(['1 live', '2 caughtUp', '1 live', '2 caughtUp', '1 live', '2 caughtUp'])
  await command('payments', '--switch')
  await sleep(1_500)
  await command('payments', '--drop')
  expect(await live()).toEqual(['2 live', '2 live', '2 live'])
  expect((await reading.stop()).failures).toEqual([])
  expect((await writing.stop()).failures).toEqual([])
}, 300_000)

type Progress = { readonly running: boolean; readonly state: string; readonly done: number; readonly total: number }

/** Server-sent events until there are so many, or the stream ends. */
const watch = async (projection: string, most: number): Promise<readonly Progress[]> => {
  const path = `/v1/projections/${projection}/rebuilds/progress`
  const response = await fetch(system.url + path, { headers: { authorization: `Bearer ${operatorKey}` } })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  const events: Progress[] = []
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString()
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^event: progress\ndata: (.+)$/.exec(text.slice(0, end))?.[1] ?? ''
      events.push(JSON.parse(data) as Progress)
      text = text.slice(end + 2)
    }
    if (events.length >= most) break
  }
  return events
}

test('operators do the same over HTTP, and watch it', async () => {
  const of = (action: string): string => `/v1/projections/journal/${action}`
  const post = (action: string, body: unknown = {}) => operator.post(of(action), body)
  const merchant = clientOf(system.url, system.key)
  expect((await merchant.post(of('rebuilds'), {})).status).toBe(403)
  expect((await operator.post('/v1/projections/nothing/rebuilds', {})).status).toBe(404)
  expect((await post('rebuilds', { shard: 3 })).body).toMatchObject({ status: 400, errors: [{ pointer: '/shard' }] })
  expect((await post('rebuilds', { to: '99999999' })).body).toMatchObject({ status: 409, code: 'rebuildRefused' })
  expect((await post('switch')).body).toMatchObject({ status: 409, code: 'rebuildRefused' })

  const started = await post('rebuilds', { maxRate: 4_000 })
  expect([started.status, started.body]).toEqual([202, { projection: 'journal', state: 'building' }])
  const [first, second] = await watch('journal', 2)
  expect([first, second]).toMatchObject([
    { running: true, state: 'building' },
    { running: true, state: 'building' },
  ])
  expect((await post('rebuilds')).body).toMatchObject({ status: 409, detail: expect.stringContaining('under way') })
  expect((await post('rebuilds/stop')).status).toBe(202)
  expect((await watch('journal', 1_000)).at(-1)).toMatchObject({ running: false, state: 'building' })
  expect((await post('rebuilds/stop')).status).toBe(409)

  expect((await post('rebuilds')).status).toBe(202)
  const last = (await watch('journal', 1_000)).at(-1)
  expect(last).toMatchObject({ running: false, state: 'caughtUp', eventsPerSecond: expect.any(Number) })
  const { body: diff } = await eventually(
    () => operator.get(of('diff')),
    ({ body }) =>
      (body['compared'] as readonly { live: string; copy: string }[]).every(({ live, copy }) => live === copy),
  )
  for (const table of diff['tables'] as readonly object[])
    expect(table).toMatchObject({ onlyLive: 0, onlyCopy: 0, different: 0, examples: [] })
  expect((await post('switch')).body).toEqual({ projection: 'journal', copy: 2, shards: 3 })
  expect((await post('rollback')).body).toEqual({ projection: 'journal', copy: 1, shards: 3 })
  expect((await post('drop')).body).toEqual({ projection: 'journal', shards: 3 })
}, 300_000)

test('a parked stream is listed, looked at, discarded with a reason, and taken up again', async () => {
  const merchant = clientOf(system.url, system.key)
  const body = { amount: 900, currency: 'INR', method: { type: 'upi', vpa: 'asha@okbank' }, capture: 'manual' }
  const paid = await merchant.post('/v1/payments', body, randomUUID())
  const path = `/v1/payments/${String(paid.body['id'])}`
  const stream = `payment-${String(paid.body['id'])}`
  await eventually(
    () => merchant.get(path),
    ({ status }) => status === 200,
  )
  type Listed = { projection: string; shard: string; copy: number; state: string; parked: number; discarded: number }
  const live = async (): Promise<readonly Listed[]> =>
    ((await operator.get('/v1/projections')).body['data'] as readonly Listed[]).filter(
      ({ projection, state }) => projection === 'payments' && state === 'live',
    )
  const schemas = (await live()).map(({ shard, copy }) => (copy === 1 ? shard : `${shard}_payments_${copy}`))
  const all = schemas.map((each) => `select '${each}' as schema, id from ${each}.payments`).join(' union all ')
  const id = String(paid.body['id']).slice('pay_'.length)
  const [found] = await query(`select schema from (${all}) here where id = $1::uuid`, [id])
  const schema = String(found?.['schema'])
  const at = Number(positionOf(paid)) + 1
  await query(
    `insert into ${schema}.parked_streams (projection, stream, log, sequence, revision, event_type, reason)
     values ('payments', $1, 0, $2, 2, 'PaymentCaptureRequested', 'by hand')`,
    [stream, at],
  )
  const captured = await merchant.post(`${path}/captures`, {}, randomUUID())
  expect([captured.status, positionOf(captured)]).toEqual([201, String(at + 1)])

  const parked = '/v1/projections/payments/parked'
  const one = `${parked}/${encodeURIComponent(stream)}`
  const listed = await operator.get(parked)
  expect(listed.body['data']).toMatchObject([
    { stream, discarded: null, copies: [{ live: true, position: String(at) }] },
  ])
  expect((await operator.get(one)).body['events']).toMatchObject([
    { type: 'PaymentCaptureRequested', revision: 2 },
    { type: 'PaymentCaptured', revision: 3 },
  ])
  expect((await operator.get(`${parked}/payment-none`)).status).toBe(404)
  expect((await merchant.get(parked)).status).toBe(403)
  const list = run(['parked', 'payments', '--url', system.url], { DAYBOOK_DATA: data })
  expect([await list.ended, list.stdout()]).toEqual([1, expect.stringContaining('by hand\n1 parked')])

  expect((await operator.post(`${one}/discard`, {})).body).toMatchObject({ errors: [{ pointer: '/reason' }] })
  const reason = 'the shop has closed'
  await runToEnd(['parked', 'payments', '--stream', stream, '--discard', reason, '--url', system.url], {
    DAYBOOK_DATA: data,
  })
  expect((await operator.get(parked)).body['data']).toMatchObject([{ stream, discarded: { reason } }])
  const counted = async () =>
    (await live()).reduce((sum, each) => [(sum[0] ?? 0) + each.parked, (sum[1] ?? 0) + each.discarded], [0, 0])
  expect(await counted()).toEqual([0, 1])
  expect((await merchant.get(path)).body).toMatchObject({ status: 'authorized' })

  expect((await operator.post(`${one}/retry`, {})).body).toEqual({ stream, followed: true, parked: null })
  expect((await merchant.get(path)).body).toEqual(captured.body)
  expect(await counted()).toEqual([0, 0])
  expect((await operator.post(`${one}/retry`, {})).status).toBe(404)
}, 120_000)

test('without a system that runs it starts PostgreSQL itself', async () => {
  expect(await system.stop()).toBe(0)
  expect(await command('payouts')).toContain('The copies are the same.')
  expect(await command('payouts', '--drop')).toContain('are dropped, in 3 shards')
  expect(await command('periods')).toContain('The copies are the same.')
  await expect(command('payouts', '--to', '99999999')).rejects.toThrow('the log ends at')
  expect(await command('payouts', '--to', '500')).toContain('cannot be switched to')
  await expect(command('nothing')).rejects.toThrow('there is no projection nothing')
}, 120_000)

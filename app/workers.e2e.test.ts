import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Client, clientOf, eventually, positionOf } from './testing/client.ts'
import { type Embedded, startEmbedded } from './testing/embedded.ts'
import { killAll, processTree, running } from './testing/processes.ts'
import { programPath, run, runToEnd } from './testing/program.ts'

let folder = ''
let data = ''
let system: Embedded | undefined
const seen = new Set<number>()

const start = async (settings = {}): Promise<Embedded> => {
  system = await startEmbedded(data, { WORKERS: '2', ...settings })
  for (const pid of await system.processes()) seen.add(pid)
  return system
}
const daybook = (...args: string[]) => runToEnd(args, { DAYBOOK_DATA: data })
const gone = (pids: Iterable<number>) => expect.poll(() => running([...pids]), { timeout: 20_000 }).toEqual([])
const workersOf = async ({ processes }: Pick<Embedded, 'processes'>): Promise<readonly number[]> => {
  const pids = await processes()
  for (const pid of pids) seen.add(pid)
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids.filter((_, index) => commands[index]?.includes('workers/main'))
}
/** Side by side, so that each has a connection of its own and both workers have some. */
const sideBySide = <T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)))

const payment = (amount: number) => ({ amount, currency: 'INR', method: { type: 'upi', vpa: 'asha@okbank' } })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-workers-'))
  data = join(folder, 'data')
})
afterEach(async () => {
  await system?.stop()
  system = undefined
})
afterAll(async () => {
  killAll(await running([...seen]))
  await rm(folder, { recursive: true, force: true })
})

test('two workers answer on one port, tell their figures, and end with the rest', async () => {
  const installation = await start()
  const { url, key, metricsUrl, processes } = installation
  expect(await workersOf(installation)).toHaveLength(2)
  const client = clientOf(url, key)
  const paid = await sideBySide(16, (n) => client.post('/v1/payments', payment(100 + n), `two-${n}`))
  expect(new Set(paid.map(({ status }) => status))).toEqual(new Set([201]))
  const last = String(Math.max(...paid.map((answer) => Number(positionOf(answer)))))
  for (const { body } of paid) {
    const reads = await sideBySide(4, () => client.get(`/v1/payments/${String(body['id'])}?minPosition=${last}`))
    for (const read of reads) expect(read.body).toEqual(body)
  }
  expect((await fetch(`${url}/ready`)).status).toBe(200)
  const figures = async () => (await fetch(metricsUrl)).text()
  for (const name of ['main', 'projections', 'worker 1', 'worker 2']) {
    await expect.poll(figures).toContain(`process_resident_memory_bytes{process="${name}"}`)
  }
  // Whichever worker is awake accepts a connection, so more and more are opened until each has some.
  let opened = 16
  const bothHaveAppended = async () => {
    opened += 16
    await sideBySide(opened, (n) => client.post('/v1/payments', payment(100), `${opened}-${n}`))
    const told = await figures()
    return [1, 2].map((n) =>
      RegExp(`appended_total\\{type="PaymentCaptured",process="worker ${n}"\\} [1-9]`).test(told),
    )
  }
  await expect.poll(bothHaveAppended, { timeout: 30_000, interval: 250 }).toEqual([true, true])
  const all = await processes()
  expect(await system?.stop()).toBe(0)
  await gone(all)
})

test('a key has one effect, and a balance is spent once, whichever workers are asked', async () => {
  const { url, key } = await start()
  const client = clientOf(url, key)
  for (let race = 0; race < 60; race++) {
    const answers = await sideBySide(8, (n) =>
      client.post('/v1/payments', payment(n % 2 === 0 ? 100 : 200), `race-${race}`),
    )
    const created = answers.filter(({ status }) => status === 201)
    expect(created.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1)
    expect(new Set(created.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    const codes = answers.filter(({ status }) => status !== 201).map(({ status, body }) => [status, body['code']])
    for (const code of codes) {
      expect([
        [409, 'idempotencyKeyInFlight'],
        [422, 'idempotencyKeyReused'],
      ]).toContainEqual(code)
    }
  }

  const shop = clientOf(url, await daybook('keys', 'create', '--role', 'merchant', '--merchant', 'guarded'))
  const finance = clientOf(url, await daybook('keys', 'create', '--role', 'finance'))
  await shop.post('/v1/payments', payment(20_000), 'funds')
  const { status } = await finance.post('/v1/settlements', { merchantId: 'guarded' })
  expect(status).toBe(201)
  const destination = { type: 'bankAccount', token: 'ba_1' }
  const payouts = await sideBySide(60, (n) =>
    shop.post('/v1/payouts', { amount: 1_000, currency: 'INR', destination }, `payout-${n}`),
  )
  expect(payouts.filter((answer) => answer.status === 201)).toHaveLength(20)
  expect(payouts.filter(({ body }) => body['code'] === 'insufficientFunds')).toHaveLength(40)
})

/** Asks until there is a decided answer, as a client would that lost one. */
const askAgain = async (client: Client, n: number): Promise<Record<string, unknown>> => {
  const ask = () =>
    client
      .post('/v1/payments', payment(100), `killed-${n}`)
      .catch(() => ({ status: 0, headers: new Headers(), body: {} }))
  return (await eventually(ask, ({ status }) => status === 201)).body
}

test('a worker that is killed under load is started again, and its calls are resolved', async () => {
  const installation = await start({ GATEWAY_TIMEOUT: '300', RESOLVE_INTERVAL: '100', SANDBOX_LATENCY: '20' })
  const client = clientOf(installation.url, installation.key)
  const before = await workersOf(installation)
  const asking = sideBySide(200, async (n) => {
    await sleep(n * 5)
    return askAgain(client, n)
  })
  await sleep(400)
  killAll(before.slice(0, 1))
  const answers = await asking
  expect(new Set(answers.map(({ id }) => id)).size).toBe(200)

  const ready = async () => (await fetch(`${installation.url}/ready`)).status
  await expect.poll(ready, { timeout: 10_000 }).toBe(200)
  const after = await workersOf(installation)
  expect(after).toHaveLength(2)
  expect(after).not.toContain(before[0])
  for (const { id } of answers) {
    const read = () => client.get(`/v1/payments/${String(id)}`)
    const { body } = await eventually(read, (answer) => answer.status === 200 && answer.body['status'] !== 'pending')
    expect(body).toMatchObject({ amount: 100, status: 'captured' })
  }
})

test('a revoked key is refused, and a limit holds, over all of them', async () => {
  const { url, key } = await start({ RATE_LIMIT_MAX_REQUESTS: '30' })
  const shop = clientOf(url, await daybook('keys', 'create', '--role', 'merchant', '--merchant', 'limited'))
  const list = () => shop.get('/v1/payments?limit=1')
  const used = await sideBySide(50, list)
  expect(used.filter(({ status }) => status === 200)).toHaveLength(30)
  expect(used.filter(({ status }) => status === 429)).toHaveLength(20)

  const [id] = (await daybook('keys', 'list', '--merchant', 'limited')).split('\t')
  const statuses = async () => (await sideBySide(12, () => shop.get('/v1/payouts'))).map(({ status }) => status)
  expect(new Set(await statuses())).toEqual(new Set([200]))
  await daybook('keys', 'revoke', id ?? '', '--merchant', 'limited')
  expect(new Set(await statuses())).toEqual(new Set([401]))
  expect((await clientOf(url, key).get('/v1/payouts')).status).toBe(200)
})

test('nothing is left running when only the main process is killed', async () => {
  const { processes, run: program } = await start()
  const all = await processes()
  program.child.kill('SIGKILL')
  await gone(all)
})

test('Ctrl-C, which a terminal sends to every process, stops all of them in order', async () => {
  const program = spawn(process.execPath, [programPath, 'start'], {
    env: { DAYBOOK_DATA: data, WORKERS: '2', PORT: '0', METRICS_PORT: '0', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  let output = ''
  program.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await expect.poll(() => output, { timeout: 30_000 }).toContain('Ctrl-C stops it')
  const all = await processTree(program.pid ?? 0)
  for (const pid of all) seen.add(pid)
  process.kill(-(program.pid ?? 0), 'SIGINT')
  expect(await once(program, 'exit')).toEqual([0, null])
  await gone(all)
  expect(output).toMatch(/Daybook stops …\n$/)
})

test('a port that is taken is named in one line', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const program = run(['start'], { DAYBOOK_DATA: data, WORKERS: '2', PORT: String(port) })
  expect(await program.ended).toBe(1)
  expect(program.stderr()).toBe(`daybook: port ${port} is taken: end what listens there or set PORT to another port\n`)
  server.close()
})

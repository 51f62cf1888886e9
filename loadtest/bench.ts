import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import { createKey, startSystem } from './system.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '64' },
    batch: { type: 'string', default: '100' },
  },
})
const duration = Number(values.seconds)
const connections = Number(values.connections)
const batch = Number(values.batch)

const payment = { amount: 12_500, currency: 'INR', method: { type: 'upi', vpa: 'asha@okbank' }, capture: 'automatic' }
const body = JSON.stringify({ ...payment, customerId: 'cus_1', reference: 'order 1', metadata: { cart: '7' } })
const run = randomBytes(6).toString('hex')
let number = 0
const nextKey = () => `${run}-${number++}`

type Row = {
  readonly what: string
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly errors: number
}

const measure = async (what: string, url: string, key: string, lines: number): Promise<Row> => {
  const single: autocannon.Request = {
    method: 'POST',
    path: '/v1/payments',
    body,
    setupRequest: (request) => ({
      ...request,
      headers: { ...request.headers, 'content-type': 'application/json', 'idempotency-key': nextKey() },
    }),
  }
  const many: autocannon.Request = {
    method: 'POST',
    path: '/v1/commands',
    setupRequest: (request) => ({
      ...request,
      headers: { ...request.headers, 'content-type': 'application/x-ndjson' },
      body: Array.from({ length: lines }, () =>
        JSON.stringify({ type: 'authorize', idempotencyKey: nextKey(), ...payment }),
      ).join('\n'),
    }),
  }
  const result = await autocannon({
    url,
    duration,
    connections: lines > 1 ? Math.min(connections, 8) : connections,
    warmup: { connections: 8, duration: 2 },
    headers: { authorization: `Bearer ${key}` },
    requests: [lines > 1 ? many : single],
  } as autocannon.Options)
  return {
    what,
    perSecond: (result['2xx'] * lines) / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    errors: result.errors + result.non2xx,
  }
}

const startNoop = async (): Promise<{ url: string; child: ChildProcess }> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'noop.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<string>((resolve) =>
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim())),
  )
  return { url: `http://127.0.0.1:${port}`, child }
}

const folder = await mkdtemp(join(tmpdir(), 'daybook-bench-'))
const noop = await startNoop()
try {
  const data = join(folder, 'data')
  const key = await createKey(data, 'merchant', '1042')
  const rows: Row[] = [await measure('no-op hono server, single', noop.url, key, 1)]
  const system = await startSystem(data)
  try {
    rows.push(await measure('POST /v1/payments, single', system.url, key, 1))
    rows.push(await measure(`POST /v1/commands, batches of ${batch}`, system.url, key, batch))
  } finally {
    await system.stop()
  }
  const yardstick = rows[0]?.perSecond ?? 1
  process.stdout.write(
    `${'what'.padEnd(42)}${'per second'.padStart(12)}${'ratio'.padStart(8)}${'p50 ms'.padStart(9)}${'p99 ms'.padStart(9)}${'errors'.padStart(8)}\n`,
  )
  for (const row of rows) {
    process.stdout.write(
      `${row.what.padEnd(42)}${row.perSecond.toFixed(0).padStart(12)}${(row.perSecond / yardstick).toFixed(2).padStart(8)}` +
        `${String(row.p50).padStart(9)}${String(row.p99).padStart(9)}${String(row.errors).padStart(8)}\n`,
    )
  }
} finally {
  noop.child.kill('SIGTERM')
  await rm(folder, { recursive: true, force: true })
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { reached } from '../domain/position.ts'
import { type EventLog, openEventLog } from '../infra/lmdb/event-log.ts'
import { closePool, openPool } from '../infra/postgres/pools.ts'
import { readModelServer } from '../infra/postgres/read-model-server.ts'
import { startPostgres } from '../infra/postgres/server.ts'
import { journalProjection } from '../projections/journal/journal.ts'
import { migrate } from '../projections/migrate.ts'
import { partitionsOf } from '../projections/partitions.ts'
import { paymentsProjection } from '../projections/payments/payments.ts'
import { payoutsProjection } from '../projections/payouts/payouts.ts'
import { positionSeen } from '../projections/position-seen.ts'
import { periodsProjection } from '../projections/periods/periods.ts'
import { runProjector } from '../projections/projector.ts'
import type { ReadModelServer } from '../projections/read-model-store.ts'
import { tailFeed } from '../projections/tail-feed.ts'
import { automaticPayment } from './automatic-payments.ts'
import { loadGenerator, lookAt } from './processes.ts'

// How fast the projections bring a prepared log of automatic payments, three events each, into PostgreSQL:
//   node dist/loadtest/projections.js --payments 100000 --merchants 1,10
const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '100000' },
    merchants: { type: 'string', default: '1,10' },
    shards: { type: 'string', default: '10' },
    // Whether a payment's first event stands apart from its others, as under load from many clients.
    apart: { type: 'boolean', default: false },
  },
})
const payments = Number(values.payments)
const atOnce = 512

const appendAll = async (log: EventLog, merchants: number): Promise<void> => {
  const begin = Date.now() - payments
  for (let first = 0; first < payments; first += atOnce) {
    const group = Array.from({ length: Math.min(atOnce, payments - first) }, (_, index) =>
      automaticPayment(first + index, merchants, begin),
    )
    if (!values.apart) {
      await Promise.all(group.map(({ stream, events }) => log.append(stream, 'none', events)))
      continue
    }
    await Promise.all(group.map(({ stream, events }) => log.append(stream, 'none', events.slice(0, 1))))
    await Promise.all(group.map(({ stream, events }) => log.append(stream, 0, events.slice(1))))
  }
}

/** Seconds of CPU that PostgreSQL has had; 0 where the system doesn't tell. */
const cpuSecondsOf = async (postmaster: number): Promise<number> =>
  [...(await lookAt(postmaster))]
    .filter(([name]) => name !== loadGenerator)
    .reduce((sum, [, { cpuSeconds }]) => sum + cpuSeconds, 0)

const runToHead = async (log: EventLog, server: ReadModelServer): Promise<number> => {
  const head = await log.head()
  const done = new AbortController()
  let batches = 0
  const quiet = { info: () => undefined, warn: console.warn, error: console.error }
  await runProjector(
    {
      feed: tailFeed(log),
      server,
      partitions: partitionsOf(server),
      projections: [journalProjection(), paymentsProjection(), payoutsProjection(), periodsProjection(1)],
      statusCache: { put: () => undefined },
      logger: quiet,
      onProgress: (seen) => {
        batches++
        if (reached(positionSeen(seen), head)) done.abort()
      },
      onHole: () => undefined,
    },
    done.signal,
  )
  return batches
}

const measure = async (merchants: number): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-projections-'))
  const postgres = await startPostgres(folder)
  const log = openEventLog({ path: join(folder, 'log') })
  const settings = { connectionTimeoutMs: 5_000, idleTimeoutMs: 30_000, statementTimeoutMs: 60_000 }
  const pool = openPool(postgres.connection, { ...settings, name: 'loadtest', max: 2 }, () => undefined)
  try {
    await appendAll(log, merchants)
    const server = readModelServer(pool, Number(values.shards))
    await migrate(server)
    await partitionsOf(server).ahead(new Date())
    const [cpu, postgresCpu, begin] = [process.cpuUsage(), await cpuSecondsOf(postgres.pid), performance.now()]
    const batches = await runToHead(log, server)
    const seconds = (performance.now() - begin) / 1_000
    const { user, system } = process.cpuUsage(cpu)
    console.log({
      merchants,
      events: Number(await log.head()),
      batches,
      seconds: Number(seconds.toFixed(2)),
      eventsPerSecond: Math.round(Number(await log.head()) / seconds),
      nodeCpuSeconds: Number(((user + system) / 1e6).toFixed(2)),
      postgresCpuSeconds: Number(((await cpuSecondsOf(postgres.pid)) - postgresCpu).toFixed(2)),
    })
  } finally {
    await closePool(pool)
    await log.close()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

for (const merchants of values.merchants.split(',')) await measure(Number(merchants))

// Put together like a main.ts: the queries are tested against what they will read.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import type pg from 'pg'
import type { DomainEvent, NewEvent } from '../../domain/event.ts'
import { ownerOf } from '../../domain/owner.ts'
import { type Position, reached, start } from '../../domain/position.ts'
import { authenticate } from '../../http/authenticate.ts'
import { notFound } from '../../http/not-found.ts'
import type { Edge, Principal } from '../../http/principal.ts'
import { onError } from '../../http/problem-response.ts'
import { trace } from '../../http/trace.ts'
import { createInProcessStatusCache } from '../../infra/cache/in-process-status-cache.ts'
import { type EventLog, openEventLog } from '../../infra/lmdb/event-log.ts'
import { logHistory } from '../../infra/log-history.ts'
import { closePool, openPool } from '../../infra/postgres/pools.ts'
import { readModelServer } from '../../infra/postgres/read-model-server.ts'
import type { PostgresServer } from '../../infra/postgres/server.ts'
import { startTestPostgres } from '../../infra/postgres/testing/test-postgres.ts'
import { queryShards } from '../../infra/postgres/query-shards.ts'
import { allOnPool } from '../../infra/postgres/shard-servers.ts'
import { memoryKeys } from '../../personal/testing/memory-keys.ts'
import type { KeyStore } from '../../personal/key-store.ts'
import { journalProjection } from '../../projections/journal/journal.ts'
import { migrate } from '../../projections/migrate.ts'
import { partitionsOf } from '../../projections/partitions.ts'
import { paymentsProjection } from '../../projections/payments/payments.ts'
import { payoutsProjection } from '../../projections/payouts/payouts.ts'
import { positionSeen } from '../../projections/position-seen.ts'
import { periodsProjection } from '../../projections/periods/periods.ts'
import { runProjector } from '../../projections/projector.ts'
import { tailFeed } from '../../projections/tail-feed.ts'
import { createQuerySide, type QuerySideDeps } from '../main.ts'

/** A log, a projector and a database, all real, and the query side on top of them. */
export type Stage = {
  readonly log: EventLog
  readonly server: PostgresServer
  readonly deps: QuerySideDeps
  readonly keys: KeyStore
  /** Appends to a stream at a time (ISO 8601) and tells the position. */
  record(stream: string, at: string, ...events: readonly DomainEvent[]): Promise<Position>
  /** Waits until the read models have come up to the log. */
  caughtUp(): Promise<void>
  /** Keeps the read models where they are until `resume`. */
  pause(): Promise<void>
  resume(): void
  /** Writes to the read models behind the projector's back. */
  readonly pool: pg.Pool
  close(): Promise<void>
}

export const shardCount = 3

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** `stride`: below 1, periods are smaller than they are in earnest, so that a short log has many of them. */
export const openStage = async (stride = 1): Promise<Stage> => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-query-'))
  const log = openEventLog({ path: join(folder, 'log') })
  const server = await startTestPostgres()
  const settings = { max: 5, connectionTimeoutMs: 2_000, idleTimeoutMs: 10_000, statementTimeoutMs: 30_000 }
  const pool = openPool(server.connection, { ...settings, name: 'projector' }, () => undefined)
  const reading = openPool(
    server.connection,
    { ...settings, connectionTimeoutMs: 500, statementTimeoutMs: 500, readOnly: true, name: 'queries' },
    () => undefined,
  )
  const models = readModelServer(pool, shardCount)
  await migrate(models)

  const keys = memoryKeys()
  let progress = start
  let projecting = new AbortController()
  let projected: Promise<void> = Promise.resolve()
  const resume = (): void => {
    projecting = new AbortController()
    projected = runProjector(
      {
        feed: tailFeed(log),
        server: models,
        partitions: partitionsOf(models),
        projections: [paymentsProjection(), payoutsProjection(), journalProjection(), periodsProjection(stride)],
        statusCache: { put: () => undefined },
        logger: quiet,
        onProgress: (seen) => {
          progress = positionSeen(seen)
        },
        onHole: () => undefined,
      },
      projecting.signal,
    )
  }
  const pause = async (): Promise<void> => {
    projecting.abort()
    await projected
  }
  resume()

  return {
    log,
    server,
    pool,
    keys,
    deps: {
      keys,
      shards: queryShards(allOnPool(reading, shardCount)),
      cache: createInProcessStatusCache({ maxEntries: 1_000, maxBytes: 1_000_000, ttlMs: 300_000 }, () => undefined),
      history: logHistory(log, [log]),
      stride,
      probes: [],
      minPositionTimeoutMs: 300,
    },
    record: async (stream, at, ...events) => {
      const recorded = events.map(
        (event): NewEvent => ({
          ...event,
          id: randomUUID(),
          version: 1,
          recordedAt: at,
          metadata: { merchantId: ownerOf(event) },
        }),
      )
      const result = await log.append(stream, await log.streamRevision(stream), recorded)
      if (result.type === 'wrongRevision') throw new Error(`${stream} is at ${result.actual}`)
      return result.position
    },
    caughtUp: async () => {
      const head = await log.head()
      while (!reached(progress, head)) await new Promise((resolve) => setTimeout(resolve, 5))
    },
    pause,
    resume,
    close: async () => {
      await pause()
      await log.close()
      await Promise.all([closePool(pool), closePool(reading)])
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const staff = { finance: true, auditor: true, operator: true } as const

/** Principals by token: `merchant 1042`, `finance`, `auditor`, `operator`. */
const principalOf = (token: string): Principal | undefined => {
  const [role = '', merchantId] = token.split(' ')
  if (role === 'merchant' && merchantId !== undefined) return { role, merchantId, keyId: 'k' }
  return Object.hasOwn(staff, role) ? { role: role as keyof typeof staff, keyId: 'k' } : undefined
}

/** What went wrong that is nobody's fault but ours. */
export const failures: unknown[] = []

/** The query side behind the edge that it has in the application. */
export const appOf = (deps: QuerySideDeps): Hono<Edge> => {
  const { routes, publicRoutes } = createQuerySide(deps)
  const app = new Hono<Edge>()
  app.onError(onError({ error: (fields) => failures.push(fields) }))
  app.notFound(notFound(app))
  app.use(trace())
  app.route('/', publicRoutes)
  app.use(
    '/v1/*',
    authenticate(async (given = '') => principalOf(given.replace('Bearer ', ''))),
  )
  app.route('/', routes)
  return app
}

/** A body's members; `data` where it is a list. */
export type Body = Record<string, unknown> & { readonly data: readonly Record<string, unknown>[] }

export type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Body
}

/** Asks as somebody. */
export const asker =
  (app: Hono<Edge>) =>
  async (who: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> => {
    const answer = await app.request(path, { headers: { Authorization: `Bearer ${who}`, ...headers } })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, body: text === '' ? {} : JSON.parse(text) }
  }

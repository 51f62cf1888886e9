import { expect, test } from 'vitest'
import { closePool, openPool } from '../../infra/postgres/pools.ts'
import { readModelServer } from '../../infra/postgres/read-model-server.ts'
import { poolSettings, startTestPostgres } from '../../infra/postgres/testing/test-postgres.ts'
import { migrate } from '../../projections/migrate.ts'
import { placeOf } from '../engines/read-models.ts'
import { run } from '../testing/program.ts'

const engines = {
  DAYBOOK_PROFILE: 'cluster',
  EVENTSTORE_CONNECTION_STRING: 'esdb://127.0.0.1:1?tls=false',
  KAFKA_BROKERS: '127.0.0.1:1',
  DB_HOST: '127.0.0.1:1',
  DB_PASSWORD: 'x',
  REDIS_HOST: '127.0.0.1:1',
  JWT_SECRET: '0123456789abcdef0123456789abcdef',
}

test.each(['command-side', 'query-side'])('%s refuses to be several processes', async (side) => {
  const program = run(['run', side], { ...engines, WORKERS: '2' })
  expect(await program.ended).toBe(1)
  expect(program.stderr()).toBe(
    'daybook: WORKERS is for `daybook start`: of a side that runs alone, run as many as there should be\n',
  )
})

test.each(['command-side', 'query-side'])('%s refuses to have keys that other machines lack', async (side) => {
  const program = run(['run', side], engines)
  expect(await program.ended).toBe(1)
  expect(program.stderr()).toContain(
    'daybook: KEYS_URL is required with EVENT_STORE=eventstoredb, or KEYS_DIR on a disk that all machines share\n',
  )
})

test('a process ends where the read models were made with other shards, and names the setting', async () => {
  const postgres = await startTestPostgres()
  const pool = openPool(postgres.connection, poolSettings, () => undefined)
  await migrate(readModelServer(pool, 3))
  await closePool(pool)
  const { DB_HOST, DB_PORT, ...login } = placeOf(postgres.connection)
  const chosen = { FEED: 'tail', CACHE: 'in-process', LOG_LEVEL: 'fatal', KEYS_DIR: postgres.data }
  const place = { ...login, DB_HOST: `${DB_HOST}:${DB_PORT}`, ...chosen }
  const programs = ['query-side', 'projections'].map((task) =>
    run(['run', task], { ...engines, ...place, SHARDS: '2' }),
  )
  for (const program of programs) {
    expect(await program.ended).toBe(1)
    expect(program.stderr()).toMatch(/^daybook: (the projections cannot run: )?SHARDS=2 is wrong: .* 3 shards, .*\n$/)
  }
  await postgres.stop()
}, 30_000)

import { expect, test } from 'vitest'
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

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { leaseOfSeveral } from '../../projections/lease-of-several.ts'
import type { RelayLease } from '../../projections/relay-lease.ts'
import { closePool, openPool } from './pools.ts'
import { postgresRelayLease } from './relay-lease.ts'
import { poolSettings, startTestPostgres, type TestPostgres } from './testing/test-postgres.ts'

const patiently = { timeout: 40_000, interval: 100 }

let postgres: TestPostgres
let pool: pg.Pool
const children: Holder[] = []

beforeAll(async () => {
  postgres = await startTestPostgres()
  pool = openPool(postgres.connection, { ...poolSettings, max: 16 }, () => undefined)
})
afterAll(async () => {
  await closePool(pool)
  await postgres.stop()
})
beforeEach(() => pool.query('drop schema if exists daybook_relay cascade'))
afterEach(() => {
  for (const { child } of children.splice(0)) child.kill('SIGKILL')
})

const someone = (): RelayLease => postgresRelayLease(pool)
const expire = () => pool.query(`update daybook_relay.leases set until = clock_timestamp() - interval '1 second'`)

/** A process that takes the lease of log 0 and keeps it, and what it has printed. */
type Holder = { readonly child: ChildProcessByStdio<Writable, Readable, null>; readonly lines: readonly string[] }

const startHolder = (): Holder => {
  const program = join(import.meta.dirname, '..', '..', 'dist', 'infra', 'postgres', 'kill', 'lease-holder.js')
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', process.execPath, program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(`${JSON.stringify(postgres.connection)}\n`)
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const holder = { child, lines }
  children.push(holder)
  return holder
}
const lastKept = ({ lines }: Holder): number => Number(lines.findLast((line) => /^\d+$/.test(line)) ?? -1)

test('one of many who want it at once has it, also while the table is being made', async () => {
  const all = Array.from({ length: 12 }, someone)
  const taken = await Promise.all(all.map((lease) => lease.take(0)))
  expect(taken.filter((checkpoint) => checkpoint !== undefined)).toEqual([0])
  const kept = await Promise.all(all.map((lease) => lease.keep(0, 7)))
  expect(kept.map((keeps, index) => keeps === (taken[index] !== undefined))).not.toContain(false)
})

test('one of many has it once it is over', async () => {
  await someone().take(0)
  await expire()
  const taken = await Promise.all(Array.from({ length: 12 }, () => someone().take(0)))
  expect(taken.filter((checkpoint) => checkpoint !== undefined)).toEqual([0])
})

test('each log has its own', async () => {
  const [one, other] = [someone(), someone()]
  expect([await one.take(0), await other.take(1)]).toEqual([0, 0])
  await one.keep(0, 5)
  await other.keep(1, 9)
  expect([await other.take(0), await one.take(1)]).toEqual([undefined, undefined])
  await one.release(0)
  expect([await other.take(0), await one.take(1)]).toEqual([5, undefined])
})

test('who has it may take it again, and keeps it late as long as nobody else has taken it', async () => {
  const one = someone()
  expect([await one.take(0), await one.keep(0, 3), await one.take(0)]).toEqual([0, true, 3])
  await expire()
  expect(await one.keep(0, 4)).toBe(true)
  expect(await someone().take(0)).toBeUndefined()
})

test('who has lost it changes nothing', async () => {
  const [one, other] = [someone(), someone()]
  await one.take(0)
  await one.keep(0, 10)
  await expire()
  expect(await other.take(0)).toBe(10)
  expect(await one.keep(0, 99)).toBe(false)
  await one.release(0)
  expect(await one.take(0)).toBeUndefined()
  expect(await other.take(0)).toBe(10)
})

test('the checkpoint never goes back', async () => {
  const one = someone()
  await one.take(0)
  expect([await one.keep(0, 10), await one.keep(0, 4)]).toEqual([true, true])
  await one.release(0)
  const other = someone()
  expect(await other.take(0)).toBe(10)
  await other.keep(0, 2)
  expect(await other.take(0)).toBe(10)
})

test('on several servers it is had while one of them is away, and made there when it answers', async () => {
  const nowhere = openPool({ ...postgres.connection, port: 1 }, poolSettings, () => undefined)
  let away = true
  const second = postgresRelayLease({ connect: () => (away ? nowhere : pool).connect() })
  const elsewhere = await startTestPostgres()
  const there = openPool(elsewhere.connection, poolSettings, () => undefined)
  const lease = leaseOfSeveral([second, postgresRelayLease(there)])
  expect([await lease.take(0), await lease.keep(0, 8)]).toEqual([0, true])
  expect(await postgresRelayLease(there).take(0)).toBeUndefined()
  away = false
  expect(await lease.keep(0, 9)).toBe(true)
  expect(await someone().take(0)).toBeUndefined()
  await lease.release(0)
  expect([await someone().take(0), await postgresRelayLease(there).take(0)]).toEqual([9, 9])
  await closePool(nowhere)
  await closePool(there)
  await elsewhere.stop()
})

test('large sequences are kept to the unit', async () => {
  const one = someone()
  await one.take(0)
  await one.keep(0, Number.MAX_SAFE_INTEGER)
  expect(await one.take(0)).toBe(Number.MAX_SAFE_INTEGER)
})

test('a database that knows nothing of it lets it go, and gives it anew', async () => {
  const one = someone()
  await one.take(0)
  await pool.query('drop schema daybook_relay cascade')
  expect(await one.keep(0, 3)).toBe(false)
  expect(await one.take(0)).toBe(0)
})

test('a lease by the clock of another server does not last for ever', async () => {
  await someone().take(0)
  await pool.query(`update daybook_relay.leases set until = clock_timestamp() + interval '1 hour'`)
  expect(await someone().take(0)).toBe(0)
})

test('is not had while its holder lives, and is taken over after a kill, from the last checkpoint that was kept', async () => {
  const holder = startHolder()
  await expect.poll(() => lastKept(holder), patiently).toBeGreaterThan(0)
  const other = someone()
  const begun = lastKept(holder)
  // Longer than the lease lasts: it is renewed.
  while (lastKept(holder) < begun + 70) expect(await other.take(0)).toBeUndefined()
  holder.child.kill('SIGKILL')
  await once(holder.child, 'exit')
  await expect.poll(() => other.take(0), patiently).toBeGreaterThanOrEqual(lastKept(holder))
  // It may have been killed before it could say so of one more.
  expect(await other.take(0)).toBeLessThanOrEqual(lastKept(holder) + 1)
})

test('a holder that was paused hears that it has lost it, and moves nothing', async () => {
  const holder = startHolder()
  await expect.poll(() => lastKept(holder), patiently).toBeGreaterThan(0)
  holder.child.kill('SIGSTOP')
  const other = someone()
  await expect.poll(() => other.take(0), patiently).toBeDefined()
  const checkpoint = await other.take(0)
  holder.child.kill('SIGCONT')
  await expect.poll(() => holder.lines.at(-1), patiently).toBe('lost')
  expect(await other.take(0)).toBe(checkpoint)
})

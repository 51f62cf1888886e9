import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { KeyStoreUnavailable } from '../../http/key-store-unavailable.ts'
import type { KeyStore } from '../../personal/key-store.ts'
import { dealer, type Reserve } from '../keys/dealer.ts'
import { gathered } from '../keys/gathered.ts'
import { type Connection, closePool, openPool } from './pools.ts'

const keysInBlock = 4_096
const keyBytes = 32
/** In so many keys a table is split, so that it can be written anew in a moment when some were destroyed. */
const keysInPart = 1_048_576
const destroyedAtOnce = 10_000

/** 'dbkeys' in ASCII: whoever makes a table makes others wait, since "if not exists" is no promise among several. */
const makingKey = '110403766286707'

const make = `
  begin;
  select pg_advisory_xact_lock(${makingKey});
  create schema if not exists daybook_keys;
  create sequence if not exists daybook_keys.blocks;
  create table if not exists daybook_keys.keys (slot bigint primary key, key bytea) partition by range (slot);
  create table if not exists daybook_keys.to_be_written_anew (part bigint primary key);
  commit`

const makePart = (part: number): string => `
  begin;
  select pg_advisory_xact_lock(${makingKey});
  create table if not exists daybook_keys.keys_${part} partition of daybook_keys.keys
    for values from (${part * keysInPart}) to (${(part + 1) * keysInPart});
  commit`

/** One destroys at a time: who writes a part anew says of nobody else's keys that they were in it. */
const destroyingKey = '110403766286708'
const lock = `select pg_advisory_lock(${destroyingKey})`
const unlock = `select pg_advisory_unlock(${destroyingKey})`

const nextBlock = `select nextval('daybook_keys.blocks') as block`
const hasPart = 'select to_regclass($1) is not null as "isThere"'

const store = `
  insert into daybook_keys.keys (slot, key)
  select $1::bigint + place - 1, key from unnest($2::bytea[]) with ordinality as given (key, place)`

const read = 'select slot, key from daybook_keys.keys where slot = any($1::bigint[])'

const destroy = `
  with destroyed as (
    update daybook_keys.keys set key = null where slot = any($1::bigint[]) and key is not null returning slot
  )
  insert into daybook_keys.to_be_written_anew select distinct slot / ${keysInPart} from destroyed on conflict do nothing`

const toBeWrittenAnew = 'select part from daybook_keys.to_be_written_anew order by part'
const writtenAnew = 'delete from daybook_keys.to_be_written_anew where part = $1'

/** No schema, no table. */
const isNotMade = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && (error.code === '3F000' || error.code === '42P01')

const settings = {
  name: 'daybook keys',
  max: 10,
  connectionTimeoutMs: 5_000,
  idleTimeoutMs: 30_000,
  // As long as writing a part anew may take, for which those wait who read from it.
  statementTimeoutMs: 60_000,
  // What is sealed with a key may be durable a moment later.
  durable: true,
}

/**
 * Keys in a table of PostgreSQL, for processes on many machines; in a database of its own, so that backups of others have
 * no keys in them. What is destroyed leaves a row without a key, and its part of the table is written anew (VACUUM FULL),
 * because an old version of a row stays in its file. The tables are made when they are first needed.
 */
export const openKeyTable = (connection: Connection, onLost: (error: Error) => void): KeyStore => {
  const pool = openPool(connection, settings, onLost)

  const query = async <Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<readonly Row[]> =>
    (await pool.query<Row>(text, values)).rows

  const makeReserve = async (): Promise<Reserve> => {
    const [row] = await query<{ block: bigint }>(nextBlock).catch(async (error: unknown) => {
      if (!isNotMade(error)) throw error
      await query(make)
      return query<{ block: bigint }>(nextBlock)
    })
    const slot = Number(row?.block) * keysInBlock
    const part = Math.floor(slot / keysInPart)
    const [known] = await query<{ isThere: boolean }>(hasPart, [`daybook_keys.keys_${part}`])
    if (known?.isThere !== true) await query(makePart(part))
    const keys = randomBytes(keysInBlock * keyBytes)
    const each = Array.from({ length: keysInBlock }, (_, n) => keys.subarray(n * keyBytes, (n + 1) * keyBytes))
    await query(store, [slot, each])
    return { slot, keys }
  }

  const readKeys = async (slots: readonly number[]): Promise<ReadonlyMap<number, Uint8Array | null>> => {
    const rows = await query<{ slot: bigint; key: Buffer | null }>(read, [slots])
    return new Map(rows.map(({ slot, key }) => [Number(slot), key]))
  }
  const keysAt = gathered(readKeys)

  const keysOf = async (slots: readonly number[]): Promise<ReadonlyMap<number, Uint8Array>> => {
    const found = await keysAt(slots)
    const missing = slots.find((slot) => !found.has(slot))
    if (missing !== undefined) throw new Error(`the table of keys has no slot ${missing}`)
    return new Map(
      slots.flatMap((slot) => {
        const key = found.get(slot)
        return key ? [[slot, key] as const] : []
      }),
    )
  }

  /** Also writes anew what a crash has left to be. */
  const destroyWith = async (client: pg.PoolClient, slots: readonly number[]): Promise<void> => {
    await client.query(lock)
    for (let from = 0; from < slots.length; from += destroyedAtOnce)
      await client.query(destroy, [slots.slice(from, from + destroyedAtOnce)])
    const { rows } = await client.query<{ part: bigint }>(toBeWrittenAnew)
    for (const { part } of rows) {
      await client.query(`vacuum (full) daybook_keys.keys_${part}`)
      await client.query(writtenAnew, [part])
    }
    await client.query(unlock)
  }

  const destroyAll = async (slots: readonly number[]): Promise<void> => {
    await keysOf(slots)
    const client = await pool.connect()
    try {
      await destroyWith(client, slots)
      client.release()
    } catch (error) {
      // Its lock goes with it.
      client.release(true)
      throw error
    }
  }

  const orUnavailable = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw new KeyStoreUnavailable(error)
    })

  const take = dealer(() => orUnavailable(makeReserve()))
  return {
    take,
    keysOf: (slots) => orUnavailable(keysOf(slots)),
    destroy: (slots) => orUnavailable(destroyAll(slots)),
    close: () => closePool(pool),
  }
}

import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { leaseMs, type RelayLease } from '../../projections/relay-lease.ts'
import { within } from '../within.ts'
import type { Writes } from './shard-server.ts'

/** So that a relay whose database is silent hears so before its lease is over. */
const answerMs = 3_000

/** 'relays' in ASCII: whoever makes the table makes others wait, since "if not exists" is no promise among several. */
const makingKey = '125779835939187'

const make = `
  begin;
  select pg_advisory_xact_lock(${makingKey});
  create schema if not exists daybook_relay;
  create table if not exists daybook_relay.leases (
    log        smallint primary key,
    holder     uuid,
    until      timestamptz not null,
    checkpoint bigint not null,
    updated_at timestamptz not null default now()
  );
  commit`

const take = `
  insert into daybook_relay.leases as relay (log, holder, until, checkpoint)
  values ($1, $2, clock_timestamp() + make_interval(secs => $3), 0)
  on conflict (log) do update set holder = excluded.holder,
    until = clock_timestamp() + make_interval(secs => $3), updated_at = clock_timestamp()
  where relay.holder is null or relay.holder = excluded.holder
    -- A lease that lasts longer than any is of a server with another clock, which this one has replaced.
    or relay.until not between clock_timestamp() and clock_timestamp() + make_interval(secs => $3)
  returning checkpoint`

const keep = `
  update daybook_relay.leases set until = clock_timestamp() + make_interval(secs => $3),
    checkpoint = greatest(checkpoint, $4), updated_at = clock_timestamp()
  where log = $1 and holder = $2
  returning log`

const release =
  'update daybook_relay.leases set holder = null, updated_at = clock_timestamp() where log = $1 and holder = $2'

/** No schema, no table. */
const isNotMade = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && (error.code === '3F000' || error.code === '42P01')

/**
 * Leases as rows of one server of PostgreSQL, by its clock alone; a `pg.Pool` will do. Of several servers each has them
 * (`leaseOfSeveral`). The table is made when it is first
 * needed. These rows are committed as the server usually does it, so a crash forgets nothing; a replica that replaces the
 * server may lack the last of them, and gives an older checkpoint or lets two relays run for a moment: what they send
 * twice is passed over. `holder` is a UUID, one for each process.
 */
export const postgresRelayLease = (server: Writes, holder: string = randomUUID()): RelayLease => {
  const run = <Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly Row[]> =>
    within(
      answerMs,
      async () => {
        const client = await server.connect()
        try {
          const { rows } = await client.query<Row>(text, values === undefined ? undefined : [...values])
          client.release()
          return rows
        } catch (error) {
          // It may be in the middle of something.
          client.release(true)
          server.doubt?.(error)
          throw error
        }
      },
      () => new Error(`PostgreSQL has not answered within ${answerMs} ms`),
    )
  const seconds = leaseMs / 1_000

  const tryToTake = async (log: number): Promise<number | undefined> => {
    const [row] = await run<{ checkpoint: bigint }>(take, [log, holder, seconds])
    return row === undefined ? undefined : Number(row.checkpoint)
  }
  return {
    take: async (log) => {
      try {
        return await tryToTake(log)
      } catch (error) {
        if (!isNotMade(error)) throw error
        await run(make)
        return tryToTake(log)
      }
    },
    keep: async (log, checkpoint) => {
      try {
        return (await run(keep, [log, holder, seconds, checkpoint])).length > 0
      } catch (error) {
        if (isNotMade(error)) return false
        throw error
      }
    },
    release: async (log) => {
      await run(release, [log, holder])
    },
  }
}

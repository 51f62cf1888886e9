import type { Sql } from './read-model-store.ts'

/** 'daybook' in ASCII: the name of our lock among those of everybody who uses the database. */
const key = '28254671641472875'

/** Keeps everybody else from changing tables until the transaction ends. */
export const lockMaintenance = async (sql: Sql): Promise<void> => {
  await sql.query('select pg_advisory_xact_lock($1::bigint)', [key])
  // A server process hears what others have done to the catalogue when it locks a relation. While it waited for ours it
  // heard nothing, and would make again what was made meanwhile.
  await sql.query('select from pg_namespace limit 0', [])
}

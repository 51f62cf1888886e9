import type { RebuildLock } from '../../projections/rebuild/rebuild-lock.ts'
import type { Writes } from './shard-server.ts'

const key = `hashtextextended('daybook rebuild ' || $1, 0)`

/** A lock of a session on this server: it ends with the connection, however the process ends. */
export const postgresRebuildLock =
  (server: Writes): RebuildLock =>
  async (projection) => {
    const client = await server.connect()
    const lost = new AbortController()
    const lose = (): void => lost.abort()
    client.on('error', lose)
    client.on('end', lose)
    const end = (): void => {
      client.off('error', lose)
      client.off('end', lose)
      client.release(true)
    }
    try {
      const { rows } = await client.query<{ held: boolean }>(`select pg_try_advisory_lock(${key}) as held`, [
        projection,
      ])
      if (rows[0]?.held === true) return { lost: lost.signal, release: async () => end() }
    } catch (error) {
      end()
      throw error
    }
    end()
    return undefined
  }

const held = `
  from pg_locks
  where locktype = 'advisory' and objsubid = 1 and granted
    and database = (select oid from pg_database where datname = current_database())
    and ((classid::bigint << 32) | objid::bigint) = ${key}`

const ask = async (server: Writes, text: string, projection: string): Promise<boolean> => {
  const client = await server.connect()
  try {
    const { rows } = await client.query<{ found: boolean }>(text, [projection])
    client.release()
    return rows[0]?.found === true
  } catch (error) {
    client.release(true)
    throw error
  }
}

/** Whether anybody holds the lock, in this process or any other. */
export const isRebuilding = (server: Writes, projection: string): Promise<boolean> =>
  ask(server, `select count(*) > 0 as found ${held}`, projection)

/** Takes the lock from whoever holds it, who hears of that and stops. Says whether anybody did. */
export const endRebuild = (server: Writes, projection: string): Promise<boolean> =>
  ask(server, `select count(pg_terminate_backend(pid)) > 0 as found ${held}`, projection)

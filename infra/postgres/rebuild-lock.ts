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

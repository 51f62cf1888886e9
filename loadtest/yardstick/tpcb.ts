import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../../infra/postgres/server.ts'
import type { Yardstick } from '../result.ts'
import { pgbench, pgbenchVersion } from './pgbench.ts'
import { tpcbByClient } from './tpcb-client.ts'

/** The size of the TPC-B database, in branches; and how many clients there are. */
export const tpcbScale = 10
export const tpcbClients = 16

/**
 * Durable TPC-B transactions a second of a PostgreSQL of its own, the one that npm installs, with the settings that
 * Daybook's has: five statements each, prepared. By pgbench where it is installed, else by the same statements over `pg`.
 */
export const measureTpcb = async (seconds: number): Promise<Yardstick> => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-tpcb-'))
  try {
    const server = await startPostgres(folder)
    try {
      const version = await pgbenchVersion()
      const load = { connection: server.connection, scale: tpcbScale, clients: tpcbClients, seconds }
      const perSecond = version === undefined ? await tpcbByClient(load) : await pgbench(load, folder)
      return {
        name: 'TPC-B',
        perSecond,
        note: `${version ?? 'no pgbench here: its statements over node-postgres'}, scale ${tpcbScale}, ${tpcbClients} clients`,
      }
    } finally {
      await server.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

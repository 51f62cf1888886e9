import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { user } from './data-folder.ts'
import type { Connection } from './pools.ts'
import { serves } from './processes.ts'

/** The PostgreSQL that another process has started on `<data>/postgres`; undefined where none runs or it is not ready yet. */
export const runningServer = async (data: string): Promise<Connection | undefined> => {
  const cluster = join(data, 'postgres')
  // The lines are its process, folder, start, port, sockets, addresses, memory and status.
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  if (!Number.isSafeInteger(pid) || pid <= 0 || lines[7]?.trim() !== 'ready') return undefined
  if (!(await serves(pid, cluster))) return undefined
  const password = (await readFile(join(data, 'postgres.password'), 'utf8')).trim()
  return { host: '127.0.0.1', port, user, password, database: 'postgres' }
}

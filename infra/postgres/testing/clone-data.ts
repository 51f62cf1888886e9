import { appendFile, copyFile, cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Connection } from '../pools.ts'

/** What of a running server's folder is its own alone. */
const left = new Set(['postmaster.pid', 'postmaster.opts', 'pg_internal.init', 'standby.signal'])
/** Folders that a replica has empty at first. */
const emptied = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
])

const gone = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOENT') throw error
}

/** File by file: the server goes on meanwhile, and files come and go. */
const copyFolder = async (from: string, to: string): Promise<void> => {
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (left.has(entry.name) || entry.name.startsWith('pgsql_tmp')) continue
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (!entry.isDirectory()) await copyFile(source, target).catch(gone)
    else if (emptied.has(entry.name)) await mkdir(target, { mode: 0o700 })
    else await copyFolder(source, target)
  }
}

/** Makes the data folder of a replica of a running server; npm has no pg_basebackup. `data` must not exist yet. */
export const cloneData = async (primary: { data: string; connection: Connection }, data: string): Promise<void> => {
  const { host, port, user, password } = primary.connection
  const cluster = join(data, 'postgres')
  await mkdir(data, { recursive: true })
  await cp(join(primary.data, 'postgres.password'), join(data, 'postgres.password'))
  const client = new pg.Client(primary.connection)
  await client.connect()
  try {
    await client.query("select pg_backup_start('clone', true)")
    await copyFolder(join(primary.data, 'postgres'), cluster)
    for (const name of ['archive_status', 'summaries']) await mkdir(join(cluster, 'pg_wal', name), { mode: 0o700 })
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
    await writeFile(join(cluster, 'backup_label'), rows[0]?.labelfile ?? '', { mode: 0o600 })
  } finally {
    await client.end()
  }
  await writeFile(join(cluster, 'standby.signal'), '', { mode: 0o600 })
  await appendFile(
    join(cluster, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=${host} port=${port} user=${user} password=${password} application_name=replica'\n`,
  )
}

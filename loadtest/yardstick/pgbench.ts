import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Connection } from '../../infra/postgres/pools.ts'

/** TPC-B on a server: `scale` in branches of 100,000 accounts. */
export type TpcbLoad = {
  readonly connection: Connection
  readonly scale: number
  readonly clients: number
  readonly seconds: number
}

const run = async (args: readonly string[]): Promise<string> => (await promisify(execFile)('pgbench', args)).stdout

/** What pgbench calls itself, undefined where there is none. */
export const pgbenchVersion = (): Promise<string | undefined> =>
  run(['--version']).then(
    (text) => text.trim(),
    () => undefined,
  )

/** Transactions a second as pgbench measures them, without the time to connect. `folder` takes its password file. */
export const pgbench = async ({ connection, scale, clients, seconds }: TpcbLoad, folder: string): Promise<number> => {
  const { host, port, user, password, database } = connection
  const passwords = join(folder, 'pgpass')
  await writeFile(passwords, `${host}:${port}:*:${user}:${password}\n`, { mode: 0o600 })
  const target = `host=${host} port=${port} user=${user} dbname=${database} passfile=${passwords}`
  await run(['--initialize', '--quiet', `--scale=${scale}`, target])
  const threads = 2
  const output = await run([
    '--protocol=prepared',
    `--client=${clients}`,
    `--jobs=${threads}`,
    `--time=${seconds}`,
    target,
  ])
  const perSecond = /^tps = ([\d.]+)/m.exec(output)?.[1]
  if (perSecond === undefined) throw new Error(`pgbench did not say how fast it was:\n${output}`)
  return Number(perSecond)
}

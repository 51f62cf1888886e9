import { cp, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PoolSettings } from '../pools.ts'
import { type PostgresServer, startPostgres } from '../server.ts'

/** A server of a test's own, on a data folder of its own. */
export type TestPostgres = PostgresServer & { readonly data: string }

/** A pool's settings for a test. */
export const poolSettings: PoolSettings = {
  name: 'test',
  max: 4,
  connectionTimeoutMs: 5_000,
  idleTimeoutMs: 30_000,
  statementTimeoutMs: 30_000,
}

const template = join(tmpdir(), `daybook-test-postgres-${process.getuid?.() ?? 0}`)

/** Made by whichever test needs it first, and left for those of the next runs: initdb takes seconds on a busy machine. */
const ensureTemplate = async (): Promise<void> => {
  if (await stat(template).catch(() => undefined)) return
  const made = await mkdtemp(`${template}.new-`)
  const server = await startPostgres(made)
  await server.stop()
  await rename(made, template).catch(() => rm(made, { recursive: true, force: true }))
}

/** A new data folder with an empty PostgreSQL in it; the caller removes it. */
export const emptyData = async (): Promise<string> => {
  await ensureTemplate()
  const data = await mkdtemp(join(tmpdir(), 'daybook-postgres-'))
  await cp(template, data, { recursive: true })
  return data
}

/** Starts a PostgreSQL with nothing in it. Call `stop`, which also removes what it wrote. */
export const startTestPostgres = async (): Promise<TestPostgres> => {
  const data = await emptyData()
  const server = await startPostgres(data)
  return {
    ...server,
    data,
    stop: async () => {
      await server.stop()
      await rm(data, { recursive: true, force: true })
    },
  }
}

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Side } from '../../app/testing/cluster.ts'
import { runToEnd, type Settings } from '../../app/testing/program.ts'
import { startRealCluster } from '../../app/testing/real-cluster.ts'
import { createKey, freePort, startSystem } from '../system.ts'

/** An installation of a profile that is ready. */
export type Profile = {
  readonly url: string
  /** What opens its tables. */
  readonly settings: Settings
  keyOf(role: 'merchant', merchantId: string): Promise<string>
  keyOf(role: 'operator'): Promise<string>
  stop(): Promise<void>
}

const unlimited = { RATE_LIMIT_MAX_REQUESTS: '0' }

/** The tables of an embedded installation whose PostgreSQL listens on this port. */
export const embeddedTables = async (data: string, port: number): Promise<Settings> => ({
  READ_MODELS: 'postgres',
  DB_HOST: '127.0.0.1',
  DB_PORT: String(port),
  DB_USER: 'daybook',
  DB_PASSWORD: (await readFile(join(data, 'postgres.password'), 'utf8')).trim(),
  DB_NAME: 'postgres',
})

/** Everything in one folder, which is removed at the end. */
export const embedded = async (): Promise<Profile> => {
  const data = await mkdtemp(join(tmpdir(), 'daybook-embedded-'))
  const port = await freePort()
  const system = await startSystem(data, { ...unlimited, DB_PORT: String(port) })
  return {
    url: system.url,
    settings: await embeddedTables(data, port),
    keyOf: (role, merchantId?: string) => createKey(data, role, merchantId),
    stop: async () => {
      await system.stop()
      await rm(data, { recursive: true, force: true })
    },
  }
}

/** An installation of the cluster profile, and where its sides' metrics are. */
export type Cluster = Profile & { metricsOf(side: Side): readonly string[] }

/** Real engines and two of each process. `more`: settings beyond those that it always needs. */
export const cluster = async (say: (line: string) => void, more: Settings = {}): Promise<Cluster> => {
  const { url, settings, instances, stop } = await startRealCluster({ ...unlimited, ...more }, say)
  return {
    url,
    settings,
    metricsOf: (side) => instances[side].map(({ metricsUrl }) => metricsUrl),
    keyOf: (role, merchantId?: string) =>
      runToEnd(
        ['keys', 'create', '--role', role, ...(merchantId === undefined ? [] : ['--merchant', merchantId])],
        settings,
      ),
    stop,
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Killable, startKillable } from '../eventstoredb/test-server/killable.ts'
import { type Brokers, startBrokers } from '../kafka/testing/brokers.ts'
import type { Connection } from '../postgres/pools.ts'
import { startPrimary, startReplica, type TestHost } from '../postgres/testing/test-host.ts'
import { type RedisServers, startRedisCluster } from '../redis/testing/redis-servers.ts'
import { undoing } from './undo.ts'

/** A PostgreSQL server of two hosts. */
export type Pair = { readonly primary: TestHost; readonly replica: TestHost }

/**
 * All engines of the cluster profile on this machine: two PostgreSQL servers with a replica each, one for the keys, three Kafka brokers, a
 * Redis Cluster of six nodes, all real, and two of the event store's test server, which is built (`npm run build`): streams
 * are spread over both.
 */
export type Services = {
  readonly eventStores: readonly Killable[]
  readonly kafka: Brokers
  readonly postgres: readonly Pair[]
  /** The server of the keys of personal data, which has nothing else. */
  readonly keys: TestHost
  readonly redis: RedisServers
  /** What tells Daybook where they are. */
  readonly environment: Readonly<Record<string, string>>
  /** Ends them and removes what they wrote. */
  stop(): Promise<void>
}

const shardsOf = ['0-4', '5-9']

const shardMap = (pairs: readonly Pair[]): string =>
  pairs
    .map(({ primary, replica }, index) => {
      const hosts = [primary, replica].map(({ connection: { host, port } }) => `${host}:${port}`)
      return `${shardsOf[index]}=${hosts.join(',')}`
    })
    .join(';')

const urlOf = ({ host, port, user, password, database }: Connection): string =>
  `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`

const startPair = async (onStarted: (host: TestHost) => void): Promise<Pair> => {
  const primary = await startPrimary()
  onStarted(primary)
  const replica = await startReplica(primary)
  onStarted(replica)
  return { primary, replica }
}

/** Starts all of them. Call `stop`, which leaves nothing. */
export const startServices = async (say: (line: string) => void = () => undefined): Promise<Services> => {
  const undo = undoing()
  try {
    say('Redis: a Cluster of six nodes …')
    const redis = await startRedisCluster()
    undo.add(() => redis.stop())
    say('PostgreSQL: two servers with a replica each …')
    const postgres: Pair[] = []
    for (const _ of shardsOf) postgres.push(await startPair((host) => undo.add(() => host.remove())))
    const keys = await startPrimary()
    undo.add(() => keys.remove())
    say('Kafka: three brokers …')
    const kafka = await startBrokers(3)
    undo.add(() => kafka.stopAll())
    say('two event stores: their test server …')
    const eventStores: Killable[] = []
    for (const _ of ['first', 'second']) {
      const folder = await mkdtemp(join(tmpdir(), 'daybook-eventstore-'))
      undo.add(() => rm(folder, { recursive: true, force: true }))
      const eventStore = await startKillable(folder)
      undo.add(() => eventStore.kill())
      eventStores.push(eventStore)
    }
    const { user = '', password = '', database = '' } = postgres[0]?.primary.connection ?? {}
    const environment = {
      DAYBOOK_PROFILE: 'cluster',
      EVENTSTORE_CONNECTION_STRING: eventStores.map(({ connectionString }) => connectionString).join(' '),
      KAFKA_BROKERS: kafka.brokers.join(','),
      SHARDS: '10',
      SHARD_MAP: shardMap(postgres),
      DB_USER: user,
      DB_PASSWORD: password,
      DB_NAME: database,
      REDIS_HOST: redis.settings.nodes.map(({ host, port }) => `${host}:${port}`).join(','),
      REDIS_CLUSTER_MODE: 'true',
      KEYS_URL: urlOf(keys.connection),
    }
    return { eventStores, kafka, postgres, keys, redis, environment, stop: () => undo.all() }
  } catch (error) {
    await undo.all()
    throw error
  }
}

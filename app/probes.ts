import { isReadable, type ShardServers } from '../infra/postgres/shard-servers.ts'
import type { Probe } from '../query-side/health.ts'
import type { Logs } from './engines/event-store.ts'

type Servers = Pick<ShardServers, 'servers'>

/** Whether any event store answers: while one of several is lost, the streams of the others are served. */
export const eventStoreProbe = ({ each }: Pick<Logs, 'each'>): Probe => ({
  name: 'eventStore',
  ready: async () => (await Promise.any(each.map((log) => log.head()))) !== '',
})

/** Whether any server of the read models answers: while one of several is lost, the shards of the others are read. */
export const readModelsProbe = ({ servers }: Servers): Probe => ({
  name: 'postgres',
  ready: () => Promise.any(servers.map(isReadable)),
})

/** Each of several by its number in the settings, from 1 on, so that what is lost is told although others do. */
const eachOf = <Server>(
  name: string,
  servers: readonly Server[],
  ready: (server: Server) => Promise<boolean>,
): Probe[] =>
  servers.length === 1
    ? []
    : servers.map((server, index) => ({
        name: `${name} ${index + 1}`,
        isNeeded: false,
        ready: () => ready(server),
      }))

const eachStore = ({ each }: Pick<Logs, 'each'>): readonly Probe[] =>
  eachOf('eventStore', each, async (log) => (await log.head()) !== '')
const eachServer = ({ servers }: Servers): readonly Probe[] => eachOf('postgres', servers, isReadable)

/** What reads need, and what of several is missing. */
export const querySideProbes = (logs: Pick<Logs, 'each'>, servers: Servers): readonly Probe[] => [
  eventStoreProbe(logs),
  readModelsProbe(servers),
  ...eachStore(logs),
  ...eachServer(servers),
]

/**
 * What commands need: the event store alone. Settlements and the search for outcomes read tables, and wait for a server
 * that is lost; nobody should stop sending payments here for that.
 */
export const commandSideProbes = (logs: Pick<Logs, 'each'>, servers: Servers): readonly Probe[] => [
  eventStoreProbe(logs),
  { ...readModelsProbe(servers), isNeeded: false },
  ...eachStore(logs),
  ...eachServer(servers),
]

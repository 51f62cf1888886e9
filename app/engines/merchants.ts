import { createMerchantCache, type MerchantCache } from '../../infra/cache/merchant-cache.ts'
import { warmUp } from '../../infra/cache/warm-up.ts'
import { hotMerchants } from '../../infra/postgres/hot-merchants.ts'
import type { ShardServers } from '../../infra/postgres/shard-servers.ts'
import type { Surroundings } from '../ground.ts'
import type { Caches } from './caches.ts'
import type { Logs } from './event-store.ts'

/** Merchants' details, cached; undefined where the log is on this machine, a read of which costs less than a cache. */
export const openMerchants = ({ config }: Surroundings, logs: Logs, { tiers }: Caches): MerchantCache | undefined =>
  config.EVENT_STORE === 'lmdb' ? undefined : createMerchantCache(logs.all, tiers)

/** Begins to load the merchants that have been busiest, beside everything else; ends with the process. */
export const warmMerchants = (
  merchants: MerchantCache | undefined,
  servers: ShardServers,
  { log, teardown }: Surroundings,
): void => {
  if (merchants === undefined) return
  const ending = new AbortController()
  const onTrouble = (error: unknown): void => log.info({ err: error }, 'a busy merchant could not be loaded beforehand')
  const done = warmUp(hotMerchants(servers), (id) => merchants.get(id), { signal: ending.signal, onTrouble }).then(
    (loaded) => log.info({ merchants: loaded }, 'the busiest merchants are loaded'),
  )
  teardown.add('the loading of merchants', () => {
    ending.abort()
    return done
  })
}

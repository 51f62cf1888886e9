import { createGatewayCache, type GatewayCache } from '../../infra/cache/gateway-cache.ts'
import { warmUp } from '../../infra/cache/warm-up.ts'
import type { Surroundings } from '../ground.ts'
import type { Caches } from './caches.ts'
import type { Logs } from './event-store.ts'

/** Gateways' settings, cached: they belong to every payment, so even a log on this machine is spared a read for each. */
export const openGateways = (logs: Logs, { tiers }: Caches): GatewayCache => createGatewayCache(logs.all, tiers)

/** Begins to load the settings of these gateways, beside everything else; ends with the process. */
export const warmGateways = (
  gateways: GatewayCache,
  names: readonly string[],
  { log, teardown }: Surroundings,
): void => {
  const ending = new AbortController()
  const onTrouble = (error: unknown): void => log.info({ err: error }, 'a gateway could not be loaded beforehand')
  const done = warmUp(() => Promise.resolve(names), gateways.warm, { signal: ending.signal, onTrouble }).then(
    (loaded) => log.info({ gateways: loaded }, 'the gateways are loaded'),
  )
  teardown.add('the loading of gateways', () => {
    ending.abort()
    return done
  })
}

import { redisSettings } from '../../../app/engines/caches.ts'
import { loadConfig } from '../../config/load-config.ts'
import { running, settingsOf } from '../../testing/running.ts'
import type { RedisSettings } from '../connection.ts'

/**
 * `TEST_REDIS=host:port,…` for a Redis that runs already. `REDIS_CLUSTER_MODE=true` says that these are nodes of a Cluster;
 * `REDIS_TLS`, `REDIS_USERNAME` and so on how to get in, as to Daybook.
 */
export const runningRedis = (): RedisSettings | undefined => {
  const hosts = running('TEST_REDIS')
  if (hosts === undefined) return undefined
  return redisSettings(loadConfig({ ...settingsOf('REDIS_'), CACHE: 'redis', REDIS_HOST: hosts }))
}

import type { Config } from '../../infra/config/load-config.ts'

/** The settings of one worker: it may have its share, rounded up, of what is limited for all of them together. */
export const shareOf = (config: Config): Config => ({
  ...config,
  DB_POOL_MIN: Math.floor(config.DB_POOL_MIN / config.WORKERS),
  DB_POOL_MAX: Math.ceil(config.DB_POOL_MAX / config.WORKERS),
  GATEWAY_MAX_CONCURRENT: Math.ceil(config.GATEWAY_MAX_CONCURRENT / config.WORKERS),
})

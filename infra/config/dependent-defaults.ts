/** By `DAYBOOK_PROFILE`. */
export const profileDefaults = {
  embedded: {
    EVENT_STORE: 'lmdb',
    FEED: 'tail',
    READ_MODELS: 'embedded',
    CACHE: 'in-process',
    DB_POOL_MIN: 0,
    DB_POOL_MAX: 20,
  },
  cluster: {
    EVENT_STORE: 'eventstoredb',
    FEED: 'kafka',
    READ_MODELS: 'postgres',
    CACHE: 'redis',
    DB_POOL_MIN: 20,
    DB_POOL_MAX: 100,
  },
} as const

/** By `NODE_ENV`. */
export const environmentDefaults = {
  production: { GATEWAY_TIMEOUT: 30_000, RATE_LIMIT_MAX_REQUESTS: 1_000 },
  development: { GATEWAY_TIMEOUT: 2_000, RATE_LIMIT_MAX_REQUESTS: 0 },
  test: { GATEWAY_TIMEOUT: 2_000, RATE_LIMIT_MAX_REQUESTS: 0 },
} as const

/** By `READ_MODELS`. */
export const readModelsDefaults = {
  embedded: { DB_PORT: 0 },
  postgres: { DB_PORT: 5432 },
} as const

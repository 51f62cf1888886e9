import { environmentDefaults, profileDefaults, readModelsDefaults } from './dependent-defaults.ts'
import type { Settings } from './settings.ts'

type Always =
  | 'EVENT_STORE'
  | 'FEED'
  | 'READ_MODELS'
  | 'CACHE'
  | 'DB_PORT'
  | 'DB_PASSWORD'
  | 'DB_POOL_MIN'
  | 'DB_POOL_MAX'
  | 'GATEWAY_TIMEOUT'
  | 'RATE_LIMIT_MAX_REQUESTS'

/** Every setting, by the name of its environment variable. Times are in milliseconds unless the name says otherwise. */
export type Config = Omit<Settings, Always> & { readonly [Name in Always]: NonNullable<Settings[Name]> }

/** The settings with the defaults that depend on others. */
export const configOf = (settings: Settings): Config => {
  const config = {
    DB_PASSWORD: '',
    ...profileDefaults[settings.DAYBOOK_PROFILE],
    ...environmentDefaults[settings.NODE_ENV],
    ...settings,
  }
  return {
    ...readModelsDefaults[config.READ_MODELS],
    ...config,
    // A maximum that was set has the last word over a minimum that was not.
    DB_POOL_MIN: settings.DB_POOL_MIN ?? Math.min(config.DB_POOL_MIN, config.DB_POOL_MAX),
  }
}

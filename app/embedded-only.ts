import type { Config } from '../infra/config/load-config.ts'
import { StartError } from './start-error.ts'

const embedded = { EVENT_STORE: 'lmdb', FEED: 'tail', READ_MODELS: 'embedded', CACHE: 'in-process' } as const

/** Throws a `StartError` where an engine is chosen that this program has a driver for and does not run on yet. */
export const assertEmbedded = (config: Pick<Config, keyof typeof embedded>): void => {
  for (const name of ['EVENT_STORE', 'FEED', 'READ_MODELS', 'CACHE'] as const) {
    if (config[name] !== embedded[name])
      throw new StartError(`${name}=${config[name]} is not run yet: only ${name}=${embedded[name]} is`)
  }
}

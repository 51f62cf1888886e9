import { setTimeout as wait } from 'node:timers/promises'
import type { Result } from './do-work.ts'
import type { Logger } from './logger.ts'
import type { StatusCache } from './status-cache.ts'

type Told = { readonly statusCache: StatusCache; readonly logger: Logger }

/** How long a projector that is told to stop waits for the cache to take what has changed. */
const farewellMs = 2_000

/** Tells the cache in turn, so that a slow one slows the projector and a broken one doesn't. */
export const announcer = ({ statusCache, logger }: Told) => {
  let told: Promise<void> = Promise.resolve()
  return {
    announce: async ({ changed }: Result): Promise<void> => {
      await told
      if (changed.length === 0) return
      const put = async (): Promise<void> => statusCache.put(changed)
      told = put().catch((error: unknown) => {
        logger.warn({ err: error }, 'the status cache did not take what changed')
      })
    },
    /** Resolves when all of it has been told, or after a while. What was committed and is not told is old there. */
    end: async (): Promise<void> => {
      const ended = new AbortController()
      const { signal } = ended
      await Promise.race([told, wait(farewellMs, undefined, { signal }).catch(() => undefined)])
      ended.abort()
    },
  }
}

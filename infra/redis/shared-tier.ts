import type { SharedEntry, SharedTier } from '../cache/shared-tier.ts'
import { redisBreaker } from './breaker.ts'
import type { RedisConnection } from './connection.ts'
import { forgetLater } from './forget-later.ts'

export type RedisSharedTier = SharedTier & {
  /** Tries to remove nothing any more. The connection is left as it is. */
  end(): void
}

/** For so long a note that could not be left at once is kept when it can be. */
const lateNoteMs = 30 * 60 * 1_000

const entryIn = (value: string): SharedEntry => {
  const end = value.indexOf(':')
  return { version: Number(value.slice(0, end)), text: value.slice(end + 1) }
}

/**
 * Versioned texts in Redis. Where a version could not be written in time, what is older is outdated as soon as Redis can
 * be used again; should this process end before that, the time to live ends it.
 */
export const redisSharedTier = (connection: RedisConnection, onTrouble: (error: unknown) => void): RedisSharedTier => {
  const breaker = redisBreaker(onTrouble)
  const forget = (key: string, version: string, ttlMs: number): Promise<unknown> =>
    connection.run('forgetOlder', key, version, String(ttlMs))
  const late = forgetLater((key, version) => forget(key, String(version), lateNoteMs))
  const orLater = async (key: string, version: number, work: () => Promise<unknown>): Promise<boolean> => {
    const isDone = (await breaker.attempt(work)) !== undefined
    if (!isDone) late.add(key, version)
    return isDone
  }

  return {
    get: async (key) => {
      const value = await breaker.attempt(() => connection.get(key))
      return value === undefined || value === null ? value : entryIn(value)
    },
    put: (key, { version, text }, ttlMs) =>
      orLater(key, version, () => connection.run('setIfNewer', key, String(version), text, String(ttlMs))),
    forgetOlder: (key, version, ttlMs) => orLater(key, version, () => forget(key, String(version), ttlMs)),
    end: () => late.end(),
  }
}

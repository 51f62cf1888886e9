import type { StatusEntry } from '../../projections/status-cache.ts'
import type { CachedTransaction } from '../../query-side/status-cache.ts'
import { createBreaker } from './breaker.ts'
import { connectRedis, type RedisSettings, type Script } from './connection.ts'
import { forgetLater } from './forget-later.ts'

export type RedisStatusCacheOptions = {
  readonly redis: RedisSettings
  /** How long an entry is kept; five minutes when absent. */
  readonly ttlMs?: number
  /** How long a call may take; 25 ms when absent. */
  readonly timeoutMs?: number
  readonly onLookup: (result: 'hit' | 'miss' | 'unavailable') => void
  readonly onTrouble: (error: unknown) => void
}

/** Statuses that all instances share. What it cannot say or keep in time it doesn't: it never rejects. */
export type RedisStatusCache = {
  get(id: string): Promise<CachedTransaction | undefined>
  put(entry: CachedTransaction): Promise<void>
  putAll(entries: readonly StatusEntry[]): Promise<void>
  close(): Promise<void>
}

/**
 * Sets a value of the form `version:…` unless a later version is there; versions are compared as decimal text, because
 * Lua's numbers lose digits. The same version again is written, for it may come with a later position.
 */
const setIfNewer: Script = {
  name: 'setIfNewer',
  lua: `
    local current = redis.call('GET', KEYS[1])
    if current then
      local known = string.match(current, '^(%d+):')
      local given = ARGV[1]
      if known and (#known > #given or (#known == #given and known > given)) then return 0 end
    end
    redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[2], 'PX', ARGV[3])
    return 1`,
}

export const statusKey = (id: string): string => `transaction:${id}:status`

const atOnce = 128
const failuresToRest = 5
const restMs = 500

const entryIn = (value: string): CachedTransaction => JSON.parse(value.slice(value.indexOf(':') + 1))

/**
 * Statuses in Redis. An entry that could not be written is removed as soon as that is possible, because an older one may
 * stand there; the time to live ends what is left of that.
 */
export const redisStatusCache = ({
  redis,
  ttlMs = 300_000,
  timeoutMs = 25,
  onLookup,
  onTrouble,
}: RedisStatusCacheOptions): RedisStatusCache => {
  const connection = connectRedis(redis, [setIfNewer], timeoutMs, onTrouble)
  const breaker = createBreaker(failuresToRest, restMs, onTrouble)
  const forgotten = forgetLater((id) => connection.unlink(statusKey(id)))

  const write = async (entry: CachedTransaction): Promise<void> => {
    const args = [String(entry.version), JSON.stringify(entry), String(ttlMs)] as const
    const done = await breaker.attempt(() => connection.run(setIfNewer, statusKey(entry.id), ...args))
    if (done === undefined) forgotten.add(entry.id)
    else forgotten.remove(entry.id)
  }

  return {
    get: async (id) => {
      // What stands there may be older than what could not be written.
      if (forgotten.has(id)) {
        onLookup('unavailable')
        return undefined
      }
      const value = await breaker.attempt(() => connection.get(statusKey(id)))
      onLookup(value === undefined ? 'unavailable' : value === null ? 'miss' : 'hit')
      return value === undefined || value === null ? undefined : entryIn(value)
    },
    put: write,
    putAll: async (entries) => {
      for (let first = 0; first < entries.length; first += atOnce) {
        await Promise.all(entries.slice(first, first + atOnce).map(write))
      }
    },
    close: async () => {
      forgotten.end()
      await connection.close()
    },
  }
}

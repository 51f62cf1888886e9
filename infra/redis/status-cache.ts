import type { StatusEntry } from '../../projections/status-cache.ts'
import type { CachedTransaction } from '../../query-side/status-cache.ts'
import { kinds } from '../cache/kinds.ts'
import { redisBreaker } from './breaker.ts'
import type { RedisConnection } from './connection.ts'
import { forgetLater } from './forget-later.ts'

export type RedisStatusCacheOptions = {
  /** How long an entry is kept; five minutes when absent. */
  readonly ttlMs?: number
  readonly onLookup: (result: 'hit' | 'miss' | 'unavailable') => void
  readonly onTrouble: (error: unknown) => void
}

/** Statuses that all instances share. What it cannot say or keep in time it doesn't: it never rejects. */
export type RedisStatusCache = {
  get(id: string): Promise<CachedTransaction | undefined>
  put(entry: CachedTransaction): Promise<void>
  putAll(entries: readonly StatusEntry[]): Promise<void>
  /** Lets nobody find what is older than these versions, by id. What takes longer than a moment is done later. */
  outdateAll(versions: ReadonlyMap<string, number>): Promise<void>
  /** Tries to remove nothing any more. The connection is left as it is. */
  end(): void
}

const statusKey = kinds.status.keyOf

const atOnce = 128
/** The projector has rows locked meanwhile. */
const outdateMs = 250

/** Undefined where nothing stands behind the version. */
const entryIn = (value: string): CachedTransaction | undefined => {
  const text = value.slice(value.indexOf(':') + 1)
  return text === '' ? undefined : JSON.parse(text)
}

/**
 * Statuses in Redis. Where an entry could not be written, its version is left there as soon as that is possible: an older
 * one may stand there, or be written by somebody who has read a replica that is behind. The time to live ends what is
 * left of that.
 */
export const redisStatusCache = (
  connection: RedisConnection,
  { ttlMs = kinds.status.sharedMs, onLookup, onTrouble }: RedisStatusCacheOptions,
): RedisStatusCache => {
  const breaker = redisBreaker(onTrouble)
  const forgotten = forgetLater((id, version) =>
    connection.run('forgetOlder', statusKey(id), String(version), String(ttlMs)),
  )

  const write = async (entry: CachedTransaction): Promise<void> => {
    const args = [String(entry.version), JSON.stringify(entry), String(ttlMs)] as const
    const done = await breaker.attempt(() => connection.run('setIfNewer', statusKey(entry.id), ...args))
    if (done === undefined) forgotten.add(entry.id, entry.version)
    else forgotten.remove(entry.id, entry.version)
  }

  const outdate = async ([id, version]: readonly [string, number]): Promise<void> => {
    const leave = () => connection.run('forgetOlder', statusKey(id), String(version), String(ttlMs))
    if ((await breaker.attempt(leave)) === undefined) forgotten.add(id, version)
  }

  return {
    get: async (id) => {
      // What stands there may be older than what could not be written.
      if (forgotten.has(id)) {
        onLookup('unavailable')
        return undefined
      }
      const value = await breaker.attempt(() => connection.get(statusKey(id)))
      const found = typeof value === 'string' ? entryIn(value) : undefined
      onLookup(value === undefined ? 'unavailable' : found === undefined ? 'miss' : 'hit')
      return found
    },
    put: write,
    putAll: async (entries) => {
      for (let first = 0; first < entries.length; first += atOnce) {
        await Promise.all(entries.slice(first, first + atOnce).map(write))
      }
    },
    outdateAll: async (versions) => {
      const until = performance.now() + outdateMs
      const left = [...versions]
      while (left.length > 0 && performance.now() < until) await Promise.all(left.splice(0, atOnce).map(outdate))
      for (const [id, version] of left) forgotten.add(id, version)
    },
    end: () => forgotten.end(),
  }
}

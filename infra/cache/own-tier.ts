import { LRUCache } from 'lru-cache'
import type { Versioned } from './versioned.ts'

type Held<T> = {
  /** Undefined where the source had nothing. */
  readonly entry: Versioned<T> | undefined
  /** Until when the entry may be believed. */
  readonly freshUntil: number
  /** When the source was last asked; -Infinity for never. */
  readonly askedAt: number
}

/** What this process remembers. Times are milliseconds of `now`. */
export type OwnTier<T> = {
  /** The entry where it may be believed still. */
  fresh(key: string): Versioned<T> | undefined
  /** The latest entry that is known, however old. */
  latest(key: string): Versioned<T> | undefined
  /** When the source was last asked for it; -Infinity for never. */
  askedAt(key: string): number
  /** Takes the entry in unless a later one is known. */
  put(key: string, entry: Versioned<T>, forMs: number): void
  /** Takes in what the source had when it was asked. */
  putFromSource(key: string, entry: Versioned<T> | undefined, askedAt: number, forMs: number): void
  /** Believes nothing older than `version` any more. */
  outdate(key: string, version: number): void
}

/**
 * Keeps the `max` entries asked for last. One whose time is over is kept all the same: where something older comes from
 * elsewhere, this tells that it is older.
 */
export const ownTier = <T>(max: number, now: () => number = () => performance.now()): OwnTier<T> => {
  const held = new LRUCache<string, Held<T>>({ max })

  const later = (known: Held<T> | undefined, entry: Versioned<T> | undefined): Versioned<T> | undefined => {
    if (entry === undefined) return known?.entry
    // Of the same version the one that is known is kept, so that who remembers it sees that nothing has changed.
    return known?.entry !== undefined && known.entry.version >= entry.version ? known.entry : entry
  }

  return {
    fresh: (key) => {
      const known = held.get(key)
      return known !== undefined && known.freshUntil > now() ? known.entry : undefined
    },
    latest: (key) => held.get(key)?.entry,
    askedAt: (key) => held.peek(key)?.askedAt ?? -Infinity,
    put: (key, entry, forMs) => {
      const known = held.peek(key)
      if (known?.entry !== undefined && known.entry.version > entry.version) return
      held.set(key, {
        entry: later(known, entry),
        freshUntil: now() + forMs,
        askedAt: known?.askedAt ?? -Infinity,
      })
    },
    putFromSource: (key, entry, askedAt, forMs) =>
      held.set(key, { entry: later(held.peek(key), entry), freshUntil: askedAt + forMs, askedAt }),
    outdate: (key, version) => {
      const known = held.peek(key)
      if (known === undefined || (known.entry !== undefined && known.entry.version >= version)) return
      held.set(key, { entry: known.entry, freshUntil: -Infinity, askedAt: -Infinity })
    },
  }
}

import { LRUCache } from 'lru-cache'

/** What is kept of a payment: its document as of revision `version`, and up to where the read model had come then. */
export type Entry = {
  readonly id: string
  readonly version: number
  readonly merchantId: string
  readonly position: string
  readonly document: string
}

/** How much is kept, and for how long. */
export type Bounds = { readonly maxEntries: number; readonly maxBytes: number; readonly ttlMs: number }

/** A cache in this process's memory that forgets what was asked for longest ago. */
export type InProcessStatusCache = {
  get(id: string): Entry | undefined
  /** Ignored where a later version is known. */
  put(entry: Entry): void
}

/** What an entry takes beside its document, roughly. */
const overheadBytes = 500

/** `onLookup` hears whether each `get` found something. */
export const createInProcessStatusCache = (
  { maxEntries, maxBytes, ttlMs }: Bounds,
  onLookup: (result: 'hit' | 'miss') => void,
): InProcessStatusCache => {
  const entries = new LRUCache<string, Entry>({
    max: maxEntries,
    maxSize: maxBytes,
    sizeCalculation: ({ document }) => document.length + overheadBytes,
    ttl: ttlMs,
    // How long a look at the clock is good for: the shorter, the more timers.
    ttlResolution: ttlMs / 100,
  })
  return {
    get(id) {
      const found = entries.get(id)
      onLookup(found ? 'hit' : 'miss')
      return found
    },
    put(entry) {
      const known = entries.peek(entry.id)
      if (!known || known.version <= entry.version) entries.set(entry.id, entry)
    },
  }
}

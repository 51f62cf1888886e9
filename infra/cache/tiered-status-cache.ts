import type { StatusEntry } from '../../projections/status-cache.ts'
import type { CachedTransaction } from '../../query-side/status-cache.ts'
import type { InProcessStatusCache } from './in-process-status-cache.ts'

/** A cache that several processes share. */
type Shared = {
  get(id: string): Promise<CachedTransaction | undefined>
  put(entry: CachedTransaction): Promise<void>
}

/**
 * Asks this process first, which should forget within about a second, and then what all processes share. Whoever puts
 * something has it already, so only this process is waited for. `shared` never rejects.
 */
export const tieredStatusCache = (own: InProcessStatusCache, shared: Shared) => ({
  get: async (id: string): Promise<CachedTransaction | undefined> => {
    const known = own.get(id)
    if (known !== undefined) return known
    const found = await shared.get(id)
    if (found !== undefined) own.put(found)
    return found
  },
  put: async (entry: StatusEntry): Promise<void> => {
    own.put(entry)
    void shared.put(entry)
  },
})

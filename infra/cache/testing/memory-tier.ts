import type { SharedEntry, SharedTier } from '../shared-tier.ts'

/** What instances share; `away` while it cannot be asked. */
export const memoryTier = () => {
  const entries = new Map<string, SharedEntry>()
  const tier = { away: false, entries }
  const putLater = async (key: string, entry: SharedEntry): Promise<boolean> => {
    if (tier.away) return false
    if ((entries.get(key)?.version ?? -1) < entry.version) entries.set(key, entry)
    return true
  }
  const shared: SharedTier = {
    get: async (key) => (tier.away ? undefined : (entries.get(key) ?? null)),
    put: putLater,
    forgetOlder: (key, version) => putLater(key, { version, text: '' }),
  }
  return Object.assign(tier, { shared })
}

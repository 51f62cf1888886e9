import { expect, test } from 'vitest'
import { describeStatusCache, someEntry } from '../contracts/status-cache.ts'
import { createInProcessStatusCache } from './in-process-status-cache.ts'
import { tieredStatusCache } from './tiered-status-cache.ts'

const bounds = { maxEntries: 10_000, maxBytes: 100_000_000, ttlMs: 300_000 }
const shared = (ttlMs = bounds.ttlMs) => {
  const cache = createInProcessStatusCache({ ...bounds, ttlMs }, () => undefined)
  return {
    get: async (id: string) => cache.get(id),
    put: async (entry: ReturnType<typeof someEntry>) => cache.put(entry),
  }
}

describeStatusCache('two tiers', async (ttlMs) => {
  const own = createInProcessStatusCache({ ...bounds, ttlMs }, () => undefined)
  const cache = tieredStatusCache(own, shared(ttlMs))
  const putAll = async (entries: readonly ReturnType<typeof someEntry>[]): Promise<void> => {
    for (const each of entries) await cache.put(each)
  }
  return { cache: { ...cache, putAll }, close: async () => undefined }
})

test('what another process has put is found, and known here from then on', async () => {
  const both = shared()
  const looked: string[] = []
  const own = createInProcessStatusCache(bounds, (result) => looked.push(result))
  const cache = tieredStatusCache(own, both)
  const entry = someEntry(2)
  await both.put(entry)
  expect(await cache.get(entry.id)).toEqual(entry)
  expect(await cache.get(entry.id)).toEqual(entry)
  expect(looked).toEqual(['miss', 'hit'])
})

import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { StatusEntry } from '../../projections/status-cache.ts'
import type { CachedTransaction } from '../../query-side/status-cache.ts'

/** What the projector fills and queries ask. */
type Cache = {
  get(id: string): CachedTransaction | undefined | Promise<CachedTransaction | undefined>
  put(entry: CachedTransaction): void | Promise<void>
  putAll(entries: readonly StatusEntry[]): void | Promise<void>
}

/** A cache to be tested, which may hold other entries beside, and keeps entries for `ttlMs`. */
export type OpenedStatusCache = { readonly cache: Cache; close(): Promise<void> }

export const someEntry = (version: number, id = `pay_${randomUUID()}`): StatusEntry => ({
  id,
  version,
  merchantId: '1042',
  position: '7',
  document: JSON.stringify({ id, note: '₹ : {"a":1} \n', revision: version }),
})

/** What every cache of statuses must do, whatever it is made of. `open` is told how long it is to keep entries. */
export const describeStatusCache = (name: string, open: (ttlMs: number) => Promise<OpenedStatusCache>): void => {
  describe(name, () => {
    let opened: OpenedStatusCache
    let cache: Cache
    beforeAll(async () => {
      opened = await open(300_000)
      cache = opened.cache
    })
    afterAll(() => opened.close())

    test('what was put is found, and nothing else', async () => {
      const entry = someEntry(2)
      expect(await cache.get(entry.id)).toBeUndefined()
      await cache.put(entry)
      expect(await cache.get(entry.id)).toEqual(entry)
      expect(await cache.get(`${entry.id}0`)).toBeUndefined()
    })

    test('many at once', async () => {
      const entries = Array.from({ length: 1_000 }, (_, n) => someEntry(n))
      await cache.putAll(entries)
      for (const entry of entries) expect(await cache.get(entry.id)).toEqual(entry)
    })

    test('in whatever order versions arrive, the latest stays', async () => {
      const version = fc.oneof(fc.nat(20), fc.integer({ min: 2 ** 31, max: 2 ** 31 + 20 }))
      await fc.assert(
        fc.asyncProperty(fc.array(version, { minLength: 1, maxLength: 30 }), async (versions) => {
          const { id } = someEntry(0)
          const [first, ...more] = versions.map((each) => someEntry(each, id))
          if (first !== undefined) await cache.put(first)
          await Promise.all(more.map(async (entry) => cache.putAll([entry])))
          expect((await cache.get(id))?.version).toBe(Math.max(...versions))
        }),
        { numRuns: 50 },
      )
    })

    test('the same version again brings its later position', async () => {
      const entry = someEntry(3)
      await cache.put(entry)
      await cache.put({ ...entry, position: '9' })
      expect((await cache.get(entry.id))?.position).toBe('9')
    })

    test('after its time an entry is forgotten', async () => {
      const brief = await open(20)
      const entry = someEntry(1)
      await brief.cache.put(entry)
      await vi.waitFor(async () => expect(await brief.cache.get(entry.id)).toBeUndefined(), { timeout: 5_000 })
      await brief.close()
    })
  })
}

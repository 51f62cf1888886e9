import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { StatusCache } from '../../query-side/status-cache.ts'
import { describeStatusCache } from '../contracts/status-cache.ts'
import { type Entry, createInProcessStatusCache } from './in-process-status-cache.ts'

const bounds = { maxEntries: 100, maxBytes: 1_000_000, ttlMs: 300_000 }
const entry = (id: string, version: number, document = '{}'): Entry => ({
  id,
  version,
  merchantId: '1042',
  position: '7',
  document,
})

describeStatusCache('in process', async (ttlMs) => {
  const cache = createInProcessStatusCache({ maxEntries: 10_000, maxBytes: 100_000_000, ttlMs }, () => undefined)
  const putAll = (entries: readonly Entry[]): void => {
    for (const each of entries) cache.put(each)
  }
  return { cache: { ...cache, putAll }, close: async () => undefined }
})

test('what was put is found, and lookups are told', () => {
  const results: string[] = []
  const cache: StatusCache = createInProcessStatusCache(bounds, (result) => results.push(result))
  expect(cache.get('pay_1')).toBeUndefined()
  void cache.put(entry('pay_1', 2))
  expect(cache.get('pay_1')).toEqual(entry('pay_1', 2))
  expect(results).toEqual(['miss', 'hit'])
})

test('in whatever order versions arrive, the latest stays', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { minLength: 1 }), (versions) => {
      const cache = createInProcessStatusCache(bounds, () => undefined)
      for (const version of versions) cache.put(entry('pay_1', version))
      expect(cache.get('pay_1')?.version).toBe(Math.max(...versions))
    }),
  )
})

test('the same version again brings its later position', () => {
  const cache = createInProcessStatusCache(bounds, () => undefined)
  cache.put(entry('pay_1', 2))
  cache.put({ ...entry('pay_1', 2), position: '9' })
  expect(cache.get('pay_1')?.position).toBe('9')
})

test.each([
  ['entries', { ...bounds, maxEntries: 3 }],
  ['bytes', { ...bounds, maxBytes: 3 * 1_500 }],
])('no more than the given %s are kept, the latest of them', (_, bound) => {
  const cache = createInProcessStatusCache(bound, () => undefined)
  for (const n of [1, 2, 3, 4, 5]) cache.put(entry(`pay_${n}`, 1, 'x'.repeat(1_000)))
  expect([1, 2, 3, 4, 5].filter((n) => cache.get(`pay_${n}`))).toEqual([3, 4, 5])
})

test('after its time an entry is forgotten', async () => {
  const cache = createInProcessStatusCache({ ...bounds, ttlMs: 1 }, () => undefined)
  cache.put(entry('pay_1', 1))
  await vi.waitFor(() => expect(cache.get('pay_1')).toBeUndefined())
})

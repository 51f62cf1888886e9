import { beforeEach, expect, test, vi } from 'vitest'
import { type Cached, cachedOver, SourceBusy } from './cached-over.ts'
import { memoryTier } from './testing/memory-tier.ts'
import type { Versioned } from './versioned.ts'

let tier: ReturnType<typeof memoryTier>
let source: Map<string, Versioned<string>>
let loaded: string[]
let looked: string[]
let unavailable: number

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  tier = memoryTier()
  source = new Map([['a', { version: 1, value: 'one' }]])
  loaded = []
  looked = []
  unavailable = 0
  return () => vi.useRealTimers()
})

/** An instance that shares the tier, or is alone. */
const instance = (isAlone = false): Cached<string> =>
  cachedOver(
    {
      shared: isAlone ? undefined : tier.shared,
      onLookup: (_, where, result) => looked.push(`${where} ${result}`),
      onUnavailable: () => unavailable++,
    },
    'merchant',
    {
      load: async (id) => {
        loaded.push(id)
        return source.get(id)
      },
      write: (value) => value,
      read: (text) => text,
    },
  )

test('what is remembered is had without a promise as long as it may be believed', async () => {
  const one = instance()
  expect(one.recall('a')).toBeUndefined()
  await one.get('a')
  expect(one.recall('a')?.value).toBe('one')
  vi.advanceTimersByTime(1_000)
  expect(one.recall('a')).toBeUndefined()
  expect(looked).toEqual(['process miss', 'redis miss', 'source hit', 'process hit'])
})

test('what one instance has loaded comes to the others from what they share', async () => {
  const [one, other] = [instance(), instance()]
  expect((await one.get('a'))?.value).toBe('one')
  expect((await one.get('a'))?.value).toBe('one')
  expect((await other.get('a'))?.value).toBe('one')
  expect(loaded).toEqual(['a'])
  expect(looked).toEqual(['process miss', 'redis miss', 'source hit', 'process hit', 'process miss', 'redis hit'])
})

test('its own memory is believed for a second', async () => {
  const one = instance()
  await one.get('a')
  await tier.shared.put('merchant:a', { version: 2, text: 'two' }, 1)
  vi.advanceTimersByTime(999)
  expect((await one.get('a'))?.value).toBe('one')
  vi.advanceTimersByTime(1)
  expect((await one.get('a'))?.value).toBe('two')
})

test('an older version never replaces a newer one, wherever it comes from', async () => {
  const one = instance()
  await one.put('a', { version: 3, value: 'three' })
  await one.put('a', { version: 2, value: 'two' })
  expect((await one.get('a'))?.value).toBe('three')
  vi.advanceTimersByTime(1_000)
  tier.entries.set('merchant:a', { version: 2, text: 'two' })
  expect((await one.get('a'))?.value).toBe('three')
})

test('what is outdated is asked for anew, by everybody', async () => {
  const [one, other] = [instance(), instance()]
  await one.get('a')
  source.set('a', { version: 2, value: 'two' })
  await other.forgetOlder('a', 2)
  expect((await other.get('a'))?.value).toBe('two')
  expect((await one.get('a'))?.value).toBe('one')
  vi.advanceTimersByTime(1_000)
  expect((await one.get('a'))?.value).toBe('two')
})

test('while nothing is shared the source is asked, and believed for longer', async () => {
  const one = instance()
  tier.away = true
  expect((await one.get('a'))?.value).toBe('one')
  vi.advanceTimersByTime(4_999)
  expect((await one.get('a'))?.value).toBe('one')
  expect(loaded).toEqual(['a'])
  vi.advanceTimersByTime(1)
  await one.get('a')
  expect([loaded.length, unavailable]).toEqual([2, 4])
})

test('what is not enough is looked for further on, once a second', async () => {
  const one = instance()
  await one.get('a')
  source.set('a', { version: 2, value: 'two' })
  expect((await one.get('a', (value) => value === 'two'))?.value).toBe('one')
  vi.advanceTimersByTime(1_000)
  expect((await one.get('a', (value) => value === 'two'))?.value).toBe('two')
  expect(loaded).toEqual(['a', 'a'])
})

test('the same is loaded once however many ask for it at a time', async () => {
  const one = instance(true)
  await Promise.all(Array.from({ length: 50 }, () => one.get('a')))
  expect(loaded).toEqual(['a'])
})

test('names that are made up are refused after a hundred a second, and take nothing from names that are known', async () => {
  const one = instance(true)
  await one.get('a')
  vi.advanceTimersByTime(1_000)
  for (let n = 0; n < 100; n++) expect(await one.get(`made up ${n}`)).toBeUndefined()
  await expect(one.get('made up')).rejects.toThrow(SourceBusy)
  expect((await one.get('a'))?.value).toBe('one')
  expect(loaded.filter((id) => id === 'a')).toHaveLength(2)
  vi.advanceTimersByTime(1_000)
  expect(await one.get('made up')).toBeUndefined()
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KeyStoreUnavailable } from '../../http/key-store-unavailable.ts'
import type { KeyStore } from '../../personal/key-store.ts'

/** The same keys as two processes have them. */
export type OpenedKeyStore = {
  readonly stores: readonly [KeyStore, KeyStore]
  /** Everything that is stored, as bytes; what was destroyed must not be among it. */
  stored(): Promise<Buffer>
  close(): Promise<void>
}

const bytes = (key: Uint8Array | undefined): string => Buffer.from(key ?? []).toString('hex')
const has = (stored: Buffer, key: Uint8Array): boolean => stored.includes(Buffer.from(key))

/** What every store of keys must do. `perReserve`: how many keys it makes durable together. */
export const describeKeyStore = (name: string, perReserve: number, open: () => Promise<OpenedKeyStore>): void => {
  describe(name, () => {
    let opened: OpenedKeyStore
    let one: KeyStore
    let other: KeyStore
    beforeAll(async () => {
      opened = await open()
      ;[one, other] = opened.stores
    })
    afterAll(() => opened.close())

    test('a key that was taken is found by its slot, by whomever', async () => {
      const { slot, key } = await one.take()
      expect(key.length).toBe(32)
      for (const store of [one, other]) expect(bytes((await store.keysOf([slot])).get(slot))).toBe(bytes(key))
    })

    test('no slot and no key is given twice, however many are taken at once and by whom', async () => {
      const count = perReserve + 50
      const taken = await Promise.all(
        Array.from({ length: 2 * count }, async (_, index) => (index % 2 === 0 ? one : other).take()),
      )
      expect(new Set(taken.map(({ slot }) => slot)).size).toBe(2 * count)
      expect(new Set(taken.map(({ key }) => bytes(key))).size).toBe(2 * count)
      const found = await other.keysOf(taken.map(({ slot }) => slot))
      expect(taken.filter(({ slot, key }) => bytes(found.get(slot)) !== bytes(key))).toEqual([])
    })

    test('a key that was destroyed is found by nobody and is nowhere, all others are there', async () => {
      const taken = await Promise.all(Array.from({ length: 5 }, async () => one.take()))
      const [first, second, ...others] = taken
      if (first === undefined || second === undefined) throw new Error('nothing was taken')
      expect(has(await opened.stored(), first.key)).toBe(true)
      await other.destroy([first.slot, second.slot])
      for (const store of [one, other]) {
        const found = await store.keysOf(taken.map(({ slot }) => slot))
        expect(new Set(found.keys())).toEqual(new Set(others.map(({ slot }) => slot)))
      }
      const stored = await opened.stored()
      for (const { key } of [first, second]) expect(has(stored, key)).toBe(false)
      for (const { key } of others) expect(has(stored, key)).toBe(true)
    })

    test('destroying again, and destroying nothing, does nothing', async () => {
      const { slot } = await one.take()
      await one.destroy([slot])
      await other.destroy([slot])
      await one.destroy([])
      expect(await one.keysOf([slot])).toEqual(new Map())
      expect(await one.keysOf([])).toEqual(new Map())
    })

    test('those who ask together each get what they asked for', async () => {
      const taken = await Promise.all(Array.from({ length: 20 }, async () => one.take()))
      const found = await Promise.all(taken.map(({ slot }) => other.keysOf([slot])))
      expect(found.map((keys) => [...keys.keys()])).toEqual(taken.map(({ slot }) => [slot]))
    })

    test('a slot that was never there is a fault of the store, not a key that was destroyed', async () => {
      const nowhere = 999_999_999
      await expect(one.keysOf([nowhere])).rejects.toThrow(KeyStoreUnavailable)
      await expect(one.destroy([nowhere])).rejects.toThrow(KeyStoreUnavailable)
    })
  })
}

import { randomBytes } from 'node:crypto'
import { KeyStoreUnavailable } from '../../http/key-store-unavailable.ts'
import type { KeyStore } from '../key-store.ts'

/** Keys of one process, for tests. */
export const memoryKeys = (): KeyStore => {
  const keys: Uint8Array[] = []
  const known = (slot: number): Uint8Array => {
    const key = keys[slot - 1]
    if (key === undefined) throw new KeyStoreUnavailable(new Error(`there is no slot ${slot}`))
    return key
  }
  return {
    take: async () => {
      const key = randomBytes(32)
      return { slot: keys.push(key), key: Uint8Array.from(key) }
    },
    keysOf: async (slots) =>
      new Map(
        slots.flatMap((slot) => {
          const key = known(slot)
          return key.every((byte) => byte === 0) ? [] : [[slot, Uint8Array.from(key)] as const]
        }),
      ),
    destroy: async (slots) => {
      for (const slot of slots) known(slot).fill(0)
    },
    close: async () => undefined,
  }
}

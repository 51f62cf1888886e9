import { closeSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { LRUCache } from 'lru-cache'
import { KeyStoreUnavailable } from '../../http/key-store-unavailable.ts'
import type { KeyStore } from '../../personal/key-store.ts'
import { dealer } from './dealer.ts'
import { blockPath, keyBytes, keysInBlock, makeBlock } from './key-block.ts'

const filesOpen = 64

const unavailable = (error: unknown): never => {
  throw new KeyStoreUnavailable(error)
}
const blockOf = (slot: number): number => Math.floor(slot / keysInBlock)
const offsetOf = (slot: number): number => (slot % keysInBlock) * keyBytes

const byBlock = (slots: readonly number[]): ReadonlyMap<number, readonly number[]> => {
  const blocks = new Map<number, number[]>()
  for (const slot of slots) {
    const those = blocks.get(blockOf(slot))
    if (those === undefined) blocks.set(blockOf(slot), [slot])
    else those.push(slot)
  }
  return blocks
}
const isDestroyed = (key: Uint8Array): boolean => key.every((byte) => byte === 0)

/**
 * Keys in the files of a folder, for all processes of a machine, or of those that share the folder. They are read anew
 * each time, which the system does from memory: a key that was destroyed is gone everywhere at once.
 */
export const openKeyFolder = (folder: string): KeyStore => {
  const files = new LRUCache<number, number>({ max: filesOpen, dispose: (file) => closeSync(file) })
  const take = dealer(async () => {
    const { number, keys } = await makeBlock(folder).catch(unavailable)
    return { slot: number * keysInBlock, keys }
  })

  const fileOf = (block: number): number => {
    const known = files.get(block)
    if (known !== undefined) return known
    const file = openSync(blockPath(folder, block), 'r')
    files.set(block, file)
    return file
  }
  const keyAt = (slot: number): Uint8Array => {
    const key = new Uint8Array(keyBytes)
    const read = readSync(fileOf(blockOf(slot)), key, 0, keyBytes, offsetOf(slot))
    if (read !== keyBytes) throw new Error(`${blockPath(folder, blockOf(slot))} has no slot ${slot}`)
    return key
  }

  const overwrite = async (block: number, slots: readonly number[]): Promise<void> => {
    const file = await open(blockPath(folder, block), 'r+')
    try {
      for (const slot of slots) await file.write(new Uint8Array(keyBytes), 0, keyBytes, offsetOf(slot))
      await file.datasync()
    } finally {
      await file.close()
    }
  }

  return {
    take,
    keysOf: async (slots) => {
      try {
        const keys = slots.map((slot) => [slot, keyAt(slot)] as const)
        return new Map(keys.filter(([, key]) => !isDestroyed(key)))
      } catch (error) {
        return unavailable(error)
      }
    },
    destroy: async (slots) => {
      try {
        // Nothing is written where no key has been.
        for (const slot of slots) keyAt(slot)
        for (const [block, those] of byBlock(slots)) await overwrite(block, those)
      } catch (error) {
        unavailable(error)
      }
    },
    close: async () => files.clear(),
  }
}

import type { SlotKey } from '../../personal/key-store.ts'

/** Durable keys that this process may give away: the first has `slot`, the others follow it. */
export type Reserve = { readonly slot: number; readonly keys: Buffer }

const keyBytes = 32

/**
 * Gives the keys of one reserve after the other, each once. The next one is made while the last is being used, so that
 * nobody waits for it. A key that was given is kept here no longer.
 */
export const dealer = (make: () => Promise<Reserve>): (() => SlotKey | Promise<SlotKey>) => {
  let current: Reserve = { slot: 0, keys: Buffer.alloc(0) }
  let given = 0
  let coming: Promise<Reserve> | undefined
  let changing: Promise<void> | undefined

  const prepare = (): Promise<Reserve> => {
    coming ??= make().catch((error: unknown) => {
      coming = undefined
      throw error
    })
    return coming
  }
  const change = async (): Promise<void> => {
    current = await prepare()
    given = 0
    coming = undefined
    // What fails now is tried again when it is needed.
    prepare().catch(() => undefined)
  }

  const next = (): SlotKey | undefined => {
    if (given * keyBytes === current.keys.length) return undefined
    const place = current.keys.subarray(given * keyBytes, (given + 1) * keyBytes)
    const key = new Uint8Array(place)
    place.fill(0)
    return { slot: current.slot + given++, key }
  }
  const afterChange = async (): Promise<SlotKey> => {
    for (;;) {
      changing ??= change().finally(() => (changing = undefined))
      await changing
      const key = next()
      if (key !== undefined) return key
    }
  }
  // Almost always there is one at hand, and then nobody has to wait for a promise.
  return () => next() ?? afterChange()
}

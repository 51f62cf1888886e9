import { sha256 } from './digest.ts'

/** Tells whether an id was seen before. */
export type KnownIds = { see(id: string): boolean }

const emptySlot = 0

/**
 * Remembers ids by 53 bits of their hashes, in about 16 to 32 bytes each. Of ten million ids two share these bits with a
 * chance of one in a hundred; then one would be taken for a repetition that is none, so whoever is told of one has to look.
 */
export const knownIds = (): KnownIds => {
  let slots = new Float64Array(1_024)
  let count = 0

  const put = (mark: number): boolean => {
    let at = mark % slots.length
    for (; slots[at] !== emptySlot; at = (at + 1) % slots.length) if (slots[at] === mark) return true
    slots[at] = mark
    return false
  }
  const grow = (): void => {
    const before = slots
    slots = new Float64Array(2 * before.length)
    for (const mark of before) if (mark !== emptySlot) put(mark)
  }
  const markOf = (id: string): number => {
    const bytes = Buffer.from(sha256(id).slice(0, 7), 'binary')
    return bytes.readUIntBE(0, 6) * 32 + ((bytes[6] ?? 0) % 32) + 1
  }
  return {
    see: (id) => {
      if (2 * count >= slots.length) grow()
      const isKnown = put(markOf(id))
      if (!isKnown) count += 1
      return isKnown
    },
  }
}

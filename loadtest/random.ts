/** Numbers from 0 (inclusive) to 1, always the same for the same seed. */
export type Random = () => number

/** A small generator (mulberry32): good enough to mix a load, and cheap. */
export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The items in another order. */
export const shuffled = <T>(items: readonly T[], random: Random): T[] =>
  items
    .map((item) => ({ item, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item)

/** Draws 0 to `count` − 1; what stands at `n` comes 1 / (n + 1) times as often as the first (Zipf, exponent 1). */
export const zipf = (count: number, random: Random): (() => number) => {
  const upTo = new Float64Array(count)
  let sum = 0
  for (let n = 0; n < count; n++) {
    sum += 1 / (n + 1)
    upTo[n] = sum
  }
  return () => {
    const drawn = random() * sum
    let low = 0
    let high = count - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((upTo[middle] ?? sum) > drawn) high = middle
      else low = middle + 1
    }
    return low
  }
}

import { randomFillSync } from 'node:crypto'

const poolBytes = 4_096

/** A source of random hex digits, two for each byte asked for. Draws from the system's source for many at once. */
export const randomHex = (): ((bytes: number) => string) => {
  const pool = Buffer.alloc(poolBytes)
  let used = poolBytes
  return (bytes) => {
    if (used + bytes > poolBytes) {
      randomFillSync(pool)
      used = 0
    }
    used += bytes
    return pool.toString('hex', used - bytes, used)
  }
}

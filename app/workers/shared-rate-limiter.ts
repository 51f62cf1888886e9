import type { RateLimiter, RateLimitUse } from '../../http/rate-limit.ts'

/** A limiter whose counting is done elsewhere. */
export type SharedRateLimiter = RateLimiter & {
  /** What the uses asked for under this number came to, in their order. */
  answered(number: number, uses: readonly RateLimitUse[]): void
}

type Asked = { readonly keys: string[]; readonly settle: ((use: RateLimitUse) => void)[] }

/**
 * Has the main process count for all workers, so that a limit holds over all of them exactly. What is used in one turn
 * is asked for in one message: under load that costs each request little.
 */
export const sharedRateLimiter = (ask: (number: number, keys: readonly string[]) => void): SharedRateLimiter => {
  const underWay = new Map<number, Asked>()
  let gathering: Asked | undefined
  let last = 0

  const gather = (): Asked => {
    const asked: Asked = { keys: [], settle: [] }
    setImmediate(() => {
      gathering = undefined
      underWay.set(++last, asked)
      ask(last, asked.keys)
    })
    return asked
  }

  return {
    consume: (key) =>
      new Promise((resolve) => {
        gathering ??= gather()
        gathering.keys.push(key)
        gathering.settle.push(resolve)
      }),
    answered: (number, uses) => {
      const asked = underWay.get(number)
      underWay.delete(number)
      uses.forEach((use, index) => asked?.settle[index]?.(use))
    },
  }
}

/** The uses of these keys, in their order, by the limiter that counts. */
export const consumeAll = (limiter: RateLimiter, keys: readonly string[]): Promise<readonly RateLimitUse[]> =>
  Promise.all(keys.map((key) => limiter.consume(key)))

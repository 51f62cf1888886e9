import { Problem } from '../../http/problem.ts'
import { SourceBusy } from '../cache/cached-over.ts'
import type { MerchantCache } from '../cache/merchant-cache.ts'
import type { KeyRing, Keys } from './key-ring.ts'

const noKeys: Keys = new Map()

const busy = (cause: SourceBusy): Problem => {
  const problem = new Problem(503, 'overloaded', 'The key cannot be looked up now; try again in a moment', {
    headers: { 'Retry-After': '1' },
  })
  problem.cause = cause
  return problem
}

/**
 * Keys as the cache of merchants has them. One that is not among them is looked for in every tier down to the merchant's
 * stream, so that a new key works everywhere at once, and nobody's is asked for there once a second at most. Throws 503
 * `overloaded` while too many that are nobody's are asked for.
 */
export const cachedKeys =
  ({ get }: Pick<MerchantCache, 'get'>): KeyRing =>
  async (merchantId, keyId) => {
    try {
      return (await get(merchantId, ({ keys }) => keys.has(keyId)))?.value.keys ?? noKeys
    } catch (error) {
      throw error instanceof SourceBusy ? busy(error) : error
    }
  }

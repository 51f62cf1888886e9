import { setTimeout as sleep } from 'node:timers/promises'
import type { FateLog } from './acknowledged.ts'
import { type Sample, sumOf } from './metrics-text.ts'
import type { StatusReads } from './result.ts'
import type { LoadMerchant } from './commands.ts'

const remembered = 1_000
const pauseMs = 20

/** Clients that ask what has become of payments which were accepted a moment ago. */
export type StatusReader = {
  /** The same log, of which this one hears. */
  readonly fates: FateLog
  /** Ends it, and says how often they asked, and how many answers were no 200. */
  end(): Promise<{ readonly reads: number; readonly failed: number }>
}

/** Begins to read on so many connections. */
export const startStatusReads = (
  url: string,
  merchants: readonly LoadMerchant[],
  connections: number,
  fates: FateLog,
): StatusReader => {
  const recent: { readonly id: string; readonly key: string }[] = []
  let next = 0
  let [reads, failed] = [0, 0]
  let ended = false
  const read = async (): Promise<void> => {
    while (!ended) {
      const payment = recent[Math.floor(Math.random() * recent.length)]
      if (payment !== undefined) {
        const headers = { authorization: `Bearer ${payment.key}` }
        const answer = await fetch(`${url}/v1/payments/${payment.id}`, { headers }).catch(() => undefined)
        await answer?.arrayBuffer()
        reads += 1
        // One that no projection has seen yet is not there yet.
        if (answer?.status !== 200 && answer?.status !== 404) failed += 1
      }
      await sleep(pauseMs)
    }
  }
  const reading = Promise.all(Array.from({ length: connections }, read))
  return {
    fates: {
      ...fates,
      accepted: (command, paymentId) => {
        fates.accepted(command, paymentId)
        const key = merchants[command.merchant]?.key
        if (key === undefined) return
        recent[next] = { id: paymentId, key }
        next = (next + 1) % remembered
      },
    },
    end: async () => {
      ended = true
      await reading
      return { reads, failed }
    },
  }
}

/** Of the statuses that were asked for between two looks at the query sides' metrics, how many a cache had. */
export const hitsOf = (before: readonly Sample[], after: readonly Sample[]): Pick<StatusReads, 'hitRate' | 'tiers'> => {
  const gained = (tier: string, result: string): number => {
    const isIt = ({ kind, tier: of, result: was }: Sample['labels']): boolean =>
      kind === 'status' && of === tier && was === result
    const name = 'daybook_cache_lookups_total'
    return sumOf(after, name, isIt) - sumOf(before, name, isIt)
  }
  const tiers = ['process', 'redis'].map((tier) => ({ tier, hits: gained(tier, 'hit'), misses: gained(tier, 'miss') }))
  const [first] = tiers
  const asked = (first?.hits ?? 0) + (first?.misses ?? 0)
  return { hitRate: tiers.reduce((sum, { hits }) => sum + hits, 0) / Math.max(1, asked), tiers }
}

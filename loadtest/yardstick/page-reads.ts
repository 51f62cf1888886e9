import { api } from '../crash/api.ts'
import { createLatencies } from '../latencies.ts'
import type { PageReads } from './figures.ts'

/** A list to be read, by whom, and what to call it. */
export type Page = { readonly what: string; readonly key: string; readonly path: string }

/** The lists a shop and its house look at; each is a page of 100. `merchant` is the one with the most payments. */
export const pagesOf = (merchant: string, house: string): Page[] => [
  { what: "a merchant's newest", key: merchant, path: '/v1/payments?limit=100' },
  { what: 'its captured ones', key: merchant, path: '/v1/payments?limit=100&status=captured' },
  { what: 'newest of all', key: house, path: '/v1/payments?limit=100' },
]

const readsToWarmUp = 20

/** How long pages take a single reader, one after the other, `reads` of each. `payments` is how many are stored. */
export const measurePages = async (
  url: string,
  pages: readonly Page[],
  payments: number,
  reads: number,
): Promise<PageReads[]> => {
  const measured: PageReads[] = []
  for (const { what, key, path } of pages) {
    const reader = api(url, key)
    const latencies = createLatencies()
    for (let n = 0; n < readsToWarmUp; n++) await reader.text(path)
    for (let n = 0; n < reads; n++) {
      const beginMs = performance.now()
      await reader.text(path)
      latencies.record(performance.now() - beginMs)
    }
    measured.push({ what, payments, p50: latencies.percentile(50), p99: latencies.percentile(99) })
  }
  return measured
}

/** How many payments the read models have, from the daily totals. */
export const countPayments = async (url: string, house: string): Promise<number> => {
  const days = await api(url, house).all<{ authorized: { count: number } }>('/v1/reports/daily')
  return days.reduce((sum, { authorized }) => sum + authorized.count, 0)
}

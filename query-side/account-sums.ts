import type { Sums } from './sums-up-to.ts'
import type { Condition } from './where.ts'

/** What accounts have seen of some merchants' money up to a position, by these columns. `conditions` speak of both. */
export const accountSums = (columns: string, periods: readonly Condition[], lines: readonly Condition[]): Sums => ({
  ofPeriods: (schema, condition) => `
    select ${columns}, sum(debit) as debit, sum(credit) as credit
    from ${schema}.period_balances where ${condition} group by ${columns}`,
  ofLines: (schema, condition) => `
    select ${columns}, sum(greatest(amount, 0)) as debit, sum(greatest(-amount, 0)) as credit
    from ${schema}.postings where ${condition} group by ${columns}`,
  periods,
  lines,
})

import type { Operation } from '../operation.ts'
import { BalancesQuery } from '../../../query-side/balances.ts'
import { DailyQuery } from '../../../query-side/daily.ts'
import { LedgerEntriesQuery } from '../../../query-side/ledger-entries.ts'
import { TrialBalanceQuery } from '../../../query-side/trial-balance.ts'
import { entryExample } from './entry-example.ts'
import { everybody, found, list, page, read } from './common.ts'

const sides = { currency: 'INR', layer: 'posted', debit: 12_500, credit: 12_500 }

/** The books. */
export const ledger: readonly Operation[] = [
  {
    id: 'listBalances',
    method: 'get',
    path: '/v1/balances',
    tag: 'Ledger',
    summary: 'List balances by merchant and currency',
    roles: everybody,
    query: BalancesQuery,
    answers: page('BalancePage', {
      merchantId: '1042',
      currency: 'INR',
      pending: 0,
      available: 3_750,
      inTransit: 8_000,
      disputed: 0,
    }),
    problems: list,
  },
  {
    id: 'listLedgerEntries',
    method: 'get',
    path: '/v1/ledger/entries',
    tag: 'Ledger',
    summary: 'List journal entries, newest first',
    roles: everybody,
    query: LedgerEntriesQuery,
    answers: page('EntryPage', entryExample),
    problems: list,
  },
  {
    id: 'getTrialBalance',
    method: 'get',
    path: '/v1/ledger/trial-balance',
    tag: 'Ledger',
    summary: 'Add up all accounts',
    description:
      "Debits equal credits for every currency and layer, at every position. A merchant's key sees that merchant's part of the books.",
    roles: everybody,
    query: TrialBalanceQuery,
    answers: [
      found('All accounts and their totals', 'TrialBalance', {
        data: [
          { account: 'gatewayReceivable', ...sides, credit: 0 },
          { account: 'merchantPending', ...sides, debit: 0 },
        ],
        totals: [{ ...sides, difference: 0 }],
      }),
    ],
    problems: read,
  },
  {
    id: 'listDailyTotals',
    method: 'get',
    path: '/v1/reports/daily',
    tag: 'Ledger',
    summary: 'Counts and sums by merchant, day and currency',
    description: 'Days are UTC; the days that begin in the span are listed, oldest first.',
    roles: everybody,
    query: DailyQuery,
    answers: page('DailyPage', {
      merchantId: '1042',
      day: '2025-06-01',
      currency: 'INR',
      authorized: { count: 1, amount: 12_500 },
      captured: { count: 1, amount: 12_500 },
      refunded: { count: 1, amount: 500 },
      disputed: { count: 0, amount: 0 },
      fees: { count: 1, amount: 250 },
    }),
    problems: list,
  },
]

import * as examples from '../examples.ts'
import type { Operation } from '../operation.ts'
import { SettlementEntriesQuery } from '../../../query-side/settlement-entries.ts'
import { SettlementsQuery } from '../../../query-side/settlements.ts'
import { ResourceQuery } from '../../../query-side/transaction.ts'
import { entryExample } from './entry-example.ts'
import { body, everybody, found, list, page, read } from './common.ts'

/** Settlements, made and read. */
export const settlements: readonly Operation[] = [
  {
    id: 'settle',
    method: 'post',
    path: '/v1/settlements',
    tag: 'Settlements',
    summary: 'Make captured money available',
    description:
      'Settles what is pending, each posting exactly once: one settlement for each merchant and currency that has something to settle, an empty list if there is none. Can be repeated.',
    roles: ['finance', 'operator'],
    body: { schema: 'SettleRequest', examples: { all: {}, one: { merchantId: '1042', currency: 'INR' } } },
    answers: [
      {
        status: 201,
        says: 'What was settled',
        schema: 'Settlements',
        headers: ['Daybook-Position'],
        examples: { settled: { data: [examples.settlement] } },
      },
    ],
    problems: [...body, 'conflict', 'readModelBehind'],
  },
  {
    id: 'listSettlements',
    method: 'get',
    path: '/v1/settlements',
    tag: 'Settlements',
    summary: 'List settlements, newest first',
    roles: everybody,
    query: SettlementsQuery,
    answers: page('SettlementPage', examples.settlement),
    problems: list,
  },
  {
    id: 'getSettlement',
    method: 'get',
    path: '/v1/settlements/{settlementId}',
    tag: 'Settlements',
    summary: 'Get a settlement',
    roles: everybody,
    query: ResourceQuery,
    answers: [found('The settlement', 'Settlement', examples.settlement)],
    problems: [...read, 'settlementNotFound'],
  },
  {
    id: 'listSettlementEntries',
    method: 'get',
    path: '/v1/settlements/{settlementId}/entries',
    tag: 'Settlements',
    summary: 'List what a settlement covers, newest first',
    description:
      "Postings to the merchant's pending account. Their amounts add up to the settlement's net, with the sign turned: a credit to the merchant is negative.",
    roles: everybody,
    query: SettlementEntriesQuery,
    answers: page('EntryPage', entryExample),
    problems: [...list, 'settlementNotFound'],
  },
]

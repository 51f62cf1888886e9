import type { Operation } from '../operation.ts'
import { InternalReconciliationQuery } from '../../../query-side/internal-reconciliation.ts'
import { current, staff } from './common.ts'

const difference = `dif_${'0123456789abcdef'.repeat(2)}`

/** Whether everything that is made from the log is as the log has it. */
export const reconciliation: readonly Operation[] = [
  {
    id: 'getInternalReconciliation',
    method: 'get',
    path: '/v1/reconciliation/internal',
    tag: 'Operations',
    summary: 'Whether Kafka, PostgreSQL and Redis have what the log has, and what differs',
    roles: staff,
    query: InternalReconciliationQuery,
    answers: [
      current('As far as it was compared', 'InternalReconciliation', {
        position: '48213',
        comparedAt: '2026-11-30T07:00:00.000Z',
        round: null,
        lastRound: {
          begunAt: '2026-11-30T06:00:00.000Z',
          endedAt: '2026-11-30T06:54:02.000Z',
          position: '48001',
        },
        parts: [
          {
            where: 'postgres',
            part: 'shard_2',
            expected: { records: 2_110, digest: '00c1a0f2b3d4e5f6' },
            found: { records: 2_109, digest: '0b6a1f0e9d8c7b6a' },
          },
        ],
        counts: [{ where: 'postgres', kind: 'lost', count: 1 }],
        acknowledged: 0,
        differences: [
          {
            id: difference,
            where: 'postgres',
            kind: 'lost',
            record: 'journal',
            part: 'shard_2',
            stream: `payment-pay_${'0123456789abcdef'.repeat(2)}`,
            key: null,
            revision: 1,
            position: '31007',
            since: '2026-11-30T06:31:10.000Z',
            repair: 'reproject',
          },
        ],
      }),
    ],
    problems: ['invalidRequest', 'readModelUnavailable'],
  },
  {
    id: 'orderRepairs',
    method: 'post',
    path: '/v1/reconciliation/internal/repairs',
    tag: 'Operations',
    summary: 'Order that differences be repaired',
    description:
      'Each order is an event in the log before anything is done; the reconciler makes it within a moment, and records what came of it.',
    roles: ['operator'],
    body: {
      schema: 'RepairRequest',
      examples: {
        one: { differences: [difference], reason: 'a row was deleted by hand' },
        all: { reason: 'restored from a backup' },
      },
    },
    answers: [
      {
        status: 202,
        says: 'They are ordered',
        schema: 'Repairs',
        headers: ['Daybook-Position'],
        examples: {
          ordered: {
            data: [{ repairId: `rep_${'0123456789abcdef'.repeat(2)}`, difference, repair: 'reproject' }],
          },
        },
      },
    ],
    problems: [
      'malformedJson',
      'invalidRequest',
      'notFound',
      'readModelUnavailable',
      'bodyTooLarge',
      'unsupportedMediaType',
    ],
  },
]

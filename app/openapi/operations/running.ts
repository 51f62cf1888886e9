import type { Operation } from '../operation.ts'
import { ProjectionsQuery } from '../../../query-side/projections.ts'
import { current, staff } from './common.ts'

/** How Daybook itself is. */
export const running: readonly Operation[] = [
  {
    id: 'listProjections',
    method: 'get',
    path: '/v1/projections',
    tag: 'Operations',
    summary: 'How far the read models have come',
    roles: staff,
    query: ProjectionsQuery,
    answers: [
      current('Each projection in each shard', 'Projections', {
        data: [
          {
            projection: 'payments',
            shard: 'shard_2',
            copy: 1,
            state: 'live',
            cursor: '48213',
            head: '48213',
            lag: { events: 0, seconds: 0 },
            parked: 0,
            discarded: 0,
          },
        ],
      }),
    ],
    problems: ['invalidRequest', 'readModelUnavailable'],
  },
  {
    id: 'getHealth',
    method: 'get',
    path: '/health',
    tag: 'Operations',
    summary: 'Whether the process is alive',
    roles: [],
    answers: [{ status: 200, says: 'It is', schema: 'Health', examples: { alive: { status: 'ok' } } }],
    problems: [],
  },
  {
    id: 'getReady',
    method: 'get',
    path: '/ready',
    tag: 'Operations',
    summary: 'Whether requests can be answered, and without what, or what is waited for',
    roles: [],
    answers: [
      {
        status: 200,
        says: 'They can',
        schema: 'Ready',
        examples: { ready: { status: 'ready' }, partly: { status: 'ready', without: ['postgres 2'] } },
      },
      {
        status: 503,
        says: 'Not yet',
        schema: 'Waiting',
        headers: ['Retry-After'],
        examples: { waiting: { status: 'waiting', waitsFor: ['postgres', 'projections'] } },
      },
    ],
    problems: [],
  },
]

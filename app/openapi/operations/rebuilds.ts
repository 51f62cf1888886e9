import type { Operation } from '../operation.ts'

const problems = ['malformedJson', 'invalidRequest', 'notFound', 'rebuildRefused', 'readModelUnavailable'] as const
const roles = ['operator'] as const
const nothing = { schema: 'EmptyRequest', examples: { nothing: {} } } as const

/** Copies of projections beside the live ones. */
export const rebuilds: readonly Operation[] = [
  {
    id: 'startRebuild',
    method: 'post',
    path: '/v1/projections/{projection}/rebuilds',
    tag: 'Operations',
    summary: 'Build a projection again beside the live copy, or go on with it',
    description:
      'The rebuild is a process of its own on the machine that answers; it yields to everything else there, and can be stopped and gone on with. The copy is followed from when it has caught up.',
    roles,
    body: { schema: 'RebuildRequest', examples: { whole: {}, slowly: { shard: 3, maxRate: 10_000 } } },
    answers: [
      {
        status: 202,
        says: 'It has begun, or there was nothing left to build',
        schema: 'RebuildStart',
        examples: { begun: { projection: 'payments', state: 'building' } },
      },
    ],
    problems: [...problems, 'bodyTooLarge', 'unsupportedMediaType'],
  },
  {
    id: 'watchRebuild',
    method: 'get',
    path: '/v1/projections/{projection}/rebuilds/progress',
    tag: 'Operations',
    summary: 'How far a rebuild is, as server-sent events',
    description:
      'One event a second, named `progress`, with a RebuildProgress as data; the last one when none is at work.',
    roles,
    answers: [
      {
        status: 200,
        says: 'Its progress',
        schema: 'RebuildProgress',
        mediaType: 'text/event-stream',
        examples: {
          half: `event: progress\ndata: ${JSON.stringify({
            projection: 'payments',
            state: 'building',
            running: true,
            done: 500_000,
            total: 1_000_000,
            eventsPerSecond: 50_000,
            secondsLeft: 10,
          })}\n\n`,
        },
      },
    ],
    problems: ['notFound', 'readModelUnavailable'],
  },
  {
    id: 'stopRebuild',
    method: 'post',
    path: '/v1/projections/{projection}/rebuilds/stop',
    tag: 'Operations',
    summary: 'Stop a rebuild, wherever it runs; the next start goes on from there',
    roles,
    body: nothing,
    answers: [
      {
        status: 202,
        says: 'It stops after the piece at hand',
        schema: 'RebuildStart',
        examples: { stopping: { projection: 'payments', state: 'stopping' } },
      },
    ],
    problems: [...problems, 'bodyTooLarge', 'unsupportedMediaType'],
  },
  {
    id: 'diffCopies',
    method: 'get',
    path: '/v1/projections/{projection}/diff',
    tag: 'Operations',
    summary: 'What differs between the live copy and the one beside it, by key',
    roles,
    answers: [
      {
        status: 200,
        says: 'The differences, with some examples',
        schema: 'Diff',
        examples: {
          one: {
            compared: [{ shard: 'shard_0', live: '48213', copy: '48213' }],
            tables: [
              {
                table: 'payments',
                onlyLive: 0,
                onlyCopy: 0,
                different: 1,
                examples: [
                  {
                    shard: 'shard_0',
                    key: { id: '3f2a9c1e-0b7d-5a64-8c21-f0e9d7b6a513', created_at: '2026-01-05 00:00:00+00' },
                    in: 'both',
                    columns: [{ name: 'amount', live: '31', copy: '12500' }],
                  },
                ],
                newColumns: [],
                goneColumns: [],
              },
            ],
          },
        },
      },
    ],
    problems: ['notFound', 'rebuildRefused', 'readModelUnavailable'],
  },
  ...(
    [
      ['switch', 'switchCopies', 'Read from the copy beside the live one from now on'],
      ['rollback', 'rollBackCopies', 'Read from the old copy again'],
    ] as const
  ).map(
    ([path, id, summary]): Operation => ({
      id,
      method: 'post',
      path: `/v1/projections/{projection}/${path}`,
      tag: 'Operations',
      summary,
      description: 'Every answer is of one copy; an instance that answers finds out within a second.',
      roles,
      body: nothing,
      answers: [
        {
          status: 200,
          says: 'It is done',
          schema: 'Switched',
          examples: { done: { projection: 'payments', copy: 2, shards: 10 } },
        },
      ],
      problems: [...problems, 'bodyTooLarge', 'unsupportedMediaType'],
    }),
  ),
  {
    id: 'dropCopies',
    method: 'post',
    path: '/v1/projections/{projection}/drop',
    tag: 'Operations',
    summary: 'Drop the copy that is not live, and with an old one the way back',
    roles,
    body: nothing,
    answers: [
      {
        status: 200,
        says: 'It is gone',
        schema: 'Dropped',
        examples: { gone: { projection: 'payments', shards: 10 } },
      },
    ],
    problems: [...problems, 'bodyTooLarge', 'unsupportedMediaType'],
  },
]

import { defineConfig } from 'vitest/config'

const all =
  '{domain,proof,personal,http,command-side,projections,query-side,reconciliation,infra,app,loadtest}/**/*.test.ts'

/**
 * Tests that keep several processes busy, and others from them, or that time what takes long on a machine that is busy
 * with something else: an election, a failover, a recovery.
 */
const heavy = [
  'infra/kafka/{failure,feed,reconciliation}.test.ts',
  'infra/eventstoredb/*-lost.test.ts',
  'infra/postgres/failover.test.ts',
  'loadtest/{crash,regression}.test.ts',
]

/** On an installation of their own: `npm run test:cluster` and `npm run test:failures`. */
const clustered = ['loadtest/{profiles,failures}/*.e2e.test.ts']

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'light',
          include: [all],
          exclude: [...heavy, ...clustered],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      // One at a time, after all others.
      { extends: true, test: { name: 'heavy', include: heavy, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
})

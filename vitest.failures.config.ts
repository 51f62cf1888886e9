import { defineConfig } from 'vitest/config'

/** Failures under load, on an installation of the cluster profile that they may break: a run of its own. */
export default defineConfig({
  test: {
    include: ['loadtest/failures/*.e2e.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
  },
})

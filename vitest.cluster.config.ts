import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['app/{http,as-of}.e2e.test.ts', 'loadtest/profiles/*.e2e.test.ts'],
    globalSetup: ['app/testing/cluster-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // All engines and processes end in it.
    teardownTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 1,
  },
})

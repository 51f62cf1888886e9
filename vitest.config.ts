import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{domain,http,command-side,projections,query-side,infra,app,loadtest}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})

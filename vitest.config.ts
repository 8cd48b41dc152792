import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Files share their worker’s modules: to load them anew for each took a quarter of a run. None may leave anything behind.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})

import { defineConfig } from 'vitest/config'

/** What kills mutants of disclosure control and access: tests without a database, which run in a moment. */
export default defineConfig({
  test: {
    include: [
      'test/statistics/{disclosure,possible-values,withheld-counts,withholding-patterns}.test.ts',
      'test/platform/access/{access,admin-key,caller,master-key}.test.ts',
    ],
    // Each mutant runs all that comes by it: what is random is left to the ordinary run.
    env: { PROPERTY_RUNS: '10' },
    testTimeout: 30_000,
  },
})

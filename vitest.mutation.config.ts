import { defineConfig } from 'vitest/config'

/** What kills mutants of disclosure control and access: tests without a database, which run in a moment. */
export default defineConfig({
  test: {
    include: [
      'test/statistics/disclosure.test.ts',
      'test/platform/access/{access,caller,master-key}.test.ts',
    ],
    testTimeout: 30_000,
  },
})

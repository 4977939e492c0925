import { defineConfig } from 'vitest/config'

/** The exhaustive tests try more, also on a GPU that the processor plays; see test/oracle/backends.ts. */
const exhaustive = process.env['HEATPROOF_EXHAUSTIVE'] === '1'

export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{unit,oracle,integration}/**/*.test.ts'],
          globalSetup: './test/support/swiftshader.ts',
          setupFiles: './test/support/seeded-properties.ts',
          testTimeout: exhaustive ? 3_600_000 : 60_000,
          hookTimeout: exhaustive ? 3_600_000 : 60_000,
          expect: { poll: { timeout: 30_000 } },
          pool: 'forks',
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 30_000 } },
          pool: 'forks',
          fileParallelism: false,
        },
      },
    ],
  },
})

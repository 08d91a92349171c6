import { defineConfig } from 'vitest/config'

// vitest resolves a second copy of graphql unless told which file is meant.
const shared = {
  resolve: {
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
    conditions: ['source'],
  },
  // vitest hands these to node too, where 'import' would give ESM files to CommonJS callers (pg requires pg-pool).
  ssr: { resolve: { conditions: ['source', 'node'] } },
}

/** How long is waited for what must come. No measure of speed, since machines are slow and busy: it tells late from never. */
const patience = { testTimeout: 240_000, hookTimeout: 300_000, expect: { poll: { timeout: 60_000, interval: 20 } } }

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          ...patience,
          include: ['{contracts,platform,gateway,local,scripts}/**/*.test.ts', 'subgraphs/*/src/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.system.test.ts'],
        },
      },
      {
        ...shared,
        test: {
          name: 'system',
          include: [
            'test/**/*.system.test.ts',
            '{platform,local,gateway}/src/**/*.system.test.ts',
            'subgraphs/*/src/**/*.system.test.ts',
          ],
          // Paths that .ci/run asks in its other run.
          exclude: ['**/node_modules/**', '**/dist/**', ...(process.env.TESTS_WITHOUT?.split(' ') ?? [])],
          globalSetup: ['platform/src/testing/services.ts'],
          ...patience,
          // After the unit tests, and no more whole graphs at once than there are cores for.
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
        },
      },
    ],
  },
})

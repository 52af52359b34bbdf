import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Sockets and child processes, not timers, decide how long these take; the limit only ends a hang.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    coverage: {
      provider: 'v8',
      include: ['src/rules/**/*.ts'],
      reporter: ['text'],
      // People act on what the evaluator says: no line of it goes untested.
      thresholds: { lines: 100, branches: 100, functions: 100 },
    },
  },
})

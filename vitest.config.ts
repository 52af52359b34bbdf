import { defineConfig } from 'vitest/config'

/** The name of a test file decides when it runs. */
const project = (name: string, include: string, exclude: readonly string[] = []) => ({
  extends: true as const,
  test: { name, include: [include], exclude: [...exclude] },
})

export default defineConfig({
  test: {
    // Sockets and child processes, not timers, decide how long these take; the limit only ends a hang.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // No file changes what another one imports, so each process imports the source once.
    isolate: false,
    // One process per core: most of the tests wait for sockets and for child processes.
    maxWorkers: '100%',
    projects: [
      // npm test
      project('fast', 'test/**/*.test.ts', ['test/**/*.{slow,long}.test.ts']),
      // npm run test:all: the fast ones too
      project('slow', 'test/**/*.slow.test.ts'),
      // npm run test:long
      project('long', 'test/**/*.long.test.ts'),
    ],
    coverage: {
      provider: 'v8',
      include: ['src/rules/**/*.ts'],
      reporter: ['text'],
      // People act on what the evaluator says: no line of it goes untested.
      thresholds: { lines: 100, branches: 100, functions: 100 },
    },
  },
})

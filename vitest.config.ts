import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { shellTexts } from './test/support/shell-texts.ts'

/** The name of a test file decides when it runs. */
const project = (name: string, include: string, exclude: readonly string[] = []) => ({
  extends: true as const,
  test: { name, include: [include], exclude: [...exclude] },
})

export default defineConfig({
  plugins: [shellTexts()],
  test: {
    // The limit only ends tests that hang. How long a test takes depends on sockets and child processes.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // A busy machine is no failure: what a test waits for may come late.
    expect: { poll: { timeout: 20_000 } },
    // No test file changes modules that another one imports, so each process needs to import the source only once.
    isolate: false,
    // More processes than cores, because most tests wait for sockets and child processes.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    setupFiles: ['test/support/property-seed.ts'],
    projects: [
      // npm test
      project('fast', 'test/**/*.test.ts', ['test/**/*.{slow,long}.test.ts']),
      // npm run test:all runs these and the fast ones.
      project('slow', 'test/**/*.slow.test.ts'),
      // npm run test:long
      project('long', 'test/**/*.long.test.ts'),
    ],
    coverage: {
      provider: 'v8',
      include: ['src/rules/**/*.ts', 'src/filter/**/*.ts'],
      reporter: ['text'],
      thresholds: {
        // People change their rules because of the evaluator's result, so every line of it must be tested.
        'src/rules/**': { lines: 100, branches: 100, functions: 100 },
        // Patterns take texts apart, with a default for each part that they always have: no text reaches those branches.
        'src/filter/**': { lines: 99, branches: 91, functions: 98 },
      },
    },
  },
})

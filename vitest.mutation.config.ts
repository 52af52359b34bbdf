import { defineConfig } from 'vitest/config'

/** Mutants of the evaluator are told by the evaluator's own tests. */
export default defineConfig({ test: { include: ['test/rules/**/*.test.ts'], testTimeout: 30_000 } })

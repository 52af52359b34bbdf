import { defineConfig } from 'vitest/config'

/** Mutation testing changes the evaluator, so only the evaluator's tests run. */
export default defineConfig({ test: { include: ['test/rules/**/*.test.ts'], testTimeout: 30_000 } })

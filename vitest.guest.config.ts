import { defineConfig } from 'vitest/config'
import { shellTexts } from './test/support/shell-texts.ts'

/** Faults on a real backend in network namespaces. These tests need root and Debian's packages, and fail without them. */
export default defineConfig({
  plugins: [shellTexts()],
  test: {
    include: ['test/guest-live/**/*.guest.ts'],
    disableConsoleIntercept: true,
    // Beside the faults, those that show that the script only reads.
    maxWorkers: 2,
    // Most of a fault's time is spent in waiting for time-outs.
    maxConcurrency: 8,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})

import { defineConfig } from 'vitest/config'

/** Needs root, nftables and network namespaces; says so and skips where it has them not. */
export default defineConfig({
  test: { include: ['test/kernel/**/*.kernel.ts'], disableConsoleIntercept: true },
})

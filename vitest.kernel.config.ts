import { defineConfig } from 'vitest/config'

/** These tests need root, nftables and network namespaces. Without them they say so and are skipped. */
export default defineConfig({
  test: { include: ['test/kernel/**/*.kernel.ts'], disableConsoleIntercept: true },
})

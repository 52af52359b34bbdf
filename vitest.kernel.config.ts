import { defineConfig } from 'vitest/config'
import { shellTexts } from './test/support/shell-texts.ts'

/** These tests need root, nftables and network namespaces. Without them they say so and are skipped. */
export default defineConfig({
  plugins: [shellTexts()],
  test: { include: ['test/kernel/**/*.kernel.ts'], disableConsoleIntercept: true },
})

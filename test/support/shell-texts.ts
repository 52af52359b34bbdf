import { readFileSync } from 'node:fs'
import type { Plugin } from 'vitest/config'

/** Vitest imports a shell script as text, as esbuild's loader `text` does for the bundles. */
export const shellTexts = (): Plugin => ({
  name: 'shell-texts',
  enforce: 'pre',
  load: (id) => (id.endsWith('.sh') ? `export default ${JSON.stringify(readFileSync(id, 'utf8'))}` : null),
})

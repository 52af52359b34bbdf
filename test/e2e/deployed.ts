import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
/** What the platform loads. */
export const bundle = fileURLToPath(new URL('../../dist/handler.js', import.meta.url))

/** Another instance of the deployed function, as the platform starts one: its bundle is loaded anew. */
export function freshHandler(): (event: unknown, context: unknown) => Promise<unknown> {
  delete require.cache[bundle]
  return (require(bundle) as { main_handler: ReturnType<typeof freshHandler> }).main_handler
}

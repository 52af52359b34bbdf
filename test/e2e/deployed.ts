import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'

const require = createRequire(import.meta.url)
/** What the platform loads. */
export const bundle = fileURLToPath(new URL('../../dist/handler.js', import.meta.url))

/** Another instance of the deployed function, as the platform starts one: its bundle is loaded anew. */
function freshHandler(path: string): (event: unknown, context: unknown) => Promise<unknown> {
  delete require.cache[path]
  return (require(path) as { main_handler: ReturnType<typeof freshHandler> }).main_handler
}

/** Handles an event. `context`: what the platform says beside the usual. */
export type Instance = (event: unknown, context?: object) => Promise<unknown>

/** Another instance of the function. The variables stay until `vi.unstubAllEnvs()`. */
export function startedWith(env: Readonly<Record<string, string>>, path = bundle): Instance {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  const handler = freshHandler(path)
  return (event, context = {}) => handler(event, { request_id: 'r', time_limit_in_ms: 60_000, ...context })
}

/** The code of the function in a folder of its own, with `clb-doctor.json` beside it. Returns what the platform loads. */
export function deployedWith(file: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'deployed-'))
  cpSync(dirname(bundle), folder, { recursive: true, filter: (path) => !/main\.|\.map$/.test(path) })
  writeFileSync(join(folder, 'clb-doctor.json'), JSON.stringify(file))
  return join(folder, 'handler.js')
}

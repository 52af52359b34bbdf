import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire, wrap } from 'node:module'
import { join } from 'node:path'
import { Script } from 'node:vm'
import type * as Handler from './handler.ts'

// dist/handler.js, which the platform loads: runs dist/handler.cjs with the V8 code cache that the build made for it.
// V8 refuses the cache of another version or of other flags by itself, but of the source it compares the length alone.
// So the name of the cache holds the SHA-256 of the source. Without a cache the function works and starts slower.
const file = join(__dirname, 'handler.cjs')
const source = readFileSync(file)
const cachedData = cacheOf(source)
const script = new Script(wrap(source.toString()), { filename: file, ...(cachedData ? { cachedData } : {}) })

const handler: { readonly exports: Partial<typeof Handler> } = { exports: {} }
script.runInThisContext()(handler.exports, createRequire(file), handler, file, __dirname)
const { main_handler, loadedWith } = handler.exports
loadedWith?.(cachedData === null ? 'missing' : script.cachedDataRejected ? 'refused' : 'taken')

export { main_handler }

function cacheOf(source: Buffer): Buffer | null {
  try {
    return readFileSync(join(__dirname, `handler.${createHash('sha256').update(source).digest('hex')}.cache`))
  } catch {
    return null
  }
}

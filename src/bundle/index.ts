import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire, wrap } from 'node:module'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'

// bundle/ runs a bundle of the build with the V8 code cache beside it.
// The files that start a process (cli/load.ts, function/load.ts) call it.
// It may not know what a bundle does.

/** Defined by the build: the major version of its V8, and the flags of that V8 that it made the caches with. */
declare const BUILT_FOR: { readonly v8: string; readonly flags: readonly string[] }

export interface RunningBundle {
  readonly exports: object
  readonly codeCache: 'taken' | 'refused' | 'missing'
}

/**
 * Runs `<folder>/<name>.cjs`, with the cache that `scripts/make-code-cache.cjs` wrote. V8 refuses the cache of another
 * version or of other flags by itself, but of the source it compares the length alone. So the name of the cache holds
 * the SHA-256 of the source. Without a cache the bundle works and starts slower. The build writes ASCII, which is read
 * without decoding.
 */
export function runBundle(folder: string, name: string): RunningBundle {
  // Another V8 refuses the cache anyway, and complains about flags that it does not know.
  if (process.versions.v8.startsWith(`${BUILT_FOR.v8}.`))
    for (const flag of BUILT_FOR.flags) setFlagsFromString(flag)
  const filename = join(folder, `${name}.cjs`)
  const source = readFileSync(filename)
  const cachedData = cacheOf(join(folder, name), source)
  const script = new Script(wrapped(source), { filename, ...(cachedData ? { cachedData } : {}) })
  const module: { readonly exports: object } = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(filename), module, filename, folder)
  const codeCache = cachedData === null ? 'missing' : script.cachedDataRejected ? 'refused' : 'taken'
  return { exports: module.exports, codeCache }
}

/** The text of `wrap(source)`. `wrap` itself would copy the source once more inside V8. */
function wrapped(source: Buffer): string {
  const [head = '', tail = ''] = wrap('source').split('source')
  return Buffer.concat([Buffer.from(head), source, Buffer.from(tail)]).toString('latin1')
}

function cacheOf(path: string, source: Buffer): Buffer | null {
  try {
    return readFileSync(`${path}.${createHash('sha256').update(source).digest('hex')}.cache`)
  } catch {
    return null
  }
}

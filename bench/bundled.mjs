// Bundles TypeScript modules of the repository into one file and loads it, so that benches measure bundled code.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

/**
 * Returns all exports of these files. The paths are relative to the root of the repository. Nothing checks the types of a
 * bench, so a name that no file exports ends it.
 */
export async function bundled(files) {
  const folder = mkdtempSync(join(tmpdir(), 'clb-doctor-bench-'))
  const from = (file) => JSON.stringify(fileURLToPath(new URL(`../${file}`, import.meta.url)))
  try {
    buildSync({
      stdin: { contents: files.map((file) => `export * from ${from(file)}`).join('\n'), resolveDir: '.' },
      bundle: true,
      loader: { '.sh': 'text' },
      platform: 'node',
      format: 'cjs',
      outfile: join(folder, 'bundle.cjs'),
    })
    const exports = (await import(join(folder, 'bundle.cjs'))).default
    return new Proxy(exports, {
      get(target, name) {
        // A module that is awaited is asked for `then`.
        if (name in target || name === 'then') return target[name]
        throw new Error(`${files.join(', ')}: there is no export ${String(name)}`)
      },
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

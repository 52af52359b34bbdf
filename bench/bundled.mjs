// TypeScript modules as they ship, bundled to one and loaded.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

/** Everything that these files of the repository export. */
export async function bundled(files) {
  const folder = mkdtempSync(join(tmpdir(), 'clb-doctor-bench-'))
  const from = (file) => JSON.stringify(fileURLToPath(new URL(`../${file}`, import.meta.url)))
  try {
    buildSync({
      stdin: { contents: files.map((file) => `export * from ${from(file)}`).join('\n'), resolveDir: '.' },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: join(folder, 'bundle.cjs'),
    })
    return (await import(join(folder, 'bundle.cjs'))).default
  } finally {
    rmSync(folder, { recursive: true })
  }
}

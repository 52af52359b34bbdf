// Compares the output of two versions of the code for the same CLBs, byte by byte:
//   npm run same-bytes -- <commit> [number of random CLBs, default 200]
// Checks out <commit> in a temporary worktree. Both versions diagnose every scenario and the same random CLBs with a
// fixed clock. Then it compares the JSON and every rendering. The exit status is 1 if anything differs.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

const ENTRY = 'test/same-bytes/reports.ts'
const MOST_SHOWN = 5

const [commit, count = '200'] = process.argv.slice(2)
if (!commit || !/^\d+$/.test(count)) {
  console.error('same-bytes: name a commit, e.g. npm run same-bytes -- HEAD~1')
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'same-bytes-'))
const before = join(folder, 'before')
try {
  const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim()
  git('worktree', 'add', '--detach', '--quiet', before, commit)
  symlinkSync(resolve('node_modules'), join(before, 'node_modules'))
  const [old, now] = await Promise.all([reportsOf(before, 'before'), reportsOf('.', 'after')])
  process.exitCode = compare(old, now)
} finally {
  execFileSync('git', ['worktree', 'remove', '--force', before])
  rmSync(folder, { recursive: true, force: true })
}

/** Runs one version in a separate process. Returns its renderings by name. */
async function reportsOf(root, name) {
  const bundle = join(folder, `${name}.cjs`)
  const output = join(folder, `${name}.json`)
  // Some test helpers import vitest, which works only under its own runner. So the bundle gets a stub.
  const stub = join(folder, 'vitest.js')
  writeFileSync(stub, 'export const expect = () => { throw new Error("not under vitest") }\n')
  await build({
    absWorkingDir: resolve(root),
    entryPoints: [ENTRY],
    outfile: bundle,
    bundle: true,
    loader: { '.sh': 'text' },
    platform: 'node',
    format: 'cjs',
    alias: { vitest: stub },
    logLevel: 'error',
  })
  execFileSync(process.execPath, [bundle, output, count], { stdio: ['ignore', 'inherit', 'inherit'] })
  return JSON.parse(readFileSync(output, 'utf8'))
}

function compare(old, now) {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])]
  const different = names.filter((name) => old[name] !== now[name])
  for (const name of different.slice(0, MOST_SHOWN)) console.log(difference(name, old[name], now[name]))
  const seen = names.length
  console.log(
    different.length === 0
      ? `same-bytes: ${seen} renderings are the same as at ${commit}`
      : `same-bytes: ${different.length} of ${seen} renderings differ from ${commit}`,
  )
  return different.length === 0 ? 0 : 1
}

/** Shows the first line that differs, in both versions. */
function difference(name, old, now) {
  if (old === undefined || now === undefined) return `${name}: only ${old === undefined ? 'after' : 'before'}`
  const [a, b] = [old.split('\n'), now.split('\n')]
  const line = a.findIndex((text, i) => text !== b[i])
  const at = line < 0 ? a.length : line
  return `${name}, line ${at + 1}\n  before: ${around(a[at], b[at])}\n  after:  ${around(b[at], a[at])}`
}

function around(text = '(no such line)', other = '') {
  const first = [...text].findIndex((letter, i) => letter !== other[i])
  return first < 80 ? text.slice(0, 240) : `… ${text.slice(first - 60, first + 180)}`
}

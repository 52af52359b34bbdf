// Measures what the diagnosis of a snapshot costs, and compares it with the code of an older commit. Each run is a fresh
// process with the V8 flags of its version. The figures are CPU time, the best of several runs: a disturbance can only
// make a run slower.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { V8_FLAGS } from '../scripts/v8-flags.mjs'
import { besideThePoint, manySets, underOneAcl } from './snapshots.mjs'

const BASE = 'baf52a3'
const SEED = Number(process.env.BENCH_SEED ?? 20261124)
const ROUNDS = 3
// The first number of each pair is the goal. CI machines differ, so only the second one makes the bench fail.
const [FASTER, LEAST_FASTER] = [2.5, 1.4]
const [LINEAR, MOST_GROWTH] = [1.3, 1.8]
const [ALIKE, MOST_ALIKE] = [1.3, 2.5]

const root = fileURLToPath(new URL('..', import.meta.url))
const once = fileURLToPath(new URL('diagnose-once.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'clb-doctor-bench-'))
try {
  const now = { file: bundle(root, 'now'), flags: V8_FLAGS }
  const before = older()
  const goal = (isMet) => (isMet ? 'met' : 'MISSED')
  console.log(`seed ${SEED}; CPU of a cold diagnosis, best of ${ROUNDS}`)

  const sets = snapshot('sets', manySets(SEED))
  const [own, old] = measure([now, before], sets)
  console.log(`1,000 targets over 20 sets of groups            ${own.toFixed(0)} ms`)
  if (old === null) console.log(`${BASE} is not in this clone's history: growth alone is compared`)
  else {
    const faster = old / own
    console.log(
      `  at ${BASE} ${old.toFixed(0)} ms: ${faster.toFixed(1)} × as fast (goal ${FASTER}: ${goal(faster >= FASTER)})`,
    )
    check(faster >= LEAST_FASTER, `${faster.toFixed(1)} × as fast as ${BASE}, ${LEAST_FASTER} at least`)
  }

  const [few, many] = [5000, 20_000]
  const [small] = measure([now], snapshot('few', underOneAcl(few)))
  const [large] = measure([now], snapshot('many', underOneAcl(many)))
  const growth = large / small / (many / few)
  console.log(
    `targets under one triple ACL: 5,000 ${small.toFixed(0)} ms, 20,000 ${large.toFixed(0)} ms; ${growth.toFixed(2)} × linear (goal ${LINEAR}: ${goal(growth <= LINEAR)})`,
  )
  check(
    growth <= MOST_GROWTH,
    `targets under one ACL cost ${growth.toFixed(2)} × linear, ${MOST_GROWTH} at most`,
  )

  const [six] = measure([now], snapshot('six', besideThePoint(1000, 6)))
  const [four] = measure([now], snapshot('four', besideThePoint(1000, 4)))
  console.log(
    `5 × 1,000 rules beside an IPv4 probe: IPv6 ${six.toFixed(0)} ms, IPv4 ${four.toFixed(0)} ms (goal ${ALIKE} ×: ${goal(six <= ALIKE * four)})`,
  )
  check(
    six <= MOST_ALIKE * four,
    `IPv6 rules cost ${(six / four).toFixed(1)} × IPv4 ones, ${MOST_ALIKE} at most`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Bundles the older code. Null if the clone does not have that commit. */
function older() {
  const tree = join(folder, 'older')
  mkdirSync(tree)
  try {
    const archive = execFileSync('git', ['archive', BASE, 'src'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 2 ** 28,
    })
    execFileSync('tar', ['-x', '-C', tree], { input: archive })
  } catch {
    return null
  }
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
  return { file: bundle(tree, 'before'), flags: [] }
}

function bundle(from, name) {
  const outfile = join(folder, `${name}.cjs`)
  const rooms = ['path', 'checks', 'diagnosis'].map((room) => join(from, 'src', room, 'index.ts'))
  buildSync({
    stdin: {
      contents: rooms.map((file) => `export * from ${JSON.stringify(file)}`).join('\n'),
      resolveDir: from,
    },
    bundle: true,
    loader: { '.sh': 'text' },
    platform: 'node',
    format: 'cjs',
    outfile,
  })
  return outfile
}

function snapshot(name, value) {
  const file = join(folder, `${name}.json`)
  writeFileSync(file, JSON.stringify(value))
  return file
}

/** The CPU time of each bundle in ms. Runs the bundles in turn, so that a disturbance affects all of them. */
function measure(bundles, file) {
  const runs = Array.from({ length: ROUNDS }, () =>
    bundles.map((own) =>
      own === null
        ? null
        : JSON.parse(
            execFileSync(process.execPath, [...own.flags, once, own.file, file], { encoding: 'utf8' }),
          ).whole,
    ),
  )
  return bundles.map((own, i) => (own === null ? null : Math.min(...runs.map((run) => run[i]))))
}

function check(isGood, failure) {
  if (isGood) return
  console.error(`bench: ${failure}`)
  process.exitCode = 1
}

// How long loading the function takes, against an empty Node start: both in this run, alternating, the best of 20. What
// disturbs a start can only make it slower, and the longer of the two is disturbed more.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROUNDS = 20
const LIMIT = 2
const handler = fileURLToPath(new URL('../dist/handler.cjs', import.meta.url))

function startMs(code) {
  const before = process.hrtime.bigint()
  const { status, stderr } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return Number(process.hrtime.bigint() - before) / 1e6
}

const empty = []
const loaded = []
for (let i = 0; i < ROUNDS + 2; i++) {
  const pair = [startMs(''), startMs(`require(${JSON.stringify(handler)})`)]
  // The first two rounds warm the disk cache.
  if (i < 2) continue
  empty.push(pair[0])
  loaded.push(pair[1])
}
const [a, b] = [Math.min(...empty), Math.min(...loaded)]
console.log(`empty Node start      ${a.toFixed(1)} ms (best of ${ROUNDS})`)
console.log(`dist/handler.cjs      ${b.toFixed(1)} ms`)
console.log(`ratio                 ${(b / a).toFixed(2)}  (must be under ${LIMIT})`)
if (b / a >= LIMIT) process.exitCode = 1

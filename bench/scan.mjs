// Scans a large simulated account with the rate limits of the platform. Compares the time with the shortest time that
// the rate limits allow, and checks that memory does not grow. Run with --expose-gc.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { bundled } from './bundled.mjs'

const CLBS = Number(process.env.BENCH_CLBS ?? 1000)
const [LISTENERS, TARGETS, LATENCY_MS, RATE] = [4, 5, 30, 20]
const GOAL = 1.3
// CI machines differ, so the bench fails only far beyond the goal.
const FAIL = 1.6
const MOST_GROWTH_MB = 24

const { scan, createContext, loadConfig } = await bundled([
  'src/app/scan.ts',
  'src/app/create.ts',
  'src/app/config.ts',
])
const world = fork(
  fileURLToPath(new URL('scan-world.mjs', import.meta.url)),
  [CLBS, LISTENERS, TARGETS, LATENCY_MS, RATE].map(String),
)
const [{ origin, credentials }] = await once(world, 'message')

const silent = { info() {}, warn() {}, error: (message, fields) => console.error(message, fields) }
const config = loadConfig({
  TENCENTCLOUD_SECRETID: credentials.secretId,
  TENCENTCLOUD_SECRETKEY: credentials.secretKey,
  TENCENTCLOUD_REGION: 'ap-guangzhou',
  CLB_DOCTOR_API_ORIGIN: origin,
  CLB_DOCTOR_API_RATE: String(RATE),
  CLB_DOCTOR_LANG: 'en',
})
const context = createContext(config, silent)

const memory = []
const measure = (examined) => {
  globalThis.gc()
  const { heapUsed, rss } = process.memoryUsage()
  memory.push({ examined, heap: heapUsed / 2 ** 20, rss: rss / 2 ** 20 })
}
const marks = new Set([100, Math.round(CLBS / 2), CLBS])
const started = performance.now()
const { scan: result, lookupFailure } = await scan(
  { regions: ['ap-guangzhou'], source: 'cli' },
  context,
  new AbortController().signal,
  ({ examined }) => {
    if (marks.delete(examined)) measure(examined)
  },
)
const seconds = (performance.now() - started) / 1000
world.send('calls')
const [{ calls, refused, cpuSeconds }] = await once(world, 'message')
context.close()
world.send('stop')
if (lookupFailure) throw new Error(JSON.stringify(lookupFailure))

console.log(
  `${CLBS} CLBs × ${LISTENERS} listeners × ${TARGETS} targets; ${RATE} requests/s and action, ${LATENCY_MS} ms`,
)
console.log(`${result.headline}\n`)
for (const [action, count] of Object.entries(calls).sort((a, b) => b[1] - a[1]))
  console.log(`  ${action.padEnd(52)}${String(count).padStart(6)}`)
console.log(`  ${'refused because of the rate limit, then retried'.padEnd(52)}${String(refused).padStart(6)}`)

// The shortest time for the calls that take one CLB each: RATE calls at once, then RATE more each second.
const dictated = Math.ceil(CLBS / RATE) - 1 + LATENCY_MS / 1000
const ratio = seconds / dictated
console.log(
  `\nthe rate limits alone     ${dictated.toFixed(1)} s (DescribeListeners and DescribeTargets, one call per CLB)`,
)
console.log(
  `the scan                  ${seconds.toFixed(1)} s (the simulator used ${cpuSeconds.toFixed(1)} s of CPU)`,
)
console.log(
  `ratio                     ${ratio.toFixed(2)}  (goal ${GOAL}: ${ratio <= GOAL ? 'met' : 'MISSED'})`,
)
for (const { examined, heap, rss } of memory)
  console.log(
    `memory after ${String(examined).padStart(5)} CLBs   ${heap.toFixed(1)} MB of heap, ${rss.toFixed(0)} MB in all`,
  )
const growth = memory.at(-1).heap - memory[0].heap
console.log(
  `growth after the first 100: ${growth.toFixed(1)} MB of heap, rows included (goal: flat, ${growth <= MOST_GROWTH_MB / 2 ? 'met' : 'MISSED'})`,
)
if (result.counts.examined !== CLBS) fail(`${result.counts.examined} of ${CLBS} CLBs were examined`)
if (ratio > FAIL) fail(`${ratio.toFixed(2)} × the time that the rate limits dictate, ${FAIL} at most`)
if (growth > MOST_GROWTH_MB) fail(`${growth.toFixed(1)} MB of heap more, ${MOST_GROWTH_MB} at most`)

function fail(reason) {
  console.error(`bench: ${reason}`)
  process.exitCode = 1
}

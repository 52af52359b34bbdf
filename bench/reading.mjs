// Measures one diagnosis of a large CLB, compared with the simple script of one-by-one.mjs. Both talk over real sockets
// to the same simulated cloud.
import { bundled } from './bundled.mjs'
import { connectTo, readOneByOne } from './one-by-one.mjs'

/** A third of the API's real latency, because the script waits for a thousand answers one after the other. */
const LATENCY_MS = 10
const GOALS = { faster: 20, fewer: 10 }
/** The script mostly waits, so a busy machine slows only the short runs. Speed fails only far below its goal. */
const WIDE = 4
const RUNS = 3

const { createContext, diagnose, largeWorld, loadConfig, silentLog, startSimulator } = await bundled([
  'src/app/diagnose.ts',
  'src/app/config.ts',
  'src/app/create.ts',
  'src/model/log.ts',
  'src/simulator/server.ts',
  'test/support/large.ts',
])
const large = largeWorld()
// No rate limit: at 20 calls a second and action the script would wait for the limit, and not for answers.
const simulator = await startSimulator(large.world, { latencyMs: LATENCY_MS, requestsPerSecond: 1_000_000 })

console.log(
  `one CLB: 50 listeners, 1,000 targets, 20 security groups, 10 subnets, 2 ACLs; every answer after ${LATENCY_MS} ms`,
)
console.log(
  'the cloud has no rate limit, which favours the script; clb-doctor keeps its default rates: 15 a second per action, 75 for the rules of groups\n',
)

const config = loadConfig({
  TENCENTCLOUD_SECRETID: simulator.credentials.secretId,
  TENCENTCLOUD_SECRETKEY: simulator.credentials.secretKey,
  TENCENTCLOUD_REGION: large.world.region,
  CLB_DOCTOR_API_ORIGIN: simulator.origin,
})
const clb = { loadBalancerId: large.loadBalancerId, vip: null, vpcId: null, numericVpcId: null }
const runs = []
for (let i = 0; i < RUNS; i++) runs.push(await diagnoseOnce())
const [first] = runs
const best = runs.reduce((a, b) => (b.seconds < a.seconds ? b : a))

simulator.calls.reset()
const connection = connectTo(simulator, large.world.region)
const [read, script] = await timed(() => readOneByOne(connection, large.loadBalancerId))
connection.close()
if (read.machines !== 1000 || read.groups !== 20) throw new Error(`the script read ${JSON.stringify(read)}`)
const theirs = { ...script, calls: simulator.calls.total(), waves: simulator.calls.waves() }
await simulator.close()

console.log(`  ${''.padEnd(44)}${'calls'.padStart(8)}${'waves'.padStart(8)}${'seconds'.padStart(10)}`)
print('clb-doctor, first run of the process', first)
print(`clb-doctor, best of ${RUNS} runs`, best)
print('one call per target and group, in sequence', theirs)
const fewer = theirs.calls / first.calls
const faster = theirs.seconds / best.seconds
const verdict = (value, goal) => `goal ${goal}: ${value >= goal ? 'met' : 'missed'}`
console.log(
  `\n  ${faster.toFixed(1)} × as fast (${verdict(faster, GOALS.faster)}), ${(theirs.seconds / first.seconds).toFixed(1)} × at first`,
)
console.log(`  ${fewer.toFixed(1)} × fewer calls (${verdict(fewer, GOALS.fewer)})`)
if (faster < GOALS.faster / WIDE || fewer < GOALS.fewer) {
  console.error('bench: reading misses its goal by far')
  process.exitCode = 1
}

/** One complete diagnosis, with a new rate limiter and new connections. */
async function diagnoseOnce() {
  simulator.calls.reset()
  const context = createContext(config, silentLog)
  const question = { clb, region: null, trigger: { source: 'cli', alarm: null } }
  const [{ diagnosis }, { seconds }] = await timed(() =>
    diagnose(question, context, AbortSignal.timeout(60_000)),
  )
  context.close()
  const causes = diagnosis.findings.filter(({ role }) => role === 'cause')
  if (!causes.some(({ resources }) => resources.some(({ id }) => id === large.blocking)))
    throw new Error(`clb-doctor did not name ${large.blocking}`)
  const { apiCalls, waves } = diagnosis.stats
  if (apiCalls !== simulator.calls.total())
    throw new Error('stats.apiCalls differs from the number of calls that the cloud counted')
  return { seconds, calls: apiCalls, waves }
}

function print(what, { calls, waves, seconds }) {
  console.log(
    `  ${what.padEnd(44)}${String(calls).padStart(8)}${String(waves).padStart(8)}${seconds.toFixed(2).padStart(10)}`,
  )
}

async function timed(work) {
  const before = process.hrtime.bigint()
  const result = await work()
  return [result, { seconds: Number(process.hrtime.bigint() - before) / 1e9 }]
}

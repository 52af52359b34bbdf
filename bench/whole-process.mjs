// Compares the whole process of `clb-doctor diagnose` with the script of a good engineer (good-script.mjs), from the
// start of Node to its end. Both take turns in a clean environment and talk to the same simulated cloud.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { bundled } from './bundled.mjs'
import { median } from './median.mjs'

const LATENCY_MS = 30
const ROUNDS = 11
/**
 * The bench fails if a figure is more than so many times its goal. A busy machine affects the elapsed time more than the
 * CPU time.
 */
const WIDE = { slower: 1.5, cpu: 1.6 }
const SIZES = [
  { listeners: 50, targets: 1000, goals: { slower: 1, cpu: 1.5 } },
  { listeners: 1, targets: 4, goals: { slower: 1, cpu: Number.POSITIVE_INFINITY } },
]

const { largeWorld, startSimulator } = await bundled(['src/simulator/server.ts', 'test/support/large.ts'])
const folder = mkdtempSync(join(tmpdir(), 'clb-doctor-bench-'))
try {
  const [script, meter] = [join(folder, 'good-script.mjs'), join(folder, 'meter.cjs')]
  buildSync({
    entryPoints: [fileURLToPath(new URL('good-script.mjs', import.meta.url))],
    bundle: true,
    loader: { '.sh': 'text' },
    minify: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
  })
  writeFileSync(
    meter,
    "process.on('exit', () => { const { user, system } = process.cpuUsage(); require('fs').writeSync(3, String(user + system)) })",
  )
  console.log(`whole processes, median of ${ROUNDS}; every answer of the cloud after ${LATENCY_MS} ms`)
  for (const size of SIZES) await compare(size, { script, meter })
} finally {
  rmSync(folder, { recursive: true })
}

async function compare({ listeners, targets, goals }, { script, meter }) {
  const large = largeWorld({ listeners, targets })
  const simulator = await startSimulator(large.world, { latencyMs: LATENCY_MS, requestsPerSecond: 1_000_000 })
  const env = {
    PATH: process.env.PATH,
    TENCENTCLOUD_SECRETID: simulator.credentials.secretId,
    TENCENTCLOUD_SECRETKEY: simulator.credentials.secretKey,
    TENCENTCLOUD_REGION: large.world.region,
    CLB_DOCTOR_API_ORIGIN: simulator.origin,
    CLB_DOCTOR_LANG: 'en',
  }
  const cli = fileURLToPath(new URL('../dist/cli.cjs', import.meta.url))
  const commands = {
    'clb-doctor diagnose': [cli, 'diagnose', large.loadBalancerId],
    'the script': [script, large.loadBalancerId],
  }
  const runs = { 'clb-doctor diagnose': [], 'the script': [] }
  try {
    // The first round warms the disk cache.
    for (let round = -1; round < ROUNDS; round++)
      for (const [name, args] of Object.entries(commands)) {
        const run = await measure(['--require', meter, ...args], env)
        if (!run.output.includes(large.blocking))
          throw new Error(
            `${name} did not name ${large.blocking}:\n${run.output.slice(0, 2000)}${run.errors.slice(-2000)}`,
          )
        if (round >= 0) runs[name].push(run)
      }
  } finally {
    await simulator.close()
  }
  const [own, theirs] = Object.values(runs)
  const ratio = (field) => median(own.map((run, round) => run[field] / theirs[round][field]))
  const [slower, cpu] = [ratio('ms'), ratio('cpuMs')]
  console.log(`\n${listeners} × ${targets / listeners} targets`)
  for (const [name, measured] of Object.entries(runs))
    console.log(`  ${name.padEnd(22)}${inMs(measured, 'ms')} on the clock ${inMs(measured, 'cpuMs')} of CPU`)
  console.log(
    `  ${slower.toFixed(2)} × its time (goal ${goals.slower}: ${slower <= goals.slower ? 'met' : 'missed'})`,
  )
  const cpuGoal = Number.isFinite(goals.cpu)
    ? ` (goal ${goals.cpu}: ${cpu <= goals.cpu ? 'met' : 'missed'})`
    : ''
  console.log(`  ${cpu.toFixed(2)} × its CPU${cpuGoal}`)
  if (slower > goals.slower * WIDE.slower || cpu > goals.cpu * WIDE.cpu) {
    console.error('bench: the whole process misses its goal by far')
    process.exitCode = 1
  }
}

/** Runs Node once. Returns its output, its elapsed time and its own CPU time, both in ms. */
async function measure(args, env) {
  const started = process.hrtime.bigint()
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  const [output, errors, cpu] = [1, 2, 3].map((fd) => {
    const parts = []
    child.stdio[fd].on('data', (part) => parts.push(part))
    return () => Buffer.concat(parts).toString()
  })
  await once(child, 'close')
  return {
    output: output(),
    errors: errors(),
    ms: Number(process.hrtime.bigint() - started) / 1e6,
    cpuMs: Number(cpu()) / 1000,
  }
}

function inMs(runs, field) {
  return `${median(runs.map((run) => run[field]))
    .toFixed(0)
    .padStart(6)} ms`
}

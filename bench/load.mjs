// Measures what loading the function costs: the CPU time (user and system) of a process that loads dist/handler.js,
// compared with an empty Node process, in a clean environment. Other processes also handle a first alarm: they show if a
// cost has only moved from loading to handling. All cases take turns, and the median counts.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { setStage } from '../scripts/first-alarm.mjs'
import { median } from './median.mjs'

const ROUNDS = 21
const GOAL = 2
const LIMIT = 2.75

const stage = await setStage()
const file = (path) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)))
const alarm = (path) =>
  `require(${file(path)}).main_handler(${JSON.stringify(stage.alarm)}, {}).then(() => process.exit())`
const CASES = {
  'empty Node': '',
  'loads the function': `require(${file('../dist/handler.js')})`,
  'loads it without the code cache': `require(${file('../dist/handler.cjs')})`,
  'loads it and handles an alarm': alarm('../dist/handler.js'),
  'the same without the code cache': alarm('../dist/handler.cjs'),
}

let ratio = await loadRatio()
// A busy machine slows the longer of two starts more, so only a second miss is a failure.
if (ratio >= LIMIT) ratio = Math.min(ratio, await loadRatio())
await stage.close()
console.log(
  `\nload ratio ${ratio.toFixed(2)} (goal under ${GOAL}: ${ratio < GOAL ? 'met' : 'missed'}; ${LIMIT} or more fails)`,
)
if (ratio >= LIMIT) process.exitCode = 1

/** In each round: CPU time to load the function, divided by the CPU time of the empty Node. Returns the median. */
async function loadRatio() {
  const measured = Object.fromEntries(Object.keys(CASES).map((name) => [name, []]))
  for (let round = -1; round < ROUNDS; round++)
    for (const [name, code] of Object.entries(CASES)) {
      const ms = await cpuMs(code)
      // The first round warms the disk cache.
      if (round >= 0) measured[name].push(ms)
    }
  const empty = measured['empty Node']
  const ratioOf = (values) => median(values.map((ms, round) => ms / empty[round]))
  console.log(`CPU time of a process, median of ${ROUNDS}, in a clean environment`)
  for (const [name, values] of Object.entries(measured)) {
    const ms = median(values).toFixed(1).padStart(7)
    console.log(`  ${name.padEnd(34)} ${ms} ms  ${ratioOf(values).toFixed(2)}×`)
  }
  return ratioOf(measured['loads the function'])
}

async function cpuMs(code) {
  const told = `process.on('exit', () => { const { user, system } = process.cpuUsage(); console.log(user + system) });`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', told + code], { env: stage.env })
  return Number(stdout.trim().split('\n').at(-1)) / 1000
}

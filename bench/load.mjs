// What loading the function costs: the CPU time (user and system) of a process that loads dist/handler.js, against one of
// an empty Node, in a clean environment. Then a process that also handles its first alarm, so that a cost that is only
// moved shows. All of them interleaved in this run; the median counts.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { setStage } from '../scripts/first-alarm.mjs'

const ROUNDS = 21
const GOAL = 2
const LIMIT = 2.3

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

const measured = Object.fromEntries(Object.keys(CASES).map((name) => [name, []]))
for (let round = -1; round < ROUNDS; round++)
  for (const [name, code] of Object.entries(CASES)) {
    const ms = await cpuMs(code)
    // The first round warms the disk cache.
    if (round >= 0) measured[name].push(ms)
  }
await stage.close()

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
const empty = median(measured['empty Node'])
console.log(`CPU time of a process, median of ${ROUNDS}, in a clean environment`)
for (const [name, values] of Object.entries(measured))
  console.log(
    `  ${name.padEnd(34)} ${median(values).toFixed(1).padStart(7)} ms  ${(median(values) / empty).toFixed(2)}×`,
  )
const ratio = median(measured['loads the function']) / empty
console.log(
  `\nload ratio ${ratio.toFixed(2)} (goal under ${GOAL}: ${ratio < GOAL ? 'met' : 'missed'}; ${LIMIT} or more fails)`,
)
if (ratio >= LIMIT) process.exitCode = 1

async function cpuMs(code) {
  const told = `process.on('exit', () => { const { user, system } = process.cpuUsage(); console.log(user + system) });`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', told + code], { env: stage.env })
  return Number(stdout.trim().split('\n').at(-1)) / 1000
}

// node diagnose-once.mjs <bundle> <snapshot>: makes one diagnosis in a fresh process and prints its CPU time in ms.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const [bundle, file] = process.argv.slice(2)
const { evaluatePaths, runChecks, buildDiagnosis } = (await import(bundle)).default
const snapshot = JSON.parse(readFileSync(file, 'utf8'))

const began = process.cpuUsage()
const paths = evaluatePaths(snapshot)
const evaluated = process.cpuUsage()
const run = runChecks(paths)
const checked = process.cpuUsage()
const diagnosis = buildDiagnosis(paths, run, {
  id: 'dx-0000000000000000',
  createdAt: '2026-11-20T00:00:01.000Z',
  language: 'en',
  trigger: { source: 'cli', alarm: null },
  stats: { ...snapshot.cost, durationMs: 0 },
  expected: [],
})
const built = process.cpuUsage()

// CPU time, because on a shared machine the elapsed time depends on other processes.
const ms = (from, to) => (to.user - from.user + to.system - from.system) / 1000
const digest = createHash('sha256').update(JSON.stringify(diagnosis)).digest('hex')
console.log(
  JSON.stringify({
    whole: ms(began, built),
    parts: [ms(began, evaluated), ms(evaluated, checked), ms(checked, built)],
    digest,
  }),
)

// Measures rendering: one layer-7 listener with a finding for each rule, in every format. Goals: four times the findings
// take about four times as long, and 4,000 findings take less than half a second.
import { bundled } from './bundled.mjs'

const COUNTS = [1000, 2000, 4000]
const GOAL_MS = 500
const MOST_GROWTH = 8
const RUNS = 9

const { manyFindings, renderText, renderMarkdown, renderHtml, renderMail, renderWecom } = await bundled([
  'test/support/many-findings.ts',
  'test/support/renderings.ts',
])
const PRINTERS = {
  text: (one) => renderText(one, { color: false, width: 100 }),
  markdown: renderMarkdown,
  html: renderHtml,
  mail: renderMail,
  wecom: renderWecom,
}

console.log(`rendering ${COUNTS.join(', ')} rules of one listener with a finding each: CPU, best of ${RUNS}`)
for (const [name, render] of Object.entries(PRINTERS)) {
  const took = COUNTS.map((count) => bestOf(manyFindings(count), render))
  const growth = took.at(-1) / took[0]
  const isMet = took.at(-1) < GOAL_MS
  const shown = took.map((ms) => `${ms.toFixed(0).padStart(6)} ms`).join('')
  console.log(
    `  ${name.padEnd(10)}${shown}   ${growth.toFixed(1)} × for 4 ×  goal ${GOAL_MS} ms: ${isMet ? 'met' : 'missed'}`,
  )
  // A busy machine can miss the time goal, but it does not change how the time grows. So only growth makes this fail.
  if (growth >= MOST_GROWTH) process.exitCode = 1
}

/** The best CPU time of several runs in ms. CPU time depends little on how busy the machine is. */
function bestOf(diagnosis, render) {
  const took = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage()
    render(diagnosis)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...took)
}

// Storms of callbacks against the built `serve`, once with its folder and once with two instances and a real Redis: how fast it
// answers, and what is told in the end. Needs redis-server. BENCH_STORM_CALLBACKS makes it shorter.
import { bundled } from './bundled.mjs'

const { storm, together } = await bundled(['test/storm/storm.ts'])

const CALLBACKS = Number(process.env.BENCH_STORM_CALLBACKS ?? 5000)
const [CLBS, CAUSES] = [50, 5]
const P99_MS = 100

let missed = 0
const line = (name, value, goal, isMet) => {
  if (!isMet) missed += 1
  console.log(
    `  ${name.padEnd(44)} ${String(value).padStart(8)}  (goal ${goal}: ${isMet ? 'met' : 'MISSED'})`,
  )
}

for (const store of ['folder', 'redis'])
  for (const perSecond of [250, 500]) {
    const callbacks = Math.round((CALLBACKS * perSecond) / 500)
    const done = await storm({ callbacks, perSecond, clbs: CLBS, causes: CAUSES, store, patienceMs: 60_000 })
    const how = store === 'folder' ? 'one instance with its folder' : 'two instances with Redis'
    console.log(`${how}: ${callbacks} callbacks of ${CLBS} CLBs and ${CAUSES} causes, ${perSecond} a second`)
    const p99 = `${done.p99.toFixed(1)} ms`
    if (perSecond === 250) line('99th percentile of the answers', p99, `< ${P99_MS} ms`, done.p99 < P99_MS)
    else console.log(`  ${'99th percentile of the answers'.padEnd(44)} ${p99.padStart(8)}`)
    line('answers other than 200', done.refused, 0, done.refused === 0)
    line('CLBs of open incidents', done.clbsInIncidents, CLBS, done.clbsInIncidents === CLBS)
    line('open incidents', done.openIncidents, CAUSES, done.openIncidents === CAUSES)
    const most = 1.2 * (CLBS + done.recoveries)
    line('diagnoses', done.diagnoses, `≤ ${most}`, done.diagnoses <= most)
    line('causes that WeCom was told of', done.toldWecom, CAUSES, done.toldWecom === CAUSES)
    line('causes that the webhook was told of', done.toldWebhook, CAUSES, done.toldWebhook === CAUSES)
    line('most messages at WeCom in any minute', done.wecomInAMinute, '≤ 20', done.wecomInAMinute <= 20)
    line('calls over the rate of the API', done.overRate, 0, done.overRate === 0)
    line('errors in the log', done.errors.length, 0, done.errors.length === 0)
    for (const error of done.errors.slice(0, 3)) console.log(`    ${error.slice(0, 300)}`)
  }
const AT_ONCE = 64
for (const store of ['folder', 'redis']) {
  const { p50, p99, refused } = await together({ callbacks: CALLBACKS, atOnce: AT_ONCE, clbs: CLBS, store })
  console.log(
    `${store}: ${CALLBACKS} callbacks, ${AT_ONCE} at once, half of them answered within ${p50.toFixed(1)} ms`,
  )
  line('99th percentile of the answers', `${p99.toFixed(1)} ms`, `< ${P99_MS} ms`, p99 < P99_MS)
  line('answers other than 200', refused, 0, refused === 0)
}
if (missed > 0) {
  console.error(`bench: ${missed} goals missed`)
  process.exit(1)
}

import { writeFileSync } from 'node:fs'
import { parseAlarms } from '../../src/app/alarms.ts'
import { loadConfig } from '../../src/app/config.ts'
import type { AppContext } from '../../src/app/context.ts'
import { createContext } from '../../src/app/create.ts'
import { diagnose, diagnoseSnapshot } from '../../src/app/diagnose.ts'
import { scan } from '../../src/app/scan.ts'
import { createCloud } from '../../src/cloud/session.ts'
import type { Alarm, ClbReference } from '../../src/model/alarm.ts'
import { type Clock, systemClock } from '../../src/model/clock.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { silentLog } from '../../src/model/log.ts'
import type { Message } from '../../src/model/message.ts'
import type { Scan } from '../../src/model/scan.ts'
import { shop } from '../../src/simulator/base.ts'
import {
  type Fault,
  SCENARIOS,
  type Simulator,
  startSimulator,
  type World,
} from '../../src/simulator/index.ts'
import { ALARM, caseOf } from '../faults/cases.ts'
import { renderHtml, renderMail, renderMarkdown, renderText, renderWecom } from '../support/renderings.ts'

// Writes all renderings of every scenario and of random CLBs by this version, for `npm run same-bytes`:
//   node <bundle of this file> <output> <number of random CLBs>

const NOW = Date.parse('2026-11-20T00:00:00Z')
/** The distance between two seeds. It gives CLBs with every reason, and healthy CLBs. */
const SEED_STEP = 7

const reports: Record<string, string> = {}

/** Clocks that stand still. With `hurried`, the pauses of the API client end at once. */
const still: Clock = { now: () => NOW, sleep: systemClock.sleep }
const hurried: Clock = { now: () => NOW, sleep: async (_, signal) => signal?.throwIfAborted() }

interface Bench {
  readonly context: AppContext
  readonly simulator: Simulator
  use(world: World, faults: Readonly<Record<string, Fault>>): void
}

async function open(): Promise<Bench & { close(): Promise<void> }> {
  const current: World = { ...shop().world }
  const simulator = await startSimulator(current, { requestsPerSecond: 100_000 })
  const config = loadConfig({
    TENCENTCLOUD_SECRETID: simulator.credentials.secretId,
    TENCENTCLOUD_SECRETKEY: simulator.credentials.secretKey,
    TENCENTCLOUD_REGION: 'ap-guangzhou',
    CLB_DOCTOR_API_ORIGIN: simulator.origin,
    CLB_DOCTOR_API_RATE: '100000',
  })
  const real = createContext(config, silentLog)
  const cloud = createCloud({
    ...config,
    ratePerSecond: config.apiRate,
    clock: hurried,
    random: () => 0,
    log: silentLog,
  })
  const context = { ...real, cloud, clock: still, newId: (kind = 'dx') => `${kind}-0000000000000000` }
  return {
    context,
    simulator,
    use(world, faults) {
      Object.assign(current, world)
      simulator.faults.clear()
      for (const [action, fault] of Object.entries(faults)) simulator.faults.set(action, fault)
    },
    async close() {
      cloud.close()
      real.close()
      await simulator.close()
    },
  }
}

async function report(name: string, bench: Bench, clb: ClbReference, alarm: Alarm | null): Promise<void> {
  const trigger = { source: alarm?.source ?? 'cli', alarm } as const
  const question = { clb, region: alarm?.region ?? null, trigger }
  const { diagnosis, snapshot } = await diagnose(question, bench.context, AbortSignal.timeout(60_000))
  for (const language of LANGUAGES) {
    const { id, createdAt, stats } = diagnosis
    const translated = snapshot
      ? diagnoseSnapshot(snapshot, {
          id,
          createdAt,
          stats,
          trigger,
          language,
          timeZone: null,
          console: 'cn',
          expected: [],
        })
      : { ...diagnosis, language }
    rendered(`${name} ${language}`, translated)
  }
}

const jsonOf = (message: Message): string => `${JSON.stringify(message, null, 2)}\n`

function rendered(name: string, diagnosis: Diagnosis): void {
  const mail = renderMail(diagnosis)
  Object.assign(reports, {
    [`${name} json`]: jsonOf(diagnosis),
    [`${name} text`]: renderText(diagnosis, { color: false, width: 100 }),
    [`${name} color`]: renderText(diagnosis, { color: true, width: 60 }),
    [`${name} markdown`]: renderMarkdown(diagnosis),
    [`${name} html`]: renderHtml(diagnosis),
    [`${name} mail`]: [mail.subject, mail.text, mail.html].join('\n'),
    [`${name} wecom`]: renderWecom(diagnosis),
  })
}

async function scanned(bench: Bench, name: string): Promise<void> {
  for (const language of LANGUAGES) {
    const question = { regions: ['ap-guangzhou'], source: 'cli', language } as const
    const { scan: found } = await scan(question, bench.context, AbortSignal.timeout(60_000))
    renderedScan(`scan of ${name} ${language}`, found)
  }
}

function renderedScan(name: string, result: Scan): void {
  const mail = renderMail(result)
  Object.assign(reports, {
    [`${name} json`]: jsonOf(result),
    [`${name} text`]: renderText(result, { color: false, width: 100 }),
    [`${name} html`]: renderHtml(result),
    [`${name} mail`]: [mail.subject, mail.text, mail.html].join('\n'),
    [`${name} wecom`]: renderWecom(result),
  })
}

async function main(output: string, count: number): Promise<void> {
  const bench = await open()
  for (const scenario of SCENARIOS) {
    bench.use(scenario.build(), scenario.faults ?? {})
    const [alarm] = parseAlarms(scenario.alarm(), silentLog).alarms
    if (!alarm) throw new Error(`no alarm in ${scenario.name}`)
    await report(`scenario ${scenario.name}`, bench, alarm.clb, alarm)
    await scanned(bench, scenario.name)
  }
  for (let i = 0; i < count; i++) {
    const { seed, site, apiFaults } = caseOf(i * SEED_STEP)
    bench.use(site.world, apiFaults)
    await report(`seed ${seed}`, bench, ALARM.clb, ALARM)
  }
  await bench.close()
  writeFileSync(output, JSON.stringify(reports))
}

const [output = '', count = '200'] = process.argv.slice(2)
void main(output, Number(count))

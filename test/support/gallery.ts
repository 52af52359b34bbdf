import { parseAlarms } from '../../src/app/alarms.ts'
import { diagnose, diagnoseSnapshot } from '../../src/app/diagnose.ts'
import type { Alarm } from '../../src/model/alarm.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { known, ok } from '../../src/model/fact.ts'
import type { Language } from '../../src/model/language.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { silentLog } from '../../src/model/log.ts'
import type { Message } from '../../src/model/message.ts'
import type { AuditEvent } from '../../src/model/snapshot.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import { folder } from '../guest/recordings.ts'
import { rule } from '../rules/builders.ts'
import { ALARM, type InBoth, inBoth } from './in-both.ts'
import { inMemory } from './in-memory.ts'
import { incidentExamples } from './incident-gallery.ts'
import { scanExamples } from './scan-gallery.ts'
import {
  allow,
  diagnosisOf,
  diagnosisOfSnapshot,
  group,
  healthCheck,
  PLAIN_READER,
  snapshotOf,
  type World,
} from './snapshots.ts'

// The messages of docs/gallery.md: ten scenarios of the demo, further cases, incidents and scans. Clocks stand still and no socket is opened.

export const SHOWN = [
  'sg-blocks-vip',
  'changed-before',
  'two-faults',
  'all-backends-down',
  'acl-denies-reply',
  'instance-gone',
  'service-down',
  'denied-permission',
  'weight-zero',
  'idc-firewall',
] as const

/** The diagnosis of a scenario of the demo, as its alarm starts it. */
export async function scenarioDiagnoses(name: string): Promise<InBoth> {
  const scenario = SCENARIOS.find((one) => one.name === name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  const { region, faults = {} } = scenario
  return inMemory(scenario.build(), { region, faults }, async (context, signal) => {
    const [alarm] = parseAlarms(scenario.alarm(), silentLog).alarms
    if (!alarm) throw new Error(`no alarm in ${name}`)
    const trigger = { source: alarm.source, alarm } as const
    const question = { clb: alarm.clb, region: alarm.region, trigger }
    const { diagnosis, snapshot } = await diagnose(question, context, signal)
    if (!snapshot) throw new Error(`nothing was read in ${name}`)
    const { id, createdAt, stats } = diagnosis
    return inBoth((language) =>
      diagnoseSnapshot(snapshot, { id, createdAt, stats, trigger, language, ...PLAIN_READER }),
    )
  })
}

const about = (fields: Partial<Alarm> = {}) => ({
  trigger: { source: 'cloud-monitor' as const, alarm: { ...ALARM, ...fields } },
})
const machines = (...statuses: readonly string[]) => statuses.map((status, i) => ({ host: 16 + i, status }))
const FIVE: World = { machines: machines('Alive', 'Alive', 'Alive', 'Alive', 'Alive') }

/** Two listeners with the same machines behind one group without rules: one is probed from the VIP, one from 100.64. */
function twoSources(language: Language): Diagnosis {
  const behind = (id: string, port: number, sourceIpType: 0 | 1) =>
    snapshotOf({
      listener: { id, port, healthCheck: healthCheck({ sourceIpType }) },
      machines: machines('Dead', 'Dead').map((one) => ({ ...one, groups: ['sg-empty'] })),
      groups: [group('sg-empty', [])],
    })
  const first = behind('lbl-aaaaaaaa', 443, 0)
  const second = behind('lbl-bbbbbbbb', 8443, 1)
  const both = {
    ...first,
    listeners: ok([...(known(first.listeners) ?? []), ...(known(second.listeners) ?? [])]),
    registrations: ok([...(known(first.registrations) ?? []), ...(known(second.registrations) ?? [])]),
    health: ok([...(known(first.health) ?? []), ...(known(second.health) ?? [])]),
  }
  return diagnosisOfSnapshot(both, language, about({ listener: null }))
}

const gone = (language: Language): Diagnosis =>
  diagnosisOf(
    {
      machines: Array.from({ length: 12 }, (_, i) => ({ host: 16 + i, status: 'Dead', instance: null })),
    },
    language,
    about(),
  )

/** Somebody let the probes in while the alarm fired, and the sender says that it is over. */
function mended(language: Language): Diagnosis {
  const { modifiedAt: _, ...opened } = rule({ index: 0, ...allow('203.0.113.26/32') })
  const added: AuditEvent = {
    at: '2026-11-19T23:50:00.000Z',
    event: 'CreateSecurityGroupPolicies',
    resourceIds: ['sg-shopweb1'],
    actor: 'li.wei',
    sourceIp: '198.51.100.7',
    edit: { kind: 'rules-added', rules: [opened] },
  }
  const [from, to] = ['2026-11-19T23:30:00.000Z', '2026-11-19T23:55:00.000Z']
  const snapshot = snapshotOf({
    machines: FIVE.machines.map((one, i) => (i < 2 ? { ...one, groups: ['sg-shopweb1'] } : one)),
    groups: [group('sg-shopweb1', [opened])],
    replace: { auditEvents: { 'ap-guangzhou': ok({ from, to, complete: true, events: [added] }) } },
  })
  const over = about({ state: 'resolved', firstOccurredAt: from, recoveredAt: to })
  return diagnosisOfSnapshot(snapshot, language, over)
}

/** One of two backends is Dead, and somebody ran the usual commands on it. The outputs are those of a real machine. */
const lookedInto =
  (name: string) =>
  (language: Language): Diagnosis => {
    const check = healthCheck({ type: 'HTTP', method: 'GET', path: '/', httpCodes: 15, sourceIpType: 1 })
    const snapshot = snapshotOf({
      listener: { healthCheck: check },
      machines: machines('Dead', 'Alive').map((one) => ({ ...one, registration: { port: 80 } })),
    })
    const { files } = folder(name)
    const at = '2026-11-19T23:59:00.000Z'
    const report = { kind: 'recorded', files, by: 'hand', at, instanceId: null } as const
    const guests = { '10.0.1.16:80': ok(report) }
    return diagnosisOfSnapshot({ ...snapshot, guests }, language, about())
  }

/** Cases that no scenario of the demo shows. */
export const CASES: Readonly<Record<string, InBoth>> = {
  'a firing alarm over five healthy backends': inBoth((language) => diagnosisOf(FIVE, language, about())),
  'its second firing within nine minutes': inBoth((language) => ({
    ...diagnosisOf(FIVE, language, about()),
    recent: { minutes: 9, firings: 2 },
  })),
  'a recovered alarm while three of five backends are Dead': inBoth((language) =>
    diagnosisOf(
      { machines: machines('Dead', 'Dead', 'Dead', 'Alive', 'Alive') },
      language,
      about({ state: 'resolved', recoveredAt: '2026-11-19T23:59:00.000Z' }),
    ),
  ),
  'a recovery after somebody added a rule': inBoth(mended),
  'one group in front of a listener probed from the VIP and one probed from 100.64.0.0/10':
    inBoth(twoSources),
  'twelve terminated machines that are still bound': inBoth(gone),
  'a machine that was looked into: Tailscale has taken 100.64.0.0/10': inBoth(
    lookedInto('ipt-tailscale-style'),
  ),
  'a machine that was looked into: nothing inside stops the health check': inBoth(lookedInto('healthy')),
}

/** The name of an example, and its message in each language. */
export type Named = readonly [string, Readonly<Record<Language, Message>>]

export async function galleryMessages(): Promise<readonly Named[]> {
  const found: Named[] = []
  for (const name of SHOWN) found.push([name, await scenarioDiagnoses(name)])
  return [
    ...found,
    ...Object.entries(CASES),
    ...(await incidentExamples(await scenarioDiagnoses('changed-before'), inBoth(mended))),
    ...(await scanExamples()),
  ]
}

const fenced = (message: string): string => `\`\`\`\`markdown\n${message.trimEnd()}\n\`\`\`\``

/** docs/gallery.md */
export function galleryPage(all: readonly Named[], render: (message: Message) => string): string {
  const parts = all.map(([name, both]) =>
    [`## ${name}`, ...LANGUAGES.map((language) => fenced(render(both[language])))].join('\n\n'),
  )
  const head =
    '# Gallery\n\nThe WeCom messages of ten scenarios of the demo, of further cases, of incidents and of scans, as they are delivered, in both languages. `npm run gallery` writes this page and its pictures (Debian: chromium, fonts-noto-cjk).\n\nA mail on a phone and on a desktop, light and dark:\n\n![A mail in Chinese](gallery/zh-CN.jpg)\n\n![A mail in English](gallery/en.jpg)'
  return `${[head, ...parts].join('\n\n')}\n`
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { isDiagnosis, type Message } from '../../src/model/message.ts'
import { shop } from '../../src/simulator/base.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import { galleryMessages, scenarioDiagnoses } from '../support/gallery.ts'
import { renderMarkdown, renderWecom } from '../support/renderings.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { diagnosisOf, diagnosisOfSnapshot, group, healthCheck } from '../support/snapshots.ts'
import { thrice } from '../support/thrice.ts'
import { ALARM, caseWith } from './cases.ts'
import { CASE } from './healthy.ts'
import { REASONS } from './report.ts'

// What every message keeps to: those of the gallery, of every scenario of the demo, and of every reason of every check.

let cloud: SimulatedCloud
beforeAll(async () => {
  cloud = await openCloud(shop().world, { over: 'memory' })
})
afterAll(() => cloud.close())

/** A CLB with the fault, and the same CLB with each listener three times. */
async function diagnosed(code: string): Promise<readonly Diagnosis[]> {
  const one = caseWith(code)
  const asked = { clb: CASE, alarm: ALARM, faults: one.apiFaults, language: 'zh-CN' } as const
  const { diagnosis, snapshot } = await cloud.diagnose(one.site.world, asked)
  if (!snapshot) throw new Error('nothing was read')
  const trigger = { source: 'cloud-monitor', alarm: ALARM } as const
  return [diagnosis, diagnosisOfSnapshot(thrice(snapshot), 'zh-CN', { trigger })]
}

/** A Chinese word, a space and a Chinese word. Marks of Markdown stand between a label and its text. */
const spacedIn = (message: Message): readonly string[] =>
  [renderMarkdown(message), renderWecom(message)].flatMap((text) =>
    [...text.matchAll(/.{0,20}\p{Script=Han} +\p{Script=Han}.{0,20}/gu)].map(([found]) => found),
  )

describe('a Chinese message has no space between two Chinese words', () => {
  it('in the gallery and the scenarios of the demo', async () => {
    for (const [name, both] of await galleryMessages()) expect(spacedIn(both['zh-CN']), name).toEqual([])
    for (const { name } of SCENARIOS)
      expect(spacedIn((await scenarioDiagnoses(name))['zh-CN']), name).toEqual([])
  })

  it.each(REASONS)('about %s, also of three listeners', async (code) => {
    for (const diagnosis of await diagnosed(code)) expect(spacedIn(diagnosis)).toEqual([])
  })

  it.each(['STOPPED', 'STOPPING', 'PENDING', 'LAUNCH_FAILED', 'SHUTDOWN', 'TERMINATING'])(
    'about two machines in the state %s',
    (state) => {
      const machines = [16, 17].map((host) => ({ host, status: 'Dead', instance: { state } }))
      expect(spacedIn(diagnosisOf({ machines }, 'zh-CN'))).toEqual([])
    },
  )
})

/** Titles that two findings of a diagnosis have. */
const repeatedTitles = ({ findings }: Diagnosis): readonly string[] => {
  const titles = findings.map(({ title }) => title)
  return titles.filter((title, i) => titles.indexOf(title) !== i)
}

describe('no two findings of a diagnosis have one title', () => {
  it('in the gallery and the scenarios of the demo', async () => {
    const shown = (await galleryMessages()).flatMap(([, both]) => Object.values(both))
    for (const message of shown) if (isDiagnosis(message)) expect(repeatedTitles(message)).toEqual([])
    for (const { name } of SCENARIOS)
      for (const one of Object.values(await scenarioDiagnoses(name))) expect(repeatedTitles(one)).toEqual([])
  })

  it.each(REASONS)('about %s, also of three listeners', async (code) => {
    for (const diagnosis of await diagnosed(code)) expect(repeatedTitles(diagnosis), code).toEqual([])
  })

  it('if one rule decides with two certainties', () => {
    const rule = (locationId: string, sourceIpType: 0 | 1) => ({
      locationId,
      domain: 'shop.example.com',
      url: `/${locationId}`,
      healthCheck: healthCheck({ sourceIpType }),
      forwardType: null,
      targetType: 'NODE',
      targetGroupIds: [],
      redirectsTo: null,
    })
    const machines = ['loc-aaaaaaaa', 'loc-bbbbbbbb'].map((locationId, i) => ({
      host: 16 + i,
      status: 'Dead',
      groups: ['sg-empty'],
      registration: { locationId },
    }))
    const rules = [rule('loc-aaaaaaaa', 0), rule('loc-bbbbbbbb', 1)]
    const listener = { protocol: 'HTTP', port: 80, healthCheck: null, rules }
    const { findings } = diagnosisOf({ listener, machines, groups: [group('sg-empty', [])] })
    expect(findings.filter(({ role }) => role === 'cause').map(({ title }) => title)).toEqual([
      'Security group sg-empty does not allow the health check (TCP 8080)',
      'HTTP:80 shop.example.com/loc-bbbbbbbb: Security group sg-empty does not allow the health check (TCP 8080)',
    ])
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import type { Message } from '../../src/model/message.ts'
import { shop } from '../../src/simulator/base.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import { galleryMessages, scenarioDiagnoses } from '../support/gallery.ts'
import { renderMarkdown, renderWecom } from '../support/renderings.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { diagnosisOf, diagnosisOfSnapshot } from '../support/snapshots.ts'
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

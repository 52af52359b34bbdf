import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { known } from '../../src/model/fact.ts'
import { shop } from '../../src/simulator/base.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { diagnosisOfSnapshot } from '../support/snapshots.ts'
import { repeatedIn, thrice } from '../support/thrice.ts'
import { ALARM, caseWith } from './cases.ts'
import { CASE } from './healthy.ts'
import { REASONS } from './report.ts'

// What is wrong with one listener may be wrong with all. A list of names in one finding says so, and no check makes one
// finding for each.

let cloud: SimulatedCloud
beforeAll(async () => {
  cloud = await openCloud(shop().world, { over: 'memory' })
})
afterAll(() => cloud.close())

describe('a CLB whose listeners exist three times', () => {
  it.each(REASONS)('has no more findings if %s is wrong with it', async (code) => {
    const one = caseWith(code)
    const { snapshot } = await cloud.diagnose(one.site.world, {
      clb: CASE,
      alarm: ALARM,
      faults: one.apiFaults,
    })
    if (!snapshot) throw new Error('nothing was read')
    // Members of target groups are not registered at listeners, and a classic CLB has no copies of a listener.
    if (Object.keys(snapshot.targetGroupMembers).length > 0) return
    if (known(snapshot.loadBalancer)?.generation === 'classic') return
    const trigger = { source: 'cloud-monitor', alarm: ALARM } as const
    const [once, more] = [snapshot, thrice(snapshot)].map((own) =>
      diagnosisOfSnapshot(own, 'en', { trigger }),
    )
    const codesOf = (diagnosis: typeof once) =>
      diagnosis?.findings.map((finding) => `${finding.code} ${finding.role} ${finding.certainty}`).sort()
    expect(codesOf(more)).toEqual(codesOf(once))
    expect(more && repeatedIn(more)).toEqual([])
  })
})

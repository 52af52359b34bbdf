import { afterAll, beforeAll, expect, it } from 'vitest'
import { shop } from '../../src/simulator/base.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { ALARM, caseOfFault, describeCase } from './cases.ts'
import { KINDS } from './catalogue/kinds.ts'
import { CASE } from './healthy.ts'
import { judge } from './judge.ts'
import { untold } from './untold.ts'

let cloud: SimulatedCloud
beforeAll(async () => {
  cloud = await openCloud(shop().world, { over: 'memory' })
})
afterAll(() => cloud.close())

it.each(Object.entries(KINDS))('is diagnosed exactly in five random CLBs: %s', async (_, fault) => {
  for (let seed = 0; seed < 5; seed++) {
    const one = caseOfFault(fault, seed)
    const { diagnosis } = await cloud.diagnose(one.site.world, { clb: CASE, alarm: ALARM })
    const { faults, wrongCauses, results } = judge(one, diagnosis)
    const sure = wrongCauses.filter(({ certainty }) => certainty !== 'possible')
    const missed = results.filter(({ found }) => !found)
    expect({ sure, missed, untold: untold(diagnosis) }, `${describeCase(one)}\n${faults.join('\n')}`).toEqual(
      {
        sure: [],
        missed: [],
        untold: [],
      },
    )
    expect(diagnosis.verdict).not.toBe('healthy')
  }
})

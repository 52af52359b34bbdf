import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/model/language.ts'
import { shop } from '../../src/simulator/base.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { ALARM, caseWith } from './cases.ts'
import { CODES } from './catalogue/index.ts'
import { CASE } from './healthy.ts'
import { judge } from './judge.ts'
import { REASONS } from './report.ts'
import { untold } from './untold.ts'

// For every reason of every check, a random CLB gets a fault of the catalogue, and the diagnosis finds it.

let cloud: SimulatedCloud
beforeAll(async () => {
  cloud = await openCloud(shop().world, { over: 'memory' })
})
afterAll(() => cloud.close())

describe('every reason of every check', () => {
  it('has a fault in the catalogue', () => {
    expect(REASONS.filter((code) => !CODES.includes(code))).toEqual([])
    expect(CODES.filter((code) => !REASONS.includes(code) && !code.startsWith('guest/'))).toEqual([])
  })

  it.each(REASONS)('%s is found in a CLB with its fault, in every language', async (code) => {
    const one = caseWith(code)
    const [{ what } = { what: '' }] = one.injections
    const findings = new Set<string>()
    for (const language of LANGUAGES) {
      const asked = { clb: CASE, alarm: ALARM, faults: one.apiFaults, language }
      const { diagnosis } = await cloud.diagnose(one.site.world, asked)
      if (language === 'en') {
        const { results, faults } = judge(one, diagnosis)
        expect(faults, what).toEqual([])
        expect(untold(diagnosis), what).toEqual([])
        expect(results).toContainEqual(expect.objectContaining({ code, found: true }))
      }
      findings.add(
        JSON.stringify(diagnosis.findings.map(({ code, role, explains }) => [code, role, explains])),
      )
    }
    expect(findings.size).toBe(1)
  })
})

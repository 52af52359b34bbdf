import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { diagnose, diagnoseSnapshot } from '../../src/app/diagnose.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { silentLog } from '../../src/model/log.ts'
import { SCENARIOS, startScenario } from '../../src/simulator/index.ts'
import { contradictionsIn } from '../support/consistency.ts'
import { expectDiagnosis } from '../support/schema.ts'
import { EXPECTATIONS } from './expectations.ts'

const trigger = { source: 'cli', alarm: null } as const

/** The parts of a diagnosis that accepted entries must not change. */
const factsOf = ({ verdict, pools, findings, gaps, checks }: Diagnosis) => ({
  verdict,
  pools,
  checks,
  gaps,
  // An entry divides a finding about several members, so the facts are compared backend by backend.
  findings: findings
    .flatMap(({ code, certainty, role, accepted, explains, resources }) => {
      const fact = { code, certainty, role: accepted?.role ?? role }
      const about: readonly unknown[] = explains.length > 0 ? explains : [resources]
      return about.map((one) => ({ ...fact, about: one }))
    })
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
})

describe('when every cause of a scenario is accepted', () => {
  const faulty = SCENARIOS.filter(({ name }) => (EXPECTATIONS[name]?.causes.length ?? 0) > 0)

  it.each(faulty.map((scenario) => [scenario.name, scenario] as const))(
    '%s: no cause is left, the other facts stay the same, and the headline says "accepted"',
    async (_, scenario) => {
      const cloud = await startScenario(scenario)
      const context = createContext(
        loadConfig({
          TENCENTCLOUD_SECRETID: cloud.credentials.secretId,
          TENCENTCLOUD_SECRETKEY: cloud.credentials.secretKey,
          TENCENTCLOUD_REGION: scenario.region,
          CLB_DOCTOR_API_ORIGIN: cloud.origin,
          CLB_DOCTOR_API_RATE: '1000',
          ...(cloud.cluster ? { KUBECONFIG: cloud.cluster.path } : {}),
        }),
        silentLog,
      )
      const clb = { loadBalancerId: scenario.loadBalancerId, vip: null, vpcId: null, numericVpcId: null }
      const question = { clb, region: null, trigger }
      const { diagnosis: before, snapshot } = await diagnose(question, context, AbortSignal.timeout(20_000))
      context.close()
      expect(cloud.calls.refused()).toBe(0)
      await cloud.close()
      if (!snapshot) throw new Error('nothing was read')
      const accepted = before.findings
        .filter(({ role }) => role === 'cause')
        // An entry takes one member out of a finding about several.
        .flatMap(({ code, resources }) => resources.map(({ id }) => ({ code, resource: id })))
        .map((one, i) => ({ entry: i + 1, ...one, reason: 'known', until: '2999-12-31' }))
      for (const [language, words] of [
        ['en', /expected until 2999-12-31 \(UTC\)/i],
        ['zh-CN', /预期内.*，至 2999-12-31（UTC）/],
      ] as const) {
        const { id, createdAt, stats } = before
        const context = { id, createdAt, stats, trigger, language, timeZone: null, console: 'cn' as const }
        const after = diagnoseSnapshot(snapshot, { ...context, expected: accepted })
        expectDiagnosis(after)
        expect(after.findings.filter(({ role }) => role === 'cause')).toEqual([])
        expect(factsOf(after)).toEqual(factsOf(diagnoseSnapshot(snapshot, { ...context, expected: [] })))
        expect(contradictionsIn(after)).toEqual([])
        expect(after.headline).toMatch(words)
      }
    },
  )
})

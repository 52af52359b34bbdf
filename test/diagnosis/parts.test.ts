import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runChecks } from '../../src/checks/index.ts'
import { ok } from '../../src/model/fact.ts'
import { evaluatePaths } from '../../src/path/index.ts'
import { shop } from '../../src/simulator/base.ts'
import { ALARM, caseWith } from '../faults/cases.ts'
import { CASE } from '../faults/healthy.ts'
import { REASONS } from '../faults/report.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { acl, diagnosisOf, healthCheck, type Machine, type World } from '../support/snapshots.ts'

// A healthy backend can split a finding: for some of its backends it is certain, for the others only possible. Each part
// then speaks of its own backends only.

/** Three rules: the probes of `a` come from one of two sources, those of `b` from the VIP, those of `c` from 100.64. */
const RULES = (['a', 'b', 'c'] as const).map((name) => ({
  locationId: `loc-0000000${name}`,
  domain: 'shop.example.com',
  url: `/${name}`,
  healthCheck: healthCheck({ sourceIpType: { a: null, b: 0 as const, c: 1 as const }[name] }),
  forwardType: null,
  redirectsTo: null,
  targetType: 'NODE',
  targetGroupIds: [],
}))

const at = (host: number, status: string, rule: string, port = 8080): Machine => ({
  host,
  status,
  registration: { locationId: `loc-0000000${rule}`, port },
})

const withRules = (world: World): World => ({
  ...world,
  listener: { protocol: 'HTTP', port: 80, healthCheck: null, rules: RULES, ...world.listener },
})

const partsOf = (world: World, code: string) =>
  diagnosisOf(withRules(world)).findings.filter((one) => one.code === code && one.role === 'cause')

describe('a finding that health splits', () => {
  it('has the list, the number and the commands of each part', () => {
    const port = 31_080
    const machines = [
      ...[16, 17].map((host) => at(host, 'Dead', 'a', port)),
      ...[18, 19, 20].map((host) => at(host, 'Dead', 'b', port)),
      at(21, 'Alive', 'c', port),
      ...['a', 'b', 'c'].map((rule, i) => at(40 + i, 'Alive', rule, port)),
    ]
    const nodes = [40, 41, 42].map((host) => ({ id: `ins-000000${host}`, ip: `10.0.1.${host}` }))
    const world = {
      machines,
      balancer: { tags: { 'tke-clusterId': 'cls-1' } },
      replace: { clusterNodes: { 'cls-1': ok(nodes) } },
    }
    const parts = partsOf(world, 'target-drift/stale-target')
    expect(parts.map(({ certainty }) => certainty)).toEqual(['likely', 'possible'])
    expect(parts.map(({ explains }) => explains.length)).toEqual([3, 2])
    for (const { title, params, resources, fix, explains } of parts) {
      const count = explains.length
      expect(title).toContain(`${count} machines`)
      expect(params?.ips).toHaveLength(count)
      expect(resources.filter(({ type }) => type === 'cvm')).toHaveLength(count)
      expect(fix?.commands?.flatMap(({ line }) => line.match(/InstanceId/g) ?? [])).toHaveLength(count)
    }
  })

  it('counts the backends of each part behind one rule', () => {
    const machines = [
      ...[16, 17].map((host) => at(host, 'Dead', 'a')),
      ...[18, 19, 20].map((host) => at(host, 'Dead', 'b')),
      at(21, 'Alive', 'c'),
    ]
    const world = { machines, subnet: { networkAclId: 'acl-web' }, acls: [acl({})] }
    const parts = partsOf(world, 'network-acl/probe-blocked')
    expect(parts.map(({ certainty, explains }) => [certainty, explains.length])).toEqual([
      ['certain', 3],
      ['possible', 2],
    ])
    for (const { params, detail, explains, evidence } of parts) {
      expect(params?.count).toBe(explains.length)
      expect(detail).toContain(`${explains.length} backends affected`)
      const seen = evidence.find(({ fact }) => fact === 'HealthStatusDetail')?.value
      expect(Object.keys(seen ?? {})).toHaveLength(explains.length)
    }
  })
})

describe('every finding that health can split', () => {
  let cloud: SimulatedCloud
  beforeAll(async () => {
    cloud = await openCloud(shop().world, { over: 'memory' })
  })
  afterAll(() => cloud.close())

  it.each(REASONS)('of %s can be made anew for a part of its backends', async (code) => {
    const one = caseWith(code)
    const { snapshot } = await cloud.diagnose(one.site.world, {
      clb: CASE,
      alarm: ALARM,
      faults: one.apiFaults,
    })
    if (!snapshot) throw new Error('nothing was read')
    const { drafts } = runChecks(evaluatePaths(snapshot))
    // A finding about a setting is about whole listeners.
    const split = drafts.filter(({ predicts, alike }) => predicts === 'dead' && !alike)
    for (const draft of split) {
      const targets = draft.targets.map(({ target }) => target)
      const [first] = targets
      expect(draft.part?.(() => true)?.params, draft.code).toEqual(draft.params)
      expect(draft.part?.((target) => target === first)?.params.count ?? 1, draft.code).toBe(1)
      expect(draft.part?.(() => false)).toBeNull()
    }
  })
})

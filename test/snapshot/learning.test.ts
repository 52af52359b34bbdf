import { describe, expect, it } from 'vitest'
import { type Fact, known } from '../../src/model/fact.ts'
import { findScenario, SCENARIOS } from '../../src/simulator/index.ts'
import { deferred } from '../support/deferred.ts'
import { largeWorld } from '../support/large.ts'
import { type Api, apiOf, quiet, snapshotBy } from './api.ts'

// The loop over the table of needs. A call waits only for the answers that it depends on.

const large = () => largeWorld({ targets: 100 })
const LB = large().loadBalancerId

const countsOf = ({ asked }: Api): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...new Set(asked.map(({ action }) => action))]
      .sort()
      .map((action) => [action, asked.filter((call) => call.action === action).length]),
  )

const actionsOf = (api: Api): readonly string[] => Object.keys(countsOf(api))

const TEMPLATES = [
  'vpc:DescribeAddressTemplateGroups',
  'vpc:DescribeAddressTemplates',
  'vpc:DescribeServiceTemplates',
]
const QUINTUPLES = 'vpc:DescribeNetworkAclQuintupleEntries'
const BEHIND_MACHINES = [
  'vpc:DescribeNetworkAccountType',
  QUINTUPLES,
  ...TEMPLATES,
  'vpc:DescribeSecurityGroupAssociationStatistics',
  'vpc:DescribeSecurityGroupPolicies',
  'vpc:DescribeSubnets',
]
const BEHIND_BACKENDS = ['cvm:DescribeInstances', ...BEHIND_MACHINES]
const BEHIND_BALANCER = [...BEHIND_BACKENDS, 'cloudaudit:DescribeEvents', 'vpc:DescribeNetworkAcls']

/** Each action, and the actions that depend on its answer. All other actions must be called while this answer is missing. */
const DEPENDENTS: readonly (readonly [string, readonly string[]])[] = [
  ['clb:DescribeLoadBalancers', BEHIND_BALANCER],
  ['clb:DescribeListeners', []],
  ['clb:DescribeTargets', BEHIND_BACKENDS],
  ['clb:DescribeTargetHealth', [...BEHIND_BACKENDS, 'cloudaudit:DescribeEvents']],
  ['cvm:DescribeInstances', BEHIND_MACHINES],
  ['vpc:DescribeSubnets', [QUINTUPLES]],
  ['vpc:DescribeNetworkAcls', [QUINTUPLES]],
  [QUINTUPLES, []],
  ['vpc:DescribeSecurityGroupPolicies', TEMPLATES],
  ['vpc:DescribeSecurityGroupAssociationStatistics', []],
  ['vpc:DescribeAddressTemplateGroups', []],
  ['vpc:DescribeNetworkAccountType', []],
  ['vpc:DescribeServiceTemplates', []],
  ['cloudaudit:DescribeEvents', []],
]

async function undisturbed(): Promise<Api> {
  const api = apiOf(large().world)
  await snapshotBy(api, LB)
  return api
}

describe('a slow answer', () => {
  it.each(DEPENDENTS)('of %s delays only the actions that depend on it', async (slow, dependents) => {
    const all = actionsOf(await undisturbed())
    const held = deferred<void>()
    const turn = (action: string) => (action === slow ? held.promise : Promise.resolve())
    const api = apiOf(large().world, { turn })
    const snapshot = snapshotBy(api, LB)
    await quiet()
    const missing = all.filter((action) => !actionsOf(api).includes(action))
    expect(missing).toEqual([...dependents].sort())
    held.resolve()
    await snapshot
  })

  it('adds no call and does not change the snapshot', async () => {
    const usual = apiOf(large().world)
    const expected = JSON.stringify(await snapshotBy(usual, LB))
    for (const [slow] of DEPENDENTS) {
      const turn = async (action: string): Promise<void> => (action === slow ? quiet() : undefined)
      const api = apiOf(large().world, { turn })
      const patience = async (): Promise<void> => {
        while (api.waiting() > 0) await quiet()
      }
      expect([slow, JSON.stringify(await snapshotBy(api, LB, { patience }))]).toEqual([slow, expected])
      expect([slow, countsOf(api)]).toEqual([slow, countsOf(usual)])
    }
  })

  it('for one batch of machines does not delay the groups of the other machines', async () => {
    const { world } = largeWorld({ targets: 200 })
    let calls = 0
    const turn = (action: string): Promise<void> =>
      action === 'cvm:DescribeInstances' && ++calls === 1 ? new Promise(() => {}) : Promise.resolve()
    const api = apiOf(world, { turn })
    void snapshotBy(api, LB)
    await quiet()
    expect(countsOf(api)['cvm:DescribeInstances']).toBe(2)
    expect(countsOf(api)['vpc:DescribeSecurityGroupPolicies']).toBe(20)
  })

  it('of the audit log is not awaited longer than the patience, and everything else is read', async () => {
    const turn = (action: string): Promise<void> =>
      action.startsWith('cloudaudit:') ? new Promise(() => {}) : Promise.resolve()
    const api = apiOf(large().world, { turn })
    const snapshot = await snapshotBy(api, LB)
    expect(Object.values(snapshot.auditEvents).map(({ state }) => state)).toEqual(['failed'])
    expect(countsOf(api)).toEqual(countsOf(await undisturbed()))
  })
})

describe('a denied answer', () => {
  /** If machines are denied, the interfaces of their addresses are read instead. */
  const stopped = DEPENDENTS.filter(([action]) => !action.startsWith('clb:')).map(
    ([action, dependents]) => [action, action === 'cvm:DescribeInstances' ? [] : dependents] as const,
  )

  it.each(stopped)('of %s stops only the actions that depend on it', async (action, dependents) => {
    const all = actionsOf(await undisturbed())
    const api = apiOf(large().world, { denied: [action] })
    const snapshot = await snapshotBy(api, LB)
    expect(all.filter((one) => !actionsOf(api).includes(one))).toEqual([...dependents].sort())
    expect(snapshot.loadBalancer.state).toBe('ok')
  })

  it('is a denied fact for each requested id, and other facts are ok', async () => {
    const snapshot = await snapshotBy(apiOf(large().world, { denied: ['vpc:DescribeSubnets'] }), LB)
    const states = (facts: Readonly<Record<string, Fact<unknown>>>) => [
      ...new Set(Object.values(facts).map(({ state }) => state)),
    ]
    expect([states(snapshot.subnets), states(snapshot.instances)]).toEqual([['denied'], ['ok']])
  })
})

/** The seed decides the order of the answers. */
function shuffled(seed: number): (action: string) => Promise<void> {
  let state = seed
  return async () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    for (let i = state % 13; i > 0; i--) await new Promise((resolve) => setImmediate(resolve))
  }
}

describe.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  'the scenario %s',
  (_, scenario) => {
    const patience = (api: Api) => async (): Promise<void> => {
      while (api.waiting() > 0) await quiet()
    }

    it('makes no call twice', async () => {
      const api = apiOf(scenario.build())
      await snapshotBy(api, scenario.loadBalancerId)
      const calls = api.asked.map(({ action, region, body }) => `${action} ${region} ${body}`)
      expect(calls.filter((call, i) => calls.indexOf(call) !== i)).toEqual([])
    })

    it('gives the same snapshot from the same calls in every order of the answers', async () => {
      const usual = apiOf(scenario.build())
      const expected = await snapshotBy(usual, scenario.loadBalancerId, { patience: patience(usual) })
      const callsOf = ({ asked }: Api) => asked.map((call) => JSON.stringify(call)).sort()
      for (const seed of [1, 2, 3, 4]) {
        const api = apiOf(scenario.build(), { turn: shuffled(seed) })
        const snapshot = await snapshotBy(api, scenario.loadBalancerId, { patience: patience(api) })
        expect(JSON.stringify(snapshot)).toBe(JSON.stringify(expected))
        expect(callsOf(api)).toEqual(callsOf(usual))
      }
    })
  },
)

it('a snapshot does not read again what a scan has already read', async () => {
  const scenario = findScenario('healthy')
  if (!scenario) throw new Error('no scenario')
  const { loadBalancerId } = scenario
  const first = await snapshotBy(apiOf(scenario.build()), loadBalancerId)
  const loadBalancer = known(first.loadBalancer)
  if (!loadBalancer) throw new Error('no CLB')
  const api = apiOf(scenario.build())
  const given = {
    loadBalancer: { fact: first.loadBalancer, depth: 1 },
    health: { fact: first.health, depth: 2 },
  }
  const snapshot = await snapshotBy(api, loadBalancerId, { given })
  expect(actionsOf(api)).not.toContain('clb:DescribeLoadBalancers')
  expect(actionsOf(api)).not.toContain('clb:DescribeTargetHealth')
  expect({ ...snapshot, auditEvents: {} }).toEqual({ ...first, auditEvents: {} })
})

import { describe, expect, it } from 'vitest'
import { codesOf, routeFactsOf, tagsIn } from '../../src/app/incidents/route-facts.ts'
import type { Alarm } from '../../src/model/alarm.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { unread } from '../../src/model/fact.ts'
import type { RouteFacts } from '../../src/model/routing.ts'
import { shop } from '../../src/simulator/base.ts'
import { diagnoseSimulated } from '../support/simulated.ts'

const DENIED = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' } as const

const received = (region: string | null) => [
  { alarm: { region, policy: { id: null, name: 'clb-health' } } as unknown as Alarm },
]

/** The facts of the shop, of which these actions cannot be read. */
async function factsOf(
  actions: readonly string[],
  before?: RouteFacts,
  region: string | null = 'ap-guangzhou',
): Promise<RouteFacts> {
  const own = shop()
  own.world.groups[0]?.rules.unshift({
    protocol: 'TCP',
    port: '8080',
    source: '203.0.113.0/24',
    action: 'DROP',
  })
  const faults = Object.fromEntries(actions.map((action) => [action, DENIED]))
  const { diagnosis, snapshot } = await diagnoseSimulated(own.world, faults)
  return routeFactsOf({ diagnosis, tags: tagsIn(snapshot), received: received(region) }, before)
}

const CLB = 'clb:DescribeLoadBalancers'
const CODES = ['security-group/probe-blocked']

describe('what routes ask about a CLB', () => {
  it('is all known if everything could be read', async () => {
    expect(await factsOf([])).toEqual({
      tags: { service: 'shop-front' },
      vpc: 'vpc-1ywqac83',
      policies: ['clb-health'],
      codes: CODES,
      unread: [],
    })
  })

  it('is not known to be nothing if the CLB could not be read', async () => {
    const facts = await factsOf([CLB])
    expect(facts).toMatchObject({ tags: {}, vpc: null, codes: [], unread: ['tag', 'name', 'vpc', 'code'] })
    expect((await factsOf([CLB], undefined, null)).unread).toContain('region')
  })

  it('is not forgotten by a look that could not read it', async () => {
    const known = await factsOf([])
    expect(await factsOf([CLB], known)).toEqual(known)
    const blind = await factsOf([CLB])
    expect((await factsOf([CLB], blind)).unread).toEqual(blind.unread)
    expect(await factsOf([], blind)).toEqual(known)
  })

  it('has no cause that is known if what explains the trouble could not be read', async () => {
    const facts = await factsOf(['vpc:DescribeSecurityGroupPolicies'])
    expect([facts.codes, facts.unread]).toEqual([[], ['code']])
    expect((await factsOf(['clb:DescribeTargetHealth', 'clb:DescribeListeners'])).unread).toEqual(['code'])
  })
})

describe('the tags of a CLB', () => {
  it('are not known if it was not read, or if the answer does not have them', async () => {
    const { snapshot } = await diagnoseSimulated(shop().world)
    const loadBalancer = snapshot?.loadBalancer
    if (loadBalancer?.state !== 'ok') throw new Error('it was not read')
    const failure = { problem: 'denied', action: CLB, code: 'x', message: '' } as const
    const of = (fields: object) =>
      tagsIn({ loadBalancer: { ...loadBalancer, value: { ...loadBalancer.value, ...fields } } })
    expect(of({})).toEqual({ service: 'shop-front' })
    expect(of({ tags: {} })).toEqual({})
    expect(of({ tags: {}, tagsUnsaid: true })).toBeNull()
    expect([tagsIn(null), tagsIn({ loadBalancer: unread(failure) })]).toEqual([null, null])
  })
})

it('codes are those of causes, else of findings that are no notes', () => {
  const finding = (code: string, role: string) => ({ code, role }) as unknown as Diagnosis['findings'][number]
  expect(codesOf([finding('a/b', 'risk'), finding('c/d', 'note')])).toEqual(['a/b'])
  expect(codesOf([finding('e/f', 'cause'), finding('a/b', 'risk')])).toEqual(['e/f'])
})

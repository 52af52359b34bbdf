import { describe, expect, it } from 'vitest'
import { guest, type Shop, shop, VPC } from '../../src/simulator/base.ts'
import { joinDataCentre, joinShanghai, SHANGHAI } from '../../src/simulator/data-centre.ts'
import { findScenario } from '../../src/simulator/index.ts'
import type { Elsewhere, World } from '../../src/simulator/world.ts'
import { worldOf } from '../simulator/support.ts'
import { diagnoseSimulated } from '../support/simulated.ts'

// Routes to backends behind CCN: what the route tables prove and what they leave open.

const OFFICE = '172.20.0.0/16'
const EXIT = { id: 'rti-exit', cidr: '0.0.0.0/0', gatewayType: 'NAT', gatewayId: 'nat-1', enabled: true }
const denied = (action: string) => ({ [action]: { kind: 'error', code: 'UnauthorizedOperation' } }) as const

function office(): World {
  const made = withSnat()
  joinDataCentre(made.world, OFFICE)
  made.world.remotes = ['172.20.5.11'].map((ip) => ({ ip, guest: guest(8080) }))
  made.pool.backends = [overCcn('172.20.5.11')]
  return made.world
}

function shanghai(): { readonly world: World; readonly far: Elsewhere } {
  const made = withSnat()
  const far = joinShanghai(made.world, [11, 12])
  made.pool.backends = far.machines.map(({ ip }) => overCcn(ip))
  return { world: made.world, far }
}

function withSnat(): Shop {
  const made = shop()
  Object.assign(made.front, { snatPro: true, snatIps: ['10.0.0.201', '10.0.0.202'] })
  return made
}

const overCcn = (ip: string) => ({ type: 'CCN', machineId: null, ip, port: 8080, weight: 10 }) as const

const detach = (world: World): void => {
  for (const ccn of world.ccns) ccn.attached = ccn.attached.filter(({ id }) => id !== VPC)
}

async function causesOf(world: World, faults = {}) {
  const { diagnosis } = await diagnoseSimulated(world, faults)
  const outcome = diagnosis.checks.find(({ check }) => check === 'snat')?.outcome
  const causes = diagnosis.findings.filter(({ role }) => role === 'cause')
  return { diagnosis, outcome, causes, codes: causes.map(({ code, certainty }) => `${code} ${certainty}`) }
}

describe('a default route to the Internet', () => {
  it('is not a route to a data centre', async () => {
    const world = office()
    detach(world)
    for (const table of world.routeTables) table.routes = [EXIT]
    expect((await causesOf(world)).codes).toEqual(['snat/ccn-not-attached likely'])
  })

  it('is named in the finding if it matches instead of a route over the CCN', async () => {
    const world = office()
    for (const table of world.routeTables) table.routes = [EXIT]
    const { codes, causes } = await causesOf(world)
    expect(codes).toEqual(['snat/ccn-route-missing likely'])
    expect(causes[0]?.detail).toContain('(0.0.0.0/0 → NAT nat-1 does, but leads to the Internet)')
  })

  it('is not a return route to a SNAT IP', async () => {
    const { world, far } = shanghai()
    for (const table of far.routeTables) table.routes = [EXIT]
    const { codes, causes } = await causesOf(world)
    expect(codes).toEqual(['snat/return-route-missing likely'])
    expect(causes[0]?.resources).toEqual([{ type: 'route-table', id: 'rtb-far00001', region: SHANGHAI }])
  })
})

describe('no CCN route is a likely cause', () => {
  it('if a route leads over a CCN whose attachment the API does not show', async () => {
    const world = office()
    detach(world)
    const { codes, outcome } = await causesOf(world)
    expect(codes).toEqual(['snat/confirm-idc-firewall possible'])
    expect(outcome).toBe('found')
  })

  it.each<[string, string, Record<string, unknown>]>([
    ['the destinations of the CCN routes', 'vpc:DescribeCcnRoutes', { DestinationCidrBlock: null }],
    ['any route of the CCN', 'vpc:DescribeCcnRoutes', {}],
    ['the CIDRs of the CLB’s VPC', 'vpc:DescribeVpcs', { CidrBlock: null, AssistantCidrSet: [] }],
  ])('if the answer lacks %s', async (_, action, fields) => {
    const change = (answer: Record<string, unknown>): void => {
      for (const key of ['RouteSet', 'VpcSet']) {
        const items = answer[key] as Record<string, unknown>[] | undefined
        for (const item of items ?? []) Object.assign(item, fields)
        if (items && Object.keys(fields).length === 0) Object.assign(answer, { [key]: [], TotalCount: 0 })
      }
    }
    const { codes } = await causesOf(office(), { [action]: { kind: 'changed', change } })
    expect(codes.filter((code) => !code.endsWith(' possible'))).toEqual([])
  })

  it('if the next hop of a route has no type', async () => {
    const world = office()
    detach(world)
    for (const { routes } of world.routeTables) for (const route of routes) route.gatewayType = ''
    expect((await causesOf(world)).codes).toEqual(['snat/confirm-idc-firewall possible'])
  })
})

it('a custom route over the CCN is followed like a system route', async () => {
  const world = office()
  for (const { routes } of world.routeTables) for (const route of routes) route.gatewayType = 'USER_CCN'
  for (const route of world.ccns[0]?.routes ?? []) if (route.cidr === OFFICE) route.enabled = false
  expect((await causesOf(world)).codes).toEqual(['snat/ccn-route-missing likely'])
})

describe('a backend in the CLB’s own VPC that is bound as type CCN', () => {
  it.each(['vpc:DescribeVpcs', 'clb:DescribeCrossTargets'])(
    'is not reported with a missing route if %s is denied',
    async (action) => {
      const world = worldOf(findScenario('redis-group'))
      for (const group of world.groups)
        if (group.id === 'sg-redis001')
          group.rules = [{ protocol: 'ALL', port: 'ALL', source: '0.0.0.0/0', action: 'ACCEPT' }]
      for (const service of world.services) service.guest.listens = []
      const { codes, diagnosis } = await causesOf(world, denied(action))
      expect(codes).toEqual([])
      expect(diagnosis.gaps.some((gap) => gap.action === action)).toBe(true)
    },
  )
})

describe('backends of another region', () => {
  it('that CLB no longer lists are not treated as a data centre', async () => {
    const { world, far } = shanghai()
    far.machines = []
    const { codes, diagnosis } = await causesOf(world)
    expect(codes).toEqual([])
    expect(diagnosis.gaps.some(({ byHand = [] }) => byHand.length > 0)).toBe(true)
  })

  it('make the snat check unknown if CLB does not list their machines', async () => {
    const { world, far } = shanghai()
    for (const { guest: own } of far.machines) own.listens = []
    const { codes, outcome } = await causesOf(world, denied('clb:DescribeCrossTargets'))
    expect(codes).toEqual([])
    expect(outcome).toBe('unknown')
  })
})

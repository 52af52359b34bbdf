import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { findScenario, SCENARIOS, type Simulator, startScenario } from '../../src/simulator/index.ts'
import type { Fate } from '../../src/simulator/packets.ts'
import { ask, codeOf, lookAt, type Response, worldOf } from './support.ts'

/** The story of each scenario: the last part of each backend's address, its status and the reason. */
const STORIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  healthy: { 16: 'Alive', 17: 'Alive', 18: 'Alive', 19: 'Alive', 20: 'Alive' },
  'sg-template-first': {
    16: 'Alive',
    17: 'Dead security-group',
    18: 'Alive',
    19: 'Dead security-group',
    20: 'Alive',
  },
  'sg-blocks-vip': {
    16: 'Alive',
    17: 'Dead security-group',
    18: 'Alive',
    19: 'Dead security-group',
    20: 'Alive',
  },
  'sg-blocks-100-64': {
    16: 'Alive',
    17: 'Dead security-group',
    18: 'Alive',
    19: 'Dead security-group',
    20: 'Alive',
  },
  'sg-exempt-control': { 16: 'Alive', 17: 'Alive', 18: 'Dead not-listening', 19: 'Alive', 20: 'Alive' },
  'all-backends-down': {
    16: 'Dead security-group',
    17: 'Dead security-group',
    18: 'Dead security-group',
    19: 'Dead security-group',
    20: 'Dead security-group',
  },
  'acl-denies-inbound': {
    16: 'Dead acl-in',
    17: 'Dead acl-in',
    18: 'Dead acl-in',
    19: 'Dead acl-in',
    20: 'Dead acl-in',
  },
  'acl-denies-reply': {
    16: 'Dead acl-out',
    17: 'Dead acl-out',
    18: 'Dead acl-out',
    19: 'Dead acl-out',
    20: 'Dead acl-out',
  },
  'acl-partial-cover': {
    16: 'Alive but acl-in',
    17: 'Alive but acl-in',
    18: 'Alive but acl-in',
    19: 'Alive but acl-in',
    20: 'Alive but acl-in',
  },
  recovered: {
    16: 'Alive but acl-out',
    17: 'Alive but acl-out',
    18: 'Alive but acl-out',
    19: 'Alive but acl-out',
    20: 'Alive but acl-out',
  },
  ipv6: { 51: 'Dead acl-in', 52: 'Dead acl-in' },
  'denied-permission': {
    16: 'Dead acl-in',
    17: 'Dead acl-in',
    18: 'Dead acl-in',
    19: 'Dead acl-in',
    20: 'Dead acl-in',
  },
  'instance-stopped': { 16: 'Alive', 17: 'Alive', 18: 'Dead no-machine', 19: 'Alive', 20: 'Alive' },
  'instance-gone': { 16: 'Alive', 17: 'Alive', 18: 'Alive', 19: 'Alive', 20: 'Dead no-machine' },
  'service-down': {
    16: 'Dead not-listening',
    17: 'Alive',
    18: 'Alive',
    19: 'Alive',
    20: 'Dead not-listening',
  },
  'guest-loopback': {
    16: 'Dead not-listening',
    17: 'Alive',
    18: 'Alive',
    19: 'Alive',
    20: 'Dead not-listening',
  },
  'guest-iptables': {
    16: 'Dead guest-firewall',
    17: 'Alive',
    18: 'Alive',
    19: 'Alive',
    20: 'Dead guest-firewall',
  },
  'guest-vpn': {
    16: 'Dead guest-firewall',
    17: 'Alive',
    18: 'Alive',
    19: 'Alive',
    20: 'Dead guest-firewall',
  },
  'guest-status': {
    16: 'Dead wrong-answer',
    17: 'Alive',
    18: 'Alive',
    19: 'Alive',
    20: 'Dead wrong-answer',
  },
  'guest-slow': {
    16: 'Dead too-slow',
    17: 'Alive',
    18: 'Alive',
    19: 'Alive',
    20: 'Dead too-slow',
  },
  'health-check-off': { 16: 'Close', 17: 'Close', 18: 'Close', 19: 'Close', 20: 'Close' },
  'weight-zero': { 16: 'Alive', 17: 'Alive', 18: 'Alive', 19: 'Alive', 20: 'Alive' },
  'idc-without-snat-ip': { 11: 'Dead no-route', 12: 'Dead no-route' },
  'idc-firewall': { 11: 'Dead guest-firewall', 12: 'Dead guest-firewall' },
  'target-group': { 16: 'Alive', 17: 'Dead security-group', 18: 'Alive', 19: 'Alive', 20: 'Alive' },
  'redis-group': { 71: 'Dead security-group' },
  'redis-acl': { 71: 'Dead acl-out' },
  'cos-acl': { 71: 'Dead acl-in' },
  'address-released': {
    16: 'Alive',
    17: 'Alive',
    18: 'Alive',
    19: 'Alive',
    20: 'Alive',
    88: 'Dead no-machine',
  },
  'global-router-pods': { 5: 'Alive', 6: 'Dead security-group' },
  nat64: { 16: 'Alive', 17: 'Alive', 18: 'Dead no-machine', 19: 'Alive', 20: 'Alive' },
  'ccn-not-attached': { 11: 'Dead no-route', 12: 'Dead no-route' },
  'ccn-route-disabled': { 11: 'Dead no-route', 12: 'Dead no-route' },
  'snat-subnet-acl': { 11: 'Dead snat-acl', 12: 'Dead snat-acl' },
  'cross-region-healthy': { 11: 'Alive', 12: 'Alive' },
  'cross-region-sg': { 11: 'Dead security-group', 12: 'Dead security-group' },
  'cross-region-no-return': { 11: 'Dead no-return', 12: 'Dead no-return' },
  'classic-private': {
    16: 'Dead acl-in',
    17: 'Dead acl-in',
    18: 'Dead acl-in',
    19: 'Dead acl-in',
    20: 'Dead acl-in',
  },
  'classic-private-group': { 16: 'Alive', 17: 'Alive', 18: 'Dead not-listening', 19: 'Alive', 20: 'Alive' },
  'classic-public-stopped': { 16: 'Alive', 17: 'Alive', 18: 'Dead no-machine', 19: 'Alive', 20: 'Alive' },
  'ipvs-loopback': {
    16: 'Dead loopback',
    17: 'Dead loopback',
    18: 'Dead loopback',
    19: 'Dead loopback',
    20: 'Dead loopback',
  },
  'ipvs-from-100-64': { 16: 'Alive', 17: 'Alive', 18: 'Dead not-listening', 19: 'Alive', 20: 'Alive' },
  'stale-node': { 16: 'Alive', 17: 'Alive', 18: 'Dead not-listening', 19: 'Alive', 20: 'Alive' },
  'old-node-port': {
    16: 'Alive',
    17: 'Alive',
    18: 'Alive',
    19: 'Dead not-listening',
    20: 'Dead not-listening',
  },
  'local-policy': {
    16: 'Alive',
    17: 'Alive',
    18: 'Dead not-listening',
    19: 'Dead not-listening',
    20: 'Dead not-listening',
  },
  'no-endpoints': {
    16: 'Dead not-listening',
    17: 'Dead not-listening',
    18: 'Dead not-listening',
    19: 'Dead not-listening',
    20: 'Dead not-listening',
  },
  'kube-proxy-down': { 16: 'Alive', 17: 'Alive', 18: 'Dead not-listening', 19: 'Alive', 20: 'Alive' },
  'readiness-failing': {
    16: 'Dead not-listening',
    17: 'Dead not-listening',
    18: 'Dead not-listening',
    19: 'Dead not-listening',
    20: 'Dead not-listening',
  },
  'changed-before': {
    16: 'Dead security-group',
    17: 'Dead security-group',
    18: 'Dead security-group',
    19: 'Alive',
    20: 'Alive',
  },
  'two-faults': {
    16: 'Dead security-group',
    17: 'Dead security-group',
    18: 'Alive',
    19: 'Alive',
    20: 'Alive',
  },
}

const story = (status: string, fates: readonly Fate[]): string => {
  const troubles = [...new Set(fates)].filter((fate) => fate !== 'answered')
  if (status === 'Close' || troubles.length === 0) return status
  return status === 'Alive' ? `Alive but ${troubles.join()}` : `Dead ${troubles.join()}`
}

const hostOf = (ip: string): string => ip.split(/[.:]/).at(-1) ?? ip

/** Address and status of every backend, as the calls for this kind of CLB report them. */
async function statusesFromApi(cloud: Simulator, id: string, classic: boolean): Promise<unknown> {
  if (classic) {
    const { HealthList } = await ask(cloud, 'clb:DescribeClassicalLBHealthStatus', { LoadBalancerId: id })
    return HealthList.map((one: Response) => [one.IP, one.HealthStatus === 1 ? 'Alive' : 'Dead'])
  }
  const { LoadBalancers } = await ask(cloud, 'clb:DescribeTargetHealth', { LoadBalancerIds: [id] })
  return LoadBalancers[0].Listeners.flatMap((listener: Response) => listener.Rules)
    .flatMap((rule: Response) => rule.Targets)
    .map((one: Response) => [one.IP, one.HealthStatusDetail])
}

let simulator: Simulator | null = null
afterEach(async () => {
  await simulator?.close()
  simulator = null
})

describe('a scenario', () => {
  it('has a story and a unique name', () => {
    const names = SCENARIOS.map(({ name }) => name)
    expect([...names].sort()).toEqual(Object.keys(STORIES).sort())
    expect(new Set(names).size).toBe(names.length)
    expect(findScenario('healthy')?.name).toBe('healthy')
    expect(findScenario('no-such-scenario')).toBeUndefined()
  })

  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    '%s: its packets give the statuses and reasons of its story',
    (name, scenario) => {
      const seen = lookAt(scenario.build(), scenario.loadBalancerId)
      const found = seen.map(({ backend, status, fates }) => [hostOf(backend.ip), story(status, fates)])
      expect(Object.fromEntries(found)).toEqual(STORIES[name])
    },
  )

  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    '%s: the API reports the statuses that its packets give',
    async (_, scenario) => {
      simulator = await startScenario(scenario)
      const seen = lookAt(scenario.build(), scenario.loadBalancerId)
      const classic = seen[0]?.balancer.classic === true
      const reported = await statusesFromApi(simulator, scenario.loadBalancerId, classic)
      expect(reported).toEqual(seen.map(({ backend, status }) => [backend.ip, status]))
    },
  )

  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    '%s: its alarm has the documented fields, and its VIP finds the CLB',
    async (_, scenario) => {
      simulator = await startScenario(scenario)
      const file = new URL('../fixtures/alarms/metric-l7-listener.json', import.meta.url)
      const { payload } = JSON.parse(readFileSync(file, 'utf8'))
      const alarm = scenario.alarm() as Response
      const keys = (value: unknown): unknown =>
        value !== null && typeof value === 'object'
          ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keys(inner)]))
          : typeof value
      expect(keys(alarm)).toEqual(keys(payload))
      const { dimensions } = alarm.alarmObjInfo
      expect(dimensions).toMatchObject({ vip: scenario.vip, objId: `${scenario.vip}#443#https` })
      const { LoadBalancerSet } = await ask(simulator, 'clb:DescribeLoadBalancers', {
        LoadBalancerVips: [dimensions.vip],
      })
      expect(LoadBalancerSet).toMatchObject([{ LoadBalancerId: scenario.loadBalancerId }])
    },
  )

  it.each(SCENARIOS.map(({ name, summary }) => [name, summary] as const))(
    '%s: has a summary of one line in both languages',
    (_, summary) => {
      expect(summary['zh-CN']).toMatch(/\p{Script=Han}/u)
      expect(summary.en).toMatch(/^[\x20-\x7e]+$/)
      expect(summary['zh-CN']).not.toContain('\n')
    },
  )

  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    '%s: a change to one built world does not change the next one',
    (_, scenario) => {
      const fresh = JSON.stringify(scenario.build())
      const spoiled = scenario.build()
      spoiled.machines.length = 0
      for (const group of spoiled.groups) group.rules.length = 0
      for (const acl of spoiled.acls) acl.ingress.length = 0
      for (const { listeners } of spoiled.balancers) for (const one of listeners) one.rules.length = 0
      expect(JSON.stringify(scenario.build())).toBe(fresh)
    },
  )

  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    '%s: its ids have the real form and exist; only instance-gone binds a machine that does not exist',
    (name, scenario) => {
      const world = scenario.build()
      const ids = [
        ...world.vpcs.map(({ id }) => ['vpc', id]),
        ...world.subnets.map(({ id }) => ['subnet', id]),
        ...world.acls.map(({ id }) => ['acl', id]),
        ...world.groups.map(({ id }) => ['sg', id]),
        ...world.machines.map(({ id }) => ['ins', id]),
        ...world.targetGroups.map(({ id }) => ['lbtg', id]),
        ...world.balancers.map(({ id }) => ['lb', id]),
        ...world.balancers.flatMap(({ listeners }) => listeners.map(({ id }) => ['lbl', id])),
        ...world.balancers.flatMap(({ listeners }) =>
          listeners.flatMap(({ rules }) => rules.map(({ id }) => ['loc', id])),
        ),
      ]
      const plain = ids.map(([, id]) => id)
      for (const [prefix, id] of ids) expect(id).toMatch(new RegExp(`^${prefix}-[0-9a-z]{8}$`))
      expect(new Set(plain).size).toBe(plain.length)
      for (const machine of world.machines) for (const id of machine.groups) expect(plain).toContain(id)
      for (const { subnetId } of world.machines) expect(plain).toContain(subnetId)
      for (const { aclId } of world.subnets) if (aclId !== null) expect(plain).toContain(aclId)
      const bound = world.balancers.flatMap(({ listeners }) =>
        listeners.flatMap(({ rules }) => rules.flatMap(({ backends }) => backends)),
      )
      const missing = bound.filter(({ machineId }) => machineId !== null && !plain.includes(machineId))
      expect(missing.map(({ machineId }) => machineId)).toEqual(
        name === 'instance-gone' ? ['ins-web00020'] : [],
      )
    },
  )
})

describe('the details of a story', () => {
  it('sg-blocks-100-64 turns all Alive and sg-exempt-control all Dead if the platform does the opposite', () => {
    const [blocks, exempt] = ['sg-blocks-100-64', 'sg-exempt-control'].map((name) =>
      worldOf(findScenario(name)),
    )
    if (!blocks || !exempt) throw new Error('no world')
    blocks.exempts10064 = true
    exempt.exempts10064 = false
    const statuses = (world: typeof blocks) => lookAt(world, 'lb-7dpmqwcu').map(({ status }) => status)
    expect(statuses(blocks)).toEqual(['Alive', 'Alive', 'Alive', 'Alive', 'Alive'])
    expect(statuses(exempt)).toEqual(['Dead', 'Dead', 'Dead', 'Dead', 'Dead'])
  })

  it('acl-denies-reply is also Dead if the egress port means the source port', () => {
    const world = worldOf(findScenario('acl-denies-reply'))
    world.aclEgressPort = 'source'
    expect(lookAt(world, 'lb-7dpmqwcu').every(({ status }) => status === 'Dead')).toBe(true)
  })

  it('denied-permission refuses every call for ACLs, but not a call for subnets', async () => {
    const scenario = findScenario('denied-permission')
    if (!scenario) throw new Error('no scenario')
    simulator = await startScenario(scenario)
    for (let i = 0; i < 3; i++)
      expect(await codeOf(ask(simulator, 'vpc:DescribeNetworkAcls'))).toBe('UnauthorizedOperation.CamNoAuth')
    expect((await ask(simulator, 'vpc:DescribeSubnets')).TotalCount).toBe(3)
  })

  it('weight-zero has only weights of 0; every other scenario has only weights above 0', () => {
    const weights = (name: string) =>
      lookAt(worldOf(findScenario(name)), 'lb-7dpmqwcu').map(({ backend }) => backend.weight)
    expect(new Set(weights('weight-zero'))).toEqual(new Set([0]))
    for (const { name } of SCENARIOS.filter((one) => one.name !== 'weight-zero'))
      expect([name, weights(name).every((weight) => weight > 0)]).toEqual([name, true])
  })

  it.each(['lb-p2x4k8aa', 'lb-shoptcp1'])('healthy also has the CLB %s, with two Alive backends', (id) => {
    const statuses = lookAt(worldOf(findScenario('healthy')), id).map(({ status }) => status)
    expect(statuses).toEqual(['Alive', 'Alive'])
  })
})

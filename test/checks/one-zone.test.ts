import { describe, expect, it } from 'vitest'
import { findingOf } from '../support/findings.ts'
import { denied, diagnosisOf, findingsOf, group, type Machine, type World } from '../support/snapshots.ts'

const CODE = 'instance-state/one-zone'

const at = (host: number, status: string, zone: string | null, fields: Partial<Machine> = {}): Machine => ({
  host,
  status,
  ...fields,
  instance: { ...(zone === null ? {} : { zone: `ap-guangzhou-${zone}` }), ...fields.instance },
})

const DEAD = [at(16, 'Dead', '4'), at(17, 'Dead', '4'), at(18, 'Dead', '4')]
const ALIVE = [at(21, 'Alive', '3'), at(22, 'Alive', '6')]

const codesOf = (world: World): string => findingsOf(diagnosisOf(world)).join()

describe('failing machines that are all in one zone, with the healthy ones in others', () => {
  it('are told in one line, as a note beside the open question', () => {
    const world = { machines: [...DEAD, ...ALIVE] }
    const diagnosis = diagnosisOf(world)
    const { role, severity, title, detail, explains, fix } = findingOf(diagnosis, CODE)
    expect({ role, severity, explains, fix }).toEqual({
      role: 'note',
      severity: 'info',
      explains: [],
      fix: null,
    })
    expect(title).toContain(
      'All 3 failing machines are in zone ap-guangzhou-4, all 2 healthy ones in other zones',
    )
    expect(detail).toContain('ins-00000016 (10.0.1.16)')
    expect(detail).toContain('status.cloud.tencent.com')
    expect(detail).toContain('Subnets of the failing machines: subnet-web')
    const chinese = findingOf(diagnosisOf(world, 'zh-CN'), CODE)
    expect(chinese.title).toContain('异常的 3 台机器都在可用区 ap-guangzhou-4，正常的 2 台都在其他可用区')
  })

  it('change no verdict and no other finding', () => {
    const same = (zone: string) =>
      diagnosisOf({ machines: [...DEAD, at(21, 'Alive', zone), at(22, 'Alive', '6')] })
    const [with_, without] = [same('3'), same('4')]
    expect(findingsOf(without).join()).not.toContain(CODE)
    expect(findingsOf(with_).filter((one) => !one.includes(CODE))).toEqual(findingsOf(without))
    expect([with_.verdict, with_.attention, with_.gaps]).toEqual([
      without.verdict,
      without.attention,
      without.gaps,
    ])
  })

  it('take the zone of the registration if the machine was not read', () => {
    const machines = [...DEAD, ...ALIVE].map((one) => ({
      ...one,
      registration: { zone: one.instance?.zone ?? '' },
    }))
    const instances = Object.fromEntries(
      machines.map(({ host }) => [`ins-000000${host}`, denied('cvm:DescribeInstances')]),
    )
    const found = findingOf(diagnosisOf({ machines, replace: { instances } }), CODE)
    expect(found.title).toContain('All 3 failing machines')
    expect(found.detail).not.toContain('Subnets')
  })

  it('are counted once each, also with several ports, and named by address without a machine', () => {
    const nameless = (host: number, status: string, zone: string): Machine =>
      at(host, status, null, { registration: { type: 'ENI', instanceId: null, zone } })
    const machines = [nameless(16, 'Dead', 'z4'), nameless(17, 'Dead', 'z4'), ...ALIVE]
    const second = {
      ...nameless(16, 'Dead', 'z4'),
      registration: { type: 'ENI', instanceId: null, zone: 'z4', port: 9090 },
    }
    const { title, detail, resources } = findingOf(diagnosisOf({ machines: [...machines, second] }), CODE)
    expect(title).toContain('All 2 failing machines')
    expect(detail).toContain('10.0.1.16')
    expect(resources.map(({ type, id }) => `${type} ${id}`)).toEqual(['ip 10.0.1.16', 'ip 10.0.1.17'])
  })

  it('are found also if the CLB itself was not read', () => {
    const replace = { loadBalancer: denied('clb:DescribeLoadBalancers') }
    const { resources } = findingOf(diagnosisOf({ machines: [...DEAD, ...ALIVE], replace }), CODE)
    expect(resources.map(({ region }) => region)).toEqual(['ap-guangzhou', 'ap-guangzhou', 'ap-guangzhou'])
  })

  it('are found where their region is another one than the CLB’s', () => {
    const balancer = { targetRegion: 'ap-shanghai', targetVpcId: 'vpc-1ywqac83' }
    const { resources } = findingOf(diagnosisOf({ balancer, machines: [...DEAD, ...ALIVE] }), CODE)
    expect(resources.map(({ region }) => region)).toEqual(['ap-shanghai', 'ap-shanghai', 'ap-shanghai'])
  })
})

describe('nothing is said about a zone', () => {
  const DENY = group('sg-deny', [])
  it.each<readonly [string, readonly Machine[]]>([
    ['if one failing machine is elsewhere', [...DEAD, at(19, 'Dead', '3'), ...ALIVE]],
    ['if one healthy machine is in the zone', [...DEAD, at(20, 'Alive', '4'), ...ALIVE]],
    [
      'if a healthy backend of weight 0 is in the zone',
      [...DEAD, at(20, 'Alive', '4', { weight: 0 }), ...ALIVE],
    ],
    ['if the zone of a failing machine was not read', [...DEAD, at(19, 'Dead', null), ...ALIVE]],
    ['if the zone of a healthy machine was not read', [...DEAD, at(20, 'Alive', null), ...ALIVE]],
    ['about one failing machine', [at(16, 'Dead', '4'), ...ALIVE]],
    [
      'about one failing machine with two ports',
      [at(16, 'Dead', '4'), at(16, 'Dead', '4', { registration: { port: 9090 } }), ...ALIVE],
    ],
    ['beside one healthy machine', [...DEAD, at(21, 'Alive', '3')]],
    ['without a healthy machine', DEAD],
    ['about failing backends of weight 0', [...DEAD.map((one) => ({ ...one, weight: 0 })), ...ALIVE]],
    [
      'about backends that were bound a moment ago',
      [...DEAD.map((one) => ({ ...one, registration: { registeredAt: '2026-11-20 07:59:50' } })), ...ALIVE],
    ],
  ])('%s', (_, machines) => {
    expect(codesOf({ machines })).not.toContain(CODE)
  })

  it('if certain or likely causes explain all of them, and it is said if one is left', () => {
    const machines = [...DEAD.map((one) => ({ ...one, groups: ['sg-deny'] })), ...ALIVE]
    const world = { machines, groups: [DENY] }
    expect(codesOf(world)).toContain('security-group/probe-blocked cause certain')
    expect(codesOf(world)).not.toContain(CODE)
    expect(codesOf({ ...world, machines: [...machines, at(19, 'Dead', '4')] })).toContain(`${CODE} note`)
  })

  it('if healthy machines of another listener are the only ones elsewhere', () => {
    const machines = [...DEAD, ...ALIVE]
    const listener = { protocol: 'HTTP', rules: [] }
    expect(codesOf({ machines, listener })).toContain(CODE)
    const apart = machines.map((one) =>
      one.status === 'Dead' ? one : { ...one, registration: { listenerId: 'lbl-bbbbbbbb' } },
    )
    expect(codesOf({ machines: apart, listener })).not.toContain(CODE)
  })
})

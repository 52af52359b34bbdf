import { describe, expect, it } from 'vitest'
import type { Diagnosis, Finding } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import type { Language } from '../../src/model/language.ts'
import type { AclEntry, Snapshot } from '../../src/model/snapshot.ts'
import { captionOf } from '../../src/render/pools.ts'
import { entry } from '../rules/builders.ts'
import {
  acl,
  allow,
  denied,
  diagnosisOf,
  diagnosisOfSnapshot,
  findingsOf,
  group,
  healthCheck,
  type Machine,
  snapshotOf,
  type World,
} from '../support/snapshots.ts'

// The texts of a finding must be true for the resource that was found.

const LANGUAGES: readonly Language[] = ['zh-CN', 'en']
const at = (host: number, status: string, more: Partial<Machine> = {}): Machine => ({ host, status, ...more })

function found({ findings }: Diagnosis, code: string): Finding {
  const one = findings.find((finding) => finding.code === code)
  if (!one) throw new Error(`${code} is not among ${findings.map((finding) => finding.code)}`)
  return one
}

const open: Partial<AclEntry> = { protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' }
const shut: Partial<AclEntry> = { ...open, action: 'DROP' }
const listed = (...entries: readonly Partial<AclEntry>[]) =>
  entries.map((one, i) => entry({ priority: i + 1, ...one }))
const behindAcl = (
  ingress: Partial<AclEntry>,
  egress: Partial<AclEntry>,
  more: Partial<World> = {},
): World => ({
  machines: [at(16, 'Dead')],
  subnet: { networkAclId: 'acl-web' },
  acls: [acl({ ingress: listed(ingress), egress: listed(egress) })],
  ...more,
})
const PING = { listener: { protocol: 'UDP', healthCheck: healthCheck({ type: 'PING' }) } }

/** 10.0.1.16 belongs to a database. */
const database = (status: string, fields: Partial<World>): World => ({
  machines: [at(16, status, { registration: { type: 'ENI', instanceId: null } })],
  groups: [group('sg-redis', [])],
  replace: {
    instances: {},
    interfaces: { '10.0.1.16': ok(null) },
    addressOwners: { '10.0.1.16': ok({ type: 'REDIS', id: 'crs-1', subnetId: 'subnet-web' }) },
    serviceGroups: { 'crs-1': ok(['sg-redis']) },
  },
  ...fields,
})

describe('an ACL that blocks the reply', () => {
  it.each(LANGUAGES)('is reported without ports if the probe is a ping: %s', (language) => {
    const { acls, subnet } = behindAcl(open, shut)
    for (const [world, code] of [
      [behindAcl(open, shut, PING), 'network-acl/reply-blocked'],
      [
        database('Dead', { ...PING, ...(acls ? { acls } : {}), ...(subnet ? { subnet } : {}) }),
        'managed-service/acl-blocks-reply',
      ],
    ] as const) {
      const { detail, fix } = found(diagnosisOf(world, language), code)
      for (const text of [detail, fix?.summary]) {
        expect(text).toMatch(/ICMP/)
        expect(text).not.toMatch(/1024|ephemeral|临时/)
      }
    }
  })

  it.each(LANGUAGES)('is reported with the reply ports if the probe has a port: %s', (language) => {
    const { detail, fix } = found(diagnosisOf(behindAcl(open, shut), language), 'network-acl/reply-blocked')
    for (const text of [detail, fix?.summary]) expect(text).toContain('1024-65535')
  })
})

describe('the title of a finding', () => {
  const title = (world: World, code: string, language: Language) => {
    const one = found(diagnosisOf(world, language), code)
    expect(one.role).toBe('note')
    return one.title
  }
  const range = { listener: { healthCheck: healthCheck({ sourceIpType: 1 }) } }
  const grouped = (world: Partial<World>): World => ({
    ...range,
    machines: [16, 17, 18].map((host) => at(host, 'Alive', { groups: ['sg-x'] })),
    groups: [group('sg-x', [allow('10.0.0.0/8')])],
    ...world,
  })

  it('says that a security group would block, yet that healthy backends are behind it', () => {
    expect(title(grouped({}), 'security-group/probe-blocked', 'en')).toBe(
      'Security group sg-x would deny the health check (TCP 8080), yet all 3 backends behind it are healthy',
    )
    expect(title(grouped({}), 'security-group/probe-blocked', 'zh-CN')).toBe(
      '安全组 sg-x 按规则会拒绝健康检查（TCP 8080），但受它管控的 3 个后端都正常',
    )
  })

  it('says the same for an ACL in both directions', () => {
    const machines = [at(16, 'Alive')]
    expect(title(behindAcl(shut, open, { machines }), 'network-acl/probe-blocked', 'en')).toBe(
      'The inbound rule with priority 1 of network ACL acl-web would deny the health check, yet the only backend behind it is healthy',
    )
    expect(title(behindAcl(open, shut, { machines }), 'network-acl/reply-blocked', 'zh-CN')).toBe(
      '网络 ACL acl-web 的出站规则（优先级 1）按规则会拒绝健康检查的回包，但受它管控的 1 个后端正常',
    )
  })

  it('says the same for a managed service', () => {
    expect(title(database('Alive', {}), 'managed-service/group-blocks-probe', 'en')).toBe(
      'Security group sg-redis of TencentDB for Redis (crs-1) would deny the health check (TCP 8080), yet the only backend behind it is healthy',
    )
    const { acls, subnet } = behindAcl(open, shut)
    const world = database('Alive', { ...(acls ? { acls } : {}), ...(subnet ? { subnet } : {}) })
    expect(title(world, 'managed-service/acl-blocks-reply', 'zh-CN')).toBe(
      '云数据库 Redis（crs-1）所在子网的网络 ACL acl-web 的出站规则（优先级 1）按规则会拒绝健康检查的回包，但受它管控的 1 个后端正常',
    )
  })

  it('says that the security group blocks if no healthy backend is behind it', () => {
    const dead = grouped({ machines: [at(16, 'Dead', { groups: ['sg-x'] })] })
    expect(found(diagnosisOf(dead), 'security-group/probe-blocked').title).toBe(
      'Security group sg-x does not allow the health check (TCP 8080)',
    )
  })

  it('says that an instance is not running, yet that the backend is healthy', () => {
    const stopped = { machines: [at(16, 'Alive', { instance: { state: 'STOPPED' } })] }
    expect(title(stopped, 'instance-state/not-running', 'en')).toBe(
      'Instance ins-00000016 (10.0.1.16) is stopped, yet 1 backend behind it is healthy',
    )
  })
})

describe('a finding about machines', () => {
  it('lists several of them in its quote, ten at most, and needs no quote for one', () => {
    const stopped = (count: number) =>
      diagnosisOf(
        {
          machines: Array.from({ length: count }, (_, i) =>
            at(16 + i, 'Dead', { instance: { state: 'STOPPED' } }),
          ),
        },
        'zh-CN',
      )
    const code = 'instance-state/not-running'
    expect(found(stopped(1), code)).not.toHaveProperty('quote')
    expect(found(stopped(2), code)).toMatchObject({
      title: '2 台云服务器已关机',
      quote: 'ins-00000016（10.0.1.16）、ins-00000017（10.0.1.17）',
    })
    expect(found(stopped(12), code).quote).toMatch(/（10\.0\.1\.25）等 12 项$/)
  })
})

describe('the advice for a machine', () => {
  const adviceFor = (instance: { state?: string; restrictState?: string }, language: Language): string => {
    const code = instance.state ? 'instance-state/not-running' : 'instance-state/isolated'
    return found(diagnosisOf({ machines: [at(16, 'Dead', { instance })] }, language), code).fix?.summary ?? ''
  }

  it.each([
    ['STOPPED', /^Start ins-00000016;/, /^启动 ins-00000016；/],
    ['STOPPING', /^Start ins-00000016 once the stop is complete/, /关机完成后再启动/],
    ['PENDING', /^Wait until the creation of/, /运行后再看/],
    ['LAUNCH_FAILED', /creation failed/, /创建失败，请解绑/],
    ['SHUTDOWN', /cannot be started/, /不能启动，请解绑/],
    ['TERMINATING', /^Unbind ins-00000016/, /正在销毁，请解绑/],
  ])('fits a machine in the state %s', (state, en, zh) => {
    expect(adviceFor({ state }, 'en')).toMatch(en)
    expect(adviceFor({ state }, 'zh-CN')).toMatch(zh)
  })

  it('is to renew an expired machine, and does not say so for a machine that is isolated for security', () => {
    expect(adviceFor({ restrictState: 'EXPIRED' }, 'en')).toMatch(/^Renew ins-00000016,/)
    expect(adviceFor({ restrictState: 'EXPIRED' }, 'zh-CN')).toContain('续费')
    expect(adviceFor({ restrictState: 'PROTECTIVELY_ISOLATED' }, 'en')).toMatch(/isolated for security/)
    expect(adviceFor({ restrictState: 'PROTECTIVELY_ISOLATED' }, 'zh-CN')).toContain('被安全隔离')
    for (const language of LANGUAGES)
      expect(adviceFor({ restrictState: 'PROTECTIVELY_ISOLATED' }, language)).not.toMatch(/renew|续费/i)
  })
})

describe('a CLB without listeners', () => {
  const bare = (fields: Partial<Snapshot> = {}, language: Language = 'en') =>
    diagnosisOfSnapshot({ ...snapshotOf({ machines: [] }), listeners: ok([]), ...fields }, language)

  it('is a risk with a fix, and the verdict is inconclusive because nothing is probed', () => {
    const diagnosis = bare()
    expect(diagnosis.verdict).toBe('inconclusive')
    expect(findingsOf(diagnosis)).toEqual(['pool-membership/no-targets risk certain'])
    const { title, fix, resources, evidence } = found(diagnosis, 'pool-membership/no-targets')
    expect(title).toBe('lb-7dpmqwcu has no listeners')
    expect(fix?.summary).toBe(
      'Create a listener and bind backends, or delete the CLB if it is no longer used.',
    )
    expect(resources).toMatchObject([{ type: 'clb', id: 'lb-7dpmqwcu', region: 'ap-guangzhou' }])
    expect(evidence).toEqual([{ source: 'clb:DescribeListeners', fact: 'Listeners', value: [] }])
    const zh = found(bare({}, 'zh-CN'), 'pool-membership/no-targets')
    expect([zh.title, zh.fix?.summary]).toEqual([
      'lb-7dpmqwcu 没有监听器',
      '创建监听器并绑定后端服务，或删除不再使用的实例。',
    ])
  })

  it('is not reported if the listeners could not be read', () => {
    const unread = bare({ listeners: denied('clb:DescribeListeners'), health: ok([]) })
    expect(findingsOf(unread)).toEqual([])
  })

  it('has other texts than a pool without backends', () => {
    const { title, fix } = found(diagnosisOf({ machines: [] }), 'pool-membership/no-targets')
    expect([title, fix?.summary]).toEqual([
      'TCP:443 has no backends',
      'Bind backends, or delete listeners and rules that are no longer used.',
    ])
  })
})

describe('short texts', () => {
  const probe = (language: Language) => captionOf({ probe: { via: 'unknown', sources: [] } }, language)

  it('say that the probe source is not known if it is unknown', () => {
    expect(probe('en')).toEqual({ label: 'probes from a source that is not known for sure', values: [] })
    expect(probe('zh-CN')).toEqual({ label: '探测源不确定', values: [] })
  })

  it('name an address without an owner only once', () => {
    const unowned: World = {
      machines: [at(16, 'Dead', { registration: { type: 'ENI', instanceId: null } })],
      replace: {
        instances: {},
        interfaces: { '10.0.1.16': ok(null) },
        addressOwners: { '10.0.1.16': ok(null) },
      },
    }
    const [en, zh] = [found(diagnosisOf(unowned), GONE), found(diagnosisOf(unowned, 'zh-CN'), GONE)]
    expect([en.title, zh.title]).toEqual([
      'Address 10.0.1.16 is no longer in use and still bound',
      '地址 10.0.1.16 已无人使用，仍绑定在监听器上',
    ])
    expect(en.detail).toMatch(/^The listener still has 10\.0\.1\.16, but/)
    expect(zh.detail).toMatch(/^监听器仍绑定着 10\.0\.1\.16，但 VPC 中/)
    const machine = diagnosisOf({ machines: [at(16, 'Dead', { instance: null })] })
    expect(found(machine, GONE).title).toBe(
      'Instance ins-00000016 (10.0.1.16) was terminated and is still bound',
    )
  })

  it('say in both languages that an isolated CLB forwards nothing even if its backends are healthy', () => {
    const isolated = { balancer: { isolated: true }, machines: [at(16, 'Alive')] }
    expect(found(diagnosisOf(isolated), 'load-balancer-state/isolated').detail).toContain(
      'whatever the health of its backends',
    )
    expect(found(diagnosisOf(isolated, 'zh-CN'), 'load-balancer-state/isolated').detail).toContain(
      '无论后端是否正常，都不转发流量',
    )
  })
})

const GONE = 'instance-state/not-found'

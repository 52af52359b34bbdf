import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { tccli } from '../../src/checks/index.ts'
import type { Diagnosis, Fix } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import type { AclEntry, GroupUse } from '../../src/model/snapshot.ts'
import { entry } from '../rules/builders.ts'
import { findingOf } from '../support/findings.ts'
import { statementOf, typeErrorsOf } from '../support/sdk-types.ts'
import {
  acl,
  allow,
  denied,
  diagnosisOf,
  drop,
  group,
  healthCheck,
  type Machine,
  type World,
} from '../support/snapshots.ts'

const down = (host: number, ...groups: readonly string[]): Machine => ({ host, status: 'Dead', groups })
const use = (total: number): ReturnType<typeof ok<GroupUse | null>> => ok({ total, byKind: { CVM: total } })

const fixesOf = (diagnosis: Diagnosis): readonly (Fix | null)[] =>
  diagnosis.findings.filter(({ role }) => role === 'cause' || role === 'risk').map(({ fix }) => fix)

const deadOf = ({ pools }: Diagnosis): readonly string[] =>
  pools.flatMap(({ targets }) => targets.filter(({ status }) => status === 'Dead').map(({ ip }) => ip))

const tccliOf = (fix: Fix | null | undefined): string =>
  fix?.commands?.find(({ tool }) => tool === 'tccli')?.line ?? ''

/** The JSON in a tccli line. */
const bodyOf = (fix: Fix | null | undefined) => JSON.parse(/'(\{.*\})'$/.exec(tccliOf(fix))?.[1] ?? '{}')

const range = { listener: { healthCheck: healthCheck({ sourceIpType: 1 }) } }

describe('the fix of a security group', () => {
  it('goes before the first rule that denies a part of the probes, for every finding', () => {
    const rules = [allow('10.0.0.0/8'), drop('100.64.0.0/16'), allow('100.80.0.0/12'), drop('100.64.0.0/10')]
    const fixes = fixesOf(
      diagnosisOf({ ...range, machines: [down(16, 'sg-x')], groups: [group('sg-x', rules)] }),
    )
    expect(fixes.length).toBeGreaterThan(0)
    for (const fix of fixes) {
      expect(fix?.verified).toBe(true)
      expect(bodyOf(fix).Ingress).toMatchObject([
        { PolicyIndex: 1, CidrBlock: '100.64.0.0/10', Port: '8080' },
      ])
    }
  })

  it('also goes before a rule that is not understood', () => {
    const rules = [{ ...drop('203.0.113.0/24'), port: 'eighty' }, drop('0.0.0.0/0')]
    const [fix] = fixesOf(diagnosisOf({ machines: [down(16, 'sg-x')], groups: [group('sg-x', rules)] }))
    expect([fix?.verified, bodyOf(fix).Ingress[0].PolicyIndex]).toEqual([true, 0])
  })

  it('goes to the end and has no PolicyIndex if only the default deny blocks the probe', () => {
    const [fix] = fixesOf(
      diagnosisOf({ machines: [down(16, 'sg-x')], groups: [group('sg-x', [allow('10.0.0.0/8')])] }),
    )
    expect(fix?.verified).toBe(true)
    expect(fix?.summary).toContain('at the end')
    expect(bodyOf(fix).Ingress).toEqual([
      {
        Protocol: 'TCP',
        Port: '8080',
        CidrBlock: '203.0.113.26/32',
        Action: 'ACCEPT',
        PolicyDescription: 'CLB health check',
      },
    ])
  })

  it('carries the version that was read, so that the API refuses it after another change of the group', () => {
    const world = { machines: [down(16, 'sg-x')], groups: [group('sg-x', [drop('0.0.0.0/0')])] }
    expect(bodyOf(fixesOf(diagnosisOf(world))[0]).Version).toBe('1')
    const unknown = {
      ...world,
      groups: [{ ...group('sg-x', [drop('0.0.0.0/0')]), region: 'ap-guangzhou', version: null }],
    }
    expect(bodyOf(fixesOf(diagnosisOf(unknown))[0])).not.toHaveProperty('Version')
  })

  it('goes to the group that the fewest resources use', () => {
    const world = (uses: Record<string, number>): World => ({
      machines: [down(16, 'sg-all', 'sg-shop')],
      groups: [group('sg-all', [allow('10.0.0.0/8')]), group('sg-shop', [allow('10.0.0.0/8')])],
      replace: { securityGroupUse: Object.fromEntries(Object.entries(uses).map(([id, n]) => [id, use(n)])) },
    })
    const target = (uses: Record<string, number>) => tccliOf(fixesOf(diagnosisOf(world(uses)))[0])
    expect(target({ 'sg-all': 900, 'sg-shop': 2 })).toContain('--SecurityGroupId sg-shop ')
    expect(target({ 'sg-all': 2, 'sg-shop': 900 })).toContain('--SecurityGroupId sg-all ')
  })

  it('goes to the denying group if another group would help in only one order of the groups', () => {
    const [fix] = fixesOf(
      diagnosisOf({
        machines: [down(16, 'sg-shop', 'sg-shut')],
        groups: [group('sg-shop', []), group('sg-shut', [drop('0.0.0.0/0')])],
        replace: { securityGroupUse: { 'sg-shop': use(1), 'sg-shut': use(500) } },
      }),
    )
    expect(fix?.verified).toBe(true)
    expect(tccliOf(fix)).toContain('--SecurityGroupId sg-shut ')
  })

  it('goes to a group that all explained backends have', () => {
    const diagnosis = diagnosisOf({
      machines: [down(16, 'sg-a', 'sg-shut'), down(17, 'sg-b', 'sg-shut')],
      groups: [group('sg-a', []), group('sg-b', []), group('sg-shut', [drop('0.0.0.0/0')])],
    })
    const [fix] = fixesOf(diagnosis)
    expect(findingOf(diagnosis, 'security-group/probe-blocked').explains).toHaveLength(2)
    expect([fix?.verified, tccliOf(fix).includes('--SecurityGroupId sg-shut ')]).toEqual([true, true])
  })

  it('says what else it opens, if there is anything else or it could not be read', () => {
    const widens = (replace: World['replace']) =>
      fixesOf(
        diagnosisOf({
          machines: [down(16, 'sg-x'), down(17, 'sg-x')],
          groups: [group('sg-x', [drop('0.0.0.0/0')])],
          ...(replace ? { replace } : {}),
        }),
      )[0]?.widens
    expect(widens({ securityGroupUse: { 'sg-x': ok({ total: 14, byKind: { CVM: 12, CLB: 2 } }) } })).toBe(
      'the 14 resources bound to this security group (CVM 12, CLB 2)',
    )
    expect(widens({ securityGroupUse: { 'sg-x': use(2) } })).toBeUndefined()
    for (const unread of [undefined, ok(null), denied('vpc:DescribeSecurityGroupAssociationStatistics')])
      expect(widens({ securityGroupUse: unread ? { 'sg-x': unread } : {} })).toContain(
        'could not be read (vpc:DescribeSecurityGroupAssociationStatistics)',
      )
  })

  it('names the rule by its place on the console; only the command has the PolicyIndex', () => {
    const groups = [group('sg-x', [allow('10.0.0.0/8'), drop('0.0.0.0/0')])]
    const said = (language: 'en' | 'zh-CN') =>
      fixesOf(diagnosisOf({ machines: [down(16, 'sg-x')], groups }, language))[0]?.summary
    expect(said('en')).toBe(
      'In the inbound rules of security group sg-x, before rule 2, allow 203.0.113.26 → TCP 8080',
    )
    expect(said('zh-CN')).toBe('在安全组 sg-x 入站第 2 条规则之前允许 203.0.113.26 → TCP 8080')
  })

  it('opens adjacent ports and adjacent sources with one rule', () => {
    const bound = [8080, 8081, 8082, 9090].map((port, i) => ({
      ...down(16 + i, 'sg-x'),
      registration: { port },
    }))
    const [fix] = fixesOf(diagnosisOf({ machines: bound, groups: [group('sg-x', [])] }))
    expect(fix?.verified).toBe(true)
    expect(bodyOf(fix).Ingress.map(({ Port }: { Port: string }) => Port)).toEqual(['8080-8082', '9090'])
    expect(fix?.summary).toContain('allow 203.0.113.26 → TCP 8080-8082, TCP 9090')
    const pair = { listener: { healthCheck: healthCheck({ sourceIpType: 0 }) } }
    const vips = { balancer: { vips: ['203.0.113.26', '203.0.113.27'] } }
    const [joined] = fixesOf(
      diagnosisOf({ ...pair, ...vips, machines: [down(16, 'sg-x')], groups: [group('sg-x', [])] }),
    )
    expect(bodyOf(joined).Ingress.map(({ CidrBlock }: { CidrBlock: string }) => CidrBlock)).toEqual([
      '203.0.113.26/31',
    ])
  })

  it('comes as a Terraform resource only for IPv4, because the resource supports only IPv4', () => {
    const terraform = (world: World) =>
      fixesOf(diagnosisOf(world))[0]
        ?.commands?.filter(({ tool }) => tool === 'terraform')
        .map(({ line }) => line)
    const groups = [group('sg-x', [allow('10.0.0.0/8'), drop('0.0.0.0/0')])]
    expect(terraform({ machines: [down(16, 'sg-x')], groups })).toEqual([
      [
        '# Not for a group with a tencentcloud_security_group_rule_set: add the rule there instead.',
        'resource "tencentcloud_security_group_rule" "clb_health_check_sg-x_tcp_8080_203-0-113-26-32" {',
        '  security_group_id = "sg-x"',
        '  type              = "ingress"',
        '  ip_protocol       = "TCP"',
        '  port_range        = "8080"',
        '  cidr_ip           = "203.0.113.26/32"',
        '  policy            = "ACCEPT"',
        '  policy_index      = 1',
        '  description       = "CLB health check"',
        '}',
      ].join('\n'),
    ])
    const both = { listener: { healthCheck: healthCheck({ sourceIpType: null }) } }
    const lines = terraform({ ...both, machines: [down(16, 'sg-x')], groups }) ?? []
    const indices = lines.join('\n').match(/policy_index .*/g)
    // Terraform creates them in any order. Each must come before the deny rule.
    expect(indices).toEqual(['policy_index      = 1', 'policy_index      = 1'])
    const six = { ...down(16, 'sg-x'), registration: { ip: '2001:db8::16' } }
    const diagnosis = { balancer: { vips: ['2001:db8::1'] }, groups, machines: [six] }
    expect(deadOf(diagnosisOf(diagnosis))).toEqual(['2001:db8::16'])
    expect(terraform(diagnosis)).toEqual([])
  })
})

describe('the fix of a network ACL', () => {
  const open: Partial<AclEntry> = { protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' }
  const shut: Partial<AclEntry> = { ...open, action: 'DROP' }
  const listed = (...entries: readonly Partial<AclEntry>[]) =>
    entries.map((one, i) => entry({ priority: i + 1, ...one }))
  const behind = (fields: Parameters<typeof acl>[0], more: Partial<World> = {}): World => ({
    machines: [down(16, 'sg-open')],
    subnet: { networkAclId: 'acl-web' },
    acls: [acl(fields)],
    ...more,
  })

  it('goes before the first entry that denies the probe', () => {
    const ingress = listed({ ...open, cidr: '10.0.0.0/8' }, shut)
    const [fix] = fixesOf(diagnosisOf(behind({ ingress, egress: listed(open) })))
    expect(fix?.verified).toBe(true)
    expect(bodyOf(fix).Ingress).toMatchObject([{ Priority: 2, Port: '8080', CidrBlock: '203.0.113.26/32' }])
    expect(fix?.widens).toBe('every address in the subnets of this network ACL (subnet-web)')
  })

  it.each([
    [8080, ['1024-65535']],
    [80, ['1024-65535', '80']],
  ])('with the service port %i opens only the ports that both readings need for the reply', (port, ports) => {
    const listener = { healthCheck: healthCheck({ port }) }
    const [fix] = fixesOf(diagnosisOf(behind({ ingress: listed(open), egress: listed(shut) }, { listener })))
    expect(fix?.verified).toBe(true)
    expect(bodyOf(fix).Egress.map((one: { Port: string }) => one.Port)).toEqual(ports)
  })

  it('says which ports a reply entry opens and why, and what to do if the API refuses the place', () => {
    const [fix] = fixesOf(diagnosisOf(behind({ ingress: listed(open), egress: listed(shut) })))
    expect(fix?.summary).toBe(
      'In the outbound rules of network ACL acl-web, before the rule with priority 1, allow replies → 203.0.113.26 TCP 1024-65535',
    )
    expect(fix?.notes).toEqual([
      'This lets in the health check only. Client traffic stays blocked: let clients in to TCP 8080, too',
      'The replies from TCP 8080 go to a port of the prober. Which one is not documented, so 1024-65535 has to be open.',
      'The documents do not agree whether the port of an outbound rule is the source port or the destination port; this rule fits both.',
      'If it is refused because the priority is taken, insert it at this place on the console.',
    ])
    const [last] = fixesOf(diagnosisOf(behind({ ingress: listed(open), egress: [] })))
    expect(last?.summary).toContain('at the end, allow replies → 203.0.113.26 TCP 1024-65535')
    expect(last?.notes?.join()).not.toContain('refuses')
  })

  it('names the backends in a quintuple ACL, or their subnet if there are many', () => {
    const five = { protocol: 'ALL', action: 'DROP', sourceCidr: '0.0.0.0/0', destinationCidr: '0.0.0.0/0' }
    const fields = {
      kind: 'quintuple',
      ingress: listed(five),
      egress: listed({ ...five, action: 'ACCEPT' }),
    } as const
    const destinations = (hosts: readonly number[]) => {
      const machines = hosts.map((host) => down(host, 'sg-open'))
      const [fix] = fixesOf(diagnosisOf(behind(fields, { machines })))
      expect([fix?.verified, fix?.widens]).toEqual([true, undefined])
      return bodyOf(fix).Ingress.map((one: { DestinationCidr: string }) => one.DestinationCidr)
    }
    expect(destinations([16, 17])).toEqual(['10.0.1.16/31'])
    expect(destinations([1, 3, 5, 7, 9, 11, 13, 15, 17])).toEqual(['10.0.1.0/24'])
  })

  it('counts the priorities of IPv4 and IPv6 separately', () => {
    const six = { cidr: null, ipv6Cidr: '::/0' }
    const ingress = [...listed(open, open, shut), ...listed({ ...shut, ...six })]
    const machine = { ...down(16, 'sg-open'), registration: { ip: '2001:db8::16' } }
    const world = behind(
      { ingress, egress: [...listed(open), ...listed({ ...open, ...six })] },
      {
        balancer: { vips: ['2001:db8::1'], passToTarget: true },
        machines: [machine],
      },
    )
    expect(deadOf(diagnosisOf(world))).toEqual(['2001:db8::16'])
    const [fix] = fixesOf(diagnosisOf(world))
    expect(fix?.verified).toBe(true)
    expect(bodyOf(fix).Ingress).toMatchObject([{ Priority: 1, Ipv6CidrBlock: '2001:db8::1/128' }])
  })

  it('has no port for a ping', () => {
    const listener = { protocol: 'UDP', healthCheck: healthCheck({ type: 'PING' }) }
    const [fix] = fixesOf(diagnosisOf(behind({ ingress: listed(shut), egress: listed(open) }, { listener })))
    expect(fix?.verified).toBe(true)
    expect(bodyOf(fix).Ingress[0]).toEqual({
      Protocol: 'ICMP',
      CidrBlock: '203.0.113.26/32',
      Action: 'ACCEPT',
      Priority: 1,
      Description: 'CLB health check',
    })
  })
})

describe('the kind of a fix', () => {
  it('says whether it opens a rule, changes settings, puts an earlier state back or is advice', () => {
    const stopped = { ...down(16, 'sg-open'), instance: { state: 'STOPPED' } }
    const gone = { ...down(17, 'sg-open'), instance: null }
    const kinds = diagnosisOf({
      machines: [stopped, gone, down(18, 'sg-x')],
      groups: [group('sg-x', [drop('0.0.0.0/0')])],
    }).findings.map(({ code, fix }) => [code, fix?.kind])
    expect(Object.fromEntries(kinds)).toMatchObject({
      'instance-state/not-running': 'restore',
      'instance-state/not-found': 'settings',
      'security-group/probe-blocked': 'open',
    })
  })
})

describe('every command', () => {
  it('survives a shell, whatever a value holds', () => {
    const values = { Name: 'it\'s $HOME `id` \\ "x"', Path: '/a?b&c', Set: { Description: "don't; rm" } }
    const { line } = tccli('vpc Test', 'ap-guangzhou', values)
    const words = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' }).split('\0')
    expect(words.slice(0, -1)).toEqual([
      'tccli',
      'vpc',
      'Test',
      '--region',
      'ap-guangzhou',
      '--Name',
      values.Name,
      '--Path',
      values.Path,
      '--Set',
      JSON.stringify(values.Set),
    ])
  })

  it('matches the request type of the SDK', () => {
    const five = { protocol: 'ALL', action: 'DROP', sourceCidr: '0.0.0.0/0', destinationCidr: '0.0.0.0/0' }
    const shut = { protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'DROP' }
    const withAcl = (fields: Parameters<typeof acl>[0]): World => ({
      machines: [down(16, 'sg-open')],
      subnet: { networkAclId: 'acl-web' },
      acls: [acl(fields)],
    })
    const location = {
      locationId: 'loc-1',
      domain: 'a.example',
      url: '/',
      healthCheck: healthCheck({ type: 'HTTP' }),
      forwardType: 'HTTP',
      targetType: 'NODE',
      targetGroupIds: [],
      redirectsTo: null,
    }
    // A private CLB of an IPVS cluster. One Dead backend is a node of the cluster, the other is not.
    const cluster = (own: NonNullable<World['listener']>): World => ({
      listener: own,
      machines: [16, 17].map((host) => {
        const bound = { port: 31_080, locationId: own.rules ? location.locationId : null }
        return { host, status: 'Dead', registration: bound }
      }),
      balancer: { networkType: 'INTERNAL', vips: ['10.0.0.30'], tags: { 'tke-clusterId': 'cls-1' } },
      replace: {
        clusters: { 'cls-1': ok({ id: 'cls-1', name: '', ipvs: true }) },
        clusterNodes: { 'cls-1': ok([{ id: 'ins-00000016', ip: '10.0.1.16' }]) },
      },
    })
    const worlds: readonly World[] = [
      { machines: [down(16, 'sg-x')], groups: [group('sg-x', [drop('0.0.0.0/0')])] },
      { ...range, machines: [down(16, 'sg-x')], groups: [group('sg-x', [])] },
      withAcl({ ingress: [entry({ priority: 1, ...shut })], egress: [] }),
      withAcl({ kind: 'quintuple', ingress: [entry({ priority: 1, ...five })], egress: [] }),
      cluster({}),
      cluster({ protocol: 'HTTP', healthCheck: null, rules: [location] }),
    ]
    const commands = worlds
      .flatMap((world) => fixesOf(diagnosisOf(world)).map(tccliOf))
      .filter((line) => line !== '')
    const actions = new Set(commands.map((line) => line.split(' ')[2]))
    expect([...actions].sort()).toEqual([
      'CreateNetworkAclEntries',
      'CreateNetworkAclQuintupleEntries',
      'CreateSecurityGroupPolicies',
      'DeregisterTargets',
      'ModifyListener',
      'ModifyRule',
    ])
    expect(typeErrorsOf(commands.map(statementOf).join('\n'))).toEqual([])
    // A wrong field name gives an error.
    expect(typeErrorsOf(statementOf(commands[0]?.replace('CidrBlock', 'Cidr') ?? '')).length).toBe(1)
  })
})

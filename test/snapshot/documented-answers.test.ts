import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { CloudSession } from '../../src/cloud/cloud.ts'
import { type Fact, ok } from '../../src/model/fact.ts'
import { readClassic } from '../../src/snapshot/classic.ts'
import { readClusters, readNodes } from '../../src/snapshot/clusters.ts'
import { readInstances, readInterfaces, readSubnets } from '../../src/snapshot/computers.ts'
import { readHealth, readListeners, readRegistrations } from '../../src/snapshot/listeners.ts'
import { readLoadBalancer } from '../../src/snapshot/load-balancer.ts'
import { readListedAcls, readQuintupleAcls } from '../../src/snapshot/network-acls.ts'
import { readExpanded, readGroupUse, readSecurityGroups } from '../../src/snapshot/security-groups.ts'
import { readGroupMembers, readTargetGroups } from '../../src/snapshot/target-groups.ts'
import { readTemplates } from '../../src/snapshot/templates.ts'
import { sessionOf } from '../support/cloud.ts'

// The collectors read the example answers of the vendor. test/fixtures/tencent-api names their source.

const WHERE = { region: 'ap-guangzhou', wave: 1 }

interface Sample {
  readonly examples: readonly { readonly response: { readonly Response: Record<string, unknown> } }[]
}

const sampleOf = (action: string): Sample =>
  JSON.parse(
    readFileSync(
      new URL(`../fixtures/tencent-api/${action.replace(':', '-')}.json`, import.meta.url),
      'utf8',
    ),
  )

/** Answers every action with one of its examples, changed by `change`. */
function documented(
  pick: number,
  change: (answer: Record<string, unknown>) => void = () => {},
): CloudSession {
  return sessionOf((action) => {
    const { examples } = sampleOf(action)
    const answer = structuredClone(examples[pick % examples.length]?.response.Response ?? {})
    change(answer)
    return answer
  })
}

const value = <T>(fact: Fact<T> | undefined): T => {
  if (fact?.state !== 'ok') throw new Error(JSON.stringify(fact))
  return fact.value
}

describe('the documented answer', () => {
  it('of DescribeLoadBalancers gives a CLB', async () => {
    expect(await readLoadBalancer(documented(0), 'lb-9vpm****', WHERE)).toMatchObject({
      networkType: 'OPEN',
      generation: 'application',
      ipVersion: 'ipv4',
      vips: ['119.***.***.51'],
      passToTarget: false,
      isolated: false,
      blocked: false,
      snatIps: [],
      targetRegion: 'ap-guangzhou',
    })
  })

  it('of DescribeListeners gives the stop flag and the source type', async () => {
    const [listener] = await readListeners(documented(0), 'lb-1', WHERE)
    expect(listener).toMatchObject({
      id: 'lbl-hd9nfp6o',
      protocol: 'TCP',
      stopped: true,
      endPort: null,
      healthCheck: { enabled: true, type: 'TCP', port: null, sourceIpType: 0, intervalSeconds: 5 },
      rules: [],
    })
  })

  it('of DescribeListeners says by a flag if SNAT is on, and without flags says nothing', async () => {
    const snatOf = async (AttrFlags: unknown) => {
      const session = documented(0, ({ Listeners }) => {
        for (const own of (Listeners ?? []) as Record<string, unknown>[]) Object.assign(own, { AttrFlags })
      })
      return (await readListeners(session, 'lb-1', WHERE))[0]?.snat
    }
    expect(await snatOf(['SnatEnable'])).toBe(true)
    expect(await snatOf(['Stop'])).toBe(false)
    expect(await snatOf([])).toBe(false)
    expect(await snatOf(null)).toBeUndefined()
  })

  it('of DescribeTargetGroups says by a field if SNAT is on', async () => {
    const snatOf = async (fields: object) => {
      const session = documented(0, ({ TargetGroupSet }) => {
        for (const own of (TargetGroupSet ?? []) as Record<string, unknown>[]) Object.assign(own, fields)
      })
      return value((await readTargetGroups(session, ['lbtg-xxxxxxxx'], WHERE))['lbtg-xxxxxxxx'])?.snat
    }
    expect(await snatOf({ SnatEnable: true })).toBe(true)
    expect(await snatOf({ SnatEnable: false })).toBe(false)
    expect(await snatOf({})).toBeUndefined()
  })

  it('of DescribeTargets gives the type CVM for "cvm", and no interface for ""', async () => {
    const all = await readRegistrations(documented(1), 'lb-1', WHERE)
    expect(all.map(({ type, eniId, ip, port, locationId }) => [type, eniId, ip, port, locationId])).toEqual([
      ['CVM', null, '172.16.0.12', 555, 'loc-o9732aw0'],
      ['CVM', null, '172.16.0.12', 666, null],
    ])
  })

  it('of DescribeTargetHealth gives the status in the detail, not the boolean that contradicts it', async () => {
    const records = await readHealth(documented(0), 'lb-qc2iq5yc', WHERE)
    expect(records.map(({ ip, detail }) => [ip, detail])).toEqual([
      ['172.16.0.6', 'Dead'],
      ['172.16.0.12', 'Dead'],
    ])
  })

  it('of the classic calls gives a listener, its registration and the health by port and protocol', async () => {
    // The three examples are of different CLBs. Their listeners get the ports of the health answer.
    const session = documented(0, ({ Listeners }) => {
      for (const own of (Listeners ?? []) as Record<string, unknown>[])
        Object.assign(own, { ListenerPort: 111, InstancePort: 1111 })
    })
    const { listeners, registrations, health } = await readClassic(session, 'lb-a3u5l5zc', WHERE)
    expect(value(listeners)).toMatchObject([
      {
        id: 'lbl-3jur3gei',
        protocol: 'TCP',
        port: 111,
        classic: true,
        healthCheck: { enabled: true, type: 'TCP', intervalSeconds: 5, httpCodes: null, path: null },
      },
    ])
    expect(value(registrations)).toEqual([
      {
        listenerId: 'lbl-3jur3gei',
        locationId: null,
        type: 'CVM',
        instanceId: 'ins-odjhn6vc',
        eniId: null,
        targetGroupId: null,
        name: 'vpc02',
        ip: '10.104.63.53',
        port: 1111,
        weight: 30,
      },
    ])
    expect(value(health).map(({ listenerId, ip, port, detail }) => [listenerId, ip, port, detail])).toEqual([
      ['lbl-3jur3gei', '10.142.9.250', 1111, 'Dead'],
      ['lbl-3jur3gei', '10.104.63.53', 1111, 'Dead'],
      ['lbl-3jur3gei', '10.104.126.68', 1111, 'Dead'],
    ])
  })

  it('of the TKE calls gives an unknown mode if the fields contradict each other, and nodes with addresses', async () => {
    const clusters = await readClusters(documented(0), ['cls-ayzfpv5c'], WHERE)
    expect(value(clusters['cls-ayzfpv5c'])).toEqual({ id: 'cls-ayzfpv5c', name: 'yctest', ipvs: null })
    const nodes = await readNodes(documented(0), ['cls-7ph3twqe'], WHERE)
    expect(value(nodes['cls-7ph3twqe'])).toEqual([{ id: 'ins-ocd7e1lx', ip: '9.165.0.2' }])
  })

  it('of DescribeSecurityGroupPolicies gives the templates of a rule, and null for ""', async () => {
    const facts = await readSecurityGroups(documented(0), ['sg-ohuuioma'], WHERE)
    expect(value(facts['sg-ohuuioma']).ingress[0]).toMatchObject({
      index: 0,
      service: { id: 'ppm-f5n1f8da', groupId: null },
      address: { id: null, groupId: 'ipmg-2uw6ujo6' },
      cidr: null,
      action: 'ACCEPT',
      protocol: null,
    })
  })

  it('of DescribeSecurityGroupAssociationStatistics gives the uses of a group by kind, or null', async () => {
    const facts = await readGroupUse(documented(0), ['sg-ohuuioma', 'sg-2quou3gv', 'sg-nobody00'], WHERE)
    expect(value(facts['sg-ohuuioma'])).toEqual({ total: 1, byKind: { CVM: 1 } })
    expect(value(facts['sg-nobody00'])).toBeNull()
  })

  it('of DescribeSecurityGroupExpandedPolicies without rows fits a group without rules', async () => {
    const group = { id: 'sg-brf5xqjr', region: 'ap-guangzhou', version: '0', ingress: [] }
    expect(value((await readExpanded(documented(0), [group], WHERE))['sg-brf5xqjr'])).toEqual(group)
  })

  it('of DescribeNetworkAcls gives IPv4 and IPv6 entries with their own priorities', async () => {
    const facts = await readListedAcls(documented(1), ['vpc-nwg3twqu'], WHERE)
    const [listed] = value(facts['vpc-nwg3twqu'])
    expect(listed?.quintuple).toBe(false)
    expect(listed?.acl.ingress.map((one) => [one.priority, one.cidr, one.ipv6Cidr, one.action])).toEqual([
      [1, null, '::/0', 'Drop'],
      [1, '172.16.0.0/16', null, 'Drop'],
      [2, '0.0.0.0/0', null, 'Drop'],
    ])
  })

  it('of DescribeNetworkAclQuintupleEntries gives every entry in one of the two directions', async () => {
    const listed = {
      id: 'acl-1',
      name: '',
      vpcId: null,
      region: 'ap-guangzhou',
      subnetIds: null,
      kind: 'quintuple',
      ingress: [],
      egress: [],
    } as const
    const facts = await readQuintupleAcls(documented(0), [listed], WHERE)
    const { ingress, egress } = value(facts['acl-1'])
    const [example] = sampleOf('vpc:DescribeNetworkAclQuintupleEntries').examples
    const all = example?.response.Response.NetworkAclQuintupleSet as unknown[]
    expect(ingress.length + egress.length).toBe(all.length)
  })

  it.each([
    ['cvm:DescribeInstances', readInstances],
    ['vpc:DescribeSubnets', readSubnets],
    ['clb:DescribeTargetGroups', readTargetGroups],
  ] as const)('of %s gives null or malformed for an id that it does not contain', async (action, read) => {
    for (const [i] of sampleOf(action).examples.entries()) {
      const fact = (await read(documented(i), ['id-that-is-not-there'], WHERE))['id-that-is-not-there']
      expect([null, 'malformed']).toContain(fact?.state === 'ok' ? fact.value : fact?.failure.problem)
    }
  })

  it('of the template calls gives the members by id', async () => {
    for (const [action, prefix] of [
      ['vpc:DescribeAddressTemplates', 'ipm-'],
      ['vpc:DescribeAddressTemplateGroups', 'ipmg-'],
      ['vpc:DescribeServiceTemplates', 'ppm-'],
      ['vpc:DescribeServiceTemplateGroups', 'ppmg-'],
    ] as const) {
      const text = JSON.stringify(sampleOf(action).examples[0]?.response)
      const id = new RegExp(`"(${prefix}[a-z0-9]+)"`).exec(text)?.[1] ?? ''
      const facts = await readTemplates(documented(0), action, [id], WHERE)
      expect([action, (value(facts[id]) ?? []).length > 0]).toEqual([action, true])
    }
  })

  it('of a template gives the members of either list, and null if both lists are empty', async () => {
    const cases = [
      ['vpc:DescribeAddressTemplates', 'AddressTemplateSet', 'AddressSet', 'AddressExtraSet'],
      ['vpc:DescribeServiceTemplates', 'ServiceTemplateSet', 'ServiceSet', 'ServiceExtraSet'],
      ['vpc:DescribeAddressTemplateGroups', 'AddressTemplateGroupSet', 'AddressTemplateIdSet', ''],
      ['vpc:DescribeServiceTemplateGroups', 'ServiceTemplateGroupSet', 'ServiceTemplateIdSet', ''],
    ] as const
    for (const [action, set, plain, remarked] of cases) {
      const without = async (...fields: readonly string[]) => {
        const session = documented(0, (answer) => {
          const [template] = answer[set] as Record<string, unknown>[]
          for (const field of fields) if (template && field !== '') template[field] = []
        })
        const id = /"((?:ipm|ppm)g?-[a-z0-9]+)"/.exec(
          JSON.stringify(sampleOf(action).examples[0]?.response.Response[set]).replace(/"[a-z]+-[xy]+"/g, ''),
        )?.[1]
        return Object.values(await readTemplates(session, action, [id ?? ''], WHERE)).map(value)[0]
      }
      const whole = await without()
      if (remarked !== '') expect([action, await without(plain)]).toEqual([action, whole])
      expect([action, await without(remarked)]).toEqual([action, whole])
      expect([action, await without(plain, remarked)]).toEqual([action, null])
    }
  })

  it('of DescribeTargetGroupInstances gives the members', async () => {
    const facts = await readGroupMembers(documented(0), ['lbtg-5xunivs0'], WHERE)
    expect(value(facts['lbtg-5xunivs0']).length).toBeGreaterThan(0)
  })
})

describe('an answer with a missing field', () => {
  const without = (field: string): CloudSession =>
    documented(0, (answer) => {
      delete answer[field]
    })

  it('is malformed, never an empty list', async () => {
    const malformed = { problem: 'malformed' }
    await expect(readListeners(without('Listeners'), 'lb-1', WHERE)).rejects.toMatchObject(malformed)
    await expect(readRegistrations(without('Listeners'), 'lb-1', WHERE)).rejects.toMatchObject(malformed)
    await expect(readHealth(without('LoadBalancers'), 'lb-qc2iq5yc', WHERE)).rejects.toMatchObject(malformed)
    for (const field of ['Listeners', 'Targets', 'HealthList'])
      expect(Object.values(await readClassic(without(field), 'lb-1', WHERE))).toContainEqual({
        state: 'failed',
        failure: expect.objectContaining(malformed),
      })
    await expect(readLoadBalancer(without('LoadBalancerSet'), 'lb-1', WHERE)).rejects.toMatchObject(malformed)
    const facts = await readSecurityGroups(without('SecurityGroupPolicySet'), ['sg-1'], WHERE)
    expect(facts['sg-1']).toMatchObject({ state: 'failed', failure: malformed })
  })
})

describe('a target whose status has only the misspelt name', () => {
  it('has that status, and the right name goes first', async () => {
    const health = (status: object) => {
      const target = { IP: '10.0.1.16', Port: 8080, ...status }
      const listener = { ListenerId: 'lbl-1', Protocol: 'TCP', Port: 443, Rules: [{ Targets: [target] }] }
      return readHealth(
        sessionOf(() => ({ LoadBalancers: [{ LoadBalancerId: 'lb-1', Listeners: [listener] }] })),
        'lb-1',
        WHERE,
      )
    }
    expect(await health({ HealthStatusDetial: 'Dead' })).toMatchObject([{ detail: 'Dead' }])
    expect(await health({ HealthStatusDetail: '', HealthStatusDetial: 'Dead' })).toMatchObject([
      { detail: 'Dead' },
    ])
    expect(await health({ HealthStatusDetail: 'Alive', HealthStatusDetial: 'Dead' })).toMatchObject([
      { detail: 'Alive' },
    ])
    expect(await health({ HealthStatus: true })).toMatchObject([{ detail: null }])
  })
})

describe('a template that the answer counts and does not list', () => {
  it.each([
    'vpc:DescribeAddressTemplates',
    'vpc:DescribeAddressTemplateGroups',
    'vpc:DescribeServiceTemplates',
    'vpc:DescribeServiceTemplateGroups',
  ] as const)('is unread, not deleted (%s)', async (action) => {
    const set = `${action.slice('vpc:Describe'.length, -1)}Set`
    const answer = (total: number) => sessionOf(() => ({ TotalCount: total, [set]: [] }))
    expect(await readTemplates(answer(1), action, ['ipm-1'], WHERE)).toMatchObject({
      'ipm-1': { state: 'failed', failure: { problem: 'malformed' } },
    })
    expect(await readTemplates(answer(0), action, ['ipm-1'], WHERE)).toEqual({ 'ipm-1': ok(null) })
  })
})

describe('an interface search', () => {
  it('keeps only the exact address, because the API also matches one address by its suffix', async () => {
    const nic = (id: string, ip: string) => ({
      NetworkInterfaceId: id,
      VpcId: 'vpc-1',
      PrivateIpAddressSet: [{ PrivateIpAddress: ip }],
    })
    const set = [nic('eni-other', '110.0.0.1'), nic('eni-right', '10.0.0.1')]
    const cloud = sessionOf(() => ({ TotalCount: 2, NetworkInterfaceSet: set }))
    const facts = await readInterfaces(cloud, ['10.0.0.1'], 'vpc-1', WHERE)
    expect(value(facts['10.0.0.1'])?.id).toBe('eni-right')
  })
})

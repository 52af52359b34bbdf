import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { type Fact, ok } from '../../src/model/fact.ts'
import type { Cluster, Registration, Snapshot } from '../../src/model/snapshot.ts'
import { SHOP } from '../../src/simulator/base.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { worldOf } from '../simulator/support.ts'
import { findingOf, gapOf } from '../support/findings.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import {
  denied,
  diagnosisOf,
  drop,
  findingsOf,
  group,
  healthCheck,
  listener,
  type Machine,
  type World,
} from '../support/snapshots.ts'

const PORT = 31_080
const node = (host: number, status: string, fields: Partial<Registration> = {}): Machine => ({
  host,
  status,
  registration: { port: PORT, ...fields },
})
const cluster = (ipvs: boolean | null): Fact<Cluster | null> => ok({ id: 'cls-1', name: 'shop', ipvs })
const world = (
  fact: Fact<Cluster | null>,
  machines: readonly Machine[],
  fields: Partial<World> = {},
): World => ({
  machines,
  ...fields,
  balancer: {
    networkType: 'INTERNAL',
    vips: ['10.0.0.30'],
    tags: { 'tke-clusterId': 'cls-1' },
    ...fields.balancer,
  },
  replace: { clusters: { 'cls-1': fact }, ...fields.replace },
})

const outcomeOf = ({ checks }: Diagnosis) => checks.find(({ check }) => check === 'ipvs-loopback')?.outcome
const causesOf = (diagnosis: Diagnosis) => findingsOf(diagnosis).filter((line) => line.includes(' cause '))
const dead = [node(16, 'Dead'), node(17, 'Dead')]

describe('an IPVS node behind a private CLB', () => {
  it('is a possible cause for NodePorts and GlobalRouter pods, and the detail says that the documents differ', () => {
    const pod = node(17, 'Dead', { type: 'GLOBALROUTE', port: 8080 })
    for (const language of ['en', 'zh-CN'] as const) {
      const diagnosis = diagnosisOf(world(cluster(true), [node(16, 'Dead'), pod]), language)
      expect(causesOf(diagnosis)).toEqual(['ipvs-loopback/vip-on-node cause possible → 16,17'])
      const { title, detail } = findingOf(diagnosis, 'ipvs-loopback/vip-on-node')
      expect(title).toMatch(/may hold|可能/)
      expect(detail).toMatch(/documents differ|说法不一/)
      expect(detail).toContain('kube-ipvs0')
    }
  })

  it('leaves a gap for its backends, with the command that settles it', () => {
    const { gaps } = diagnosisOf(world(cluster(true), dead))
    expect(gaps).toHaveLength(1)
    expect(gapOf({ gaps }, 'these 2 NodePorts').why).toContain('only a possible one')
    expect(gapOf({ gaps }, 'these 2 NodePorts').byHand).toContainEqual(
      expect.stringMatching(/^clb-doctor guest-judge - --target=\S+ --source=10\.0\.0\.30\/32 /),
    )
  })

  it('is only a contributor beside a certain cause of the same backends', () => {
    const closed = group('sg-closed', [drop('0.0.0.0/0', 'ALL')])
    const given = world(
      cluster(true),
      dead.map((one) => ({ ...one, groups: ['sg-closed'] })),
      { groups: [closed] },
    )
    expect(findingsOf(diagnosisOf(given)).slice(0, 2)).toEqual([
      'security-group/probe-blocked cause certain → 16,17',
      'ipvs-loopback/vip-on-node contributor possible → 16,17',
    ])
  })

  it.each([
    ['en', 'is assumed'],
    ['zh-CN', '这里假定'],
  ] as const)(
    'has a detail that says that the backends are assumed to be nodes if the nodes could not be read: %s',
    (language, words) => {
      const nodes = (fact: Snapshot['clusterNodes'][string]) =>
        world(cluster(true), dead, {
          replace: { clusters: { 'cls-1': cluster(true) }, clusterNodes: { 'cls-1': fact } },
        })
      const read = ok([16, 17].map((host) => ({ id: `ins-000000${host}`, ip: `10.0.1.${host}` })))
      const [known, unknown] = [nodes(read), nodes(denied('tke:DescribeClusterInstances'))].map((given) =>
        diagnosisOf(given, language),
      )
      expect(findingOf(known, 'ipvs-loopback/vip-on-node').detail).not.toContain(words)
      expect(findingOf(unknown, 'ipvs-loopback/vip-on-node').detail).toContain(words)
      expect(unknown && causesOf(unknown)).toEqual(['ipvs-loopback/vip-on-node cause possible → 16,17'])
    },
  )

  it('has another cause if it no longer exists', () => {
    const gone = { ...node(17, 'Dead'), instance: null }
    expect(causesOf(diagnosisOf(world(cluster(true), [node(16, 'Dead'), gone])))).toEqual([
      'instance-state/not-found cause certain → 17',
      'ipvs-loopback/vip-on-node cause possible → 16',
    ])
  })

  it('is fixed by one command with the source type and every other setting, after the TkeServiceConfig', () => {
    const found = findingOf(diagnosisOf(world(cluster(true), dead)), 'ipvs-loopback/vip-on-node')
    expect(found?.fix).toMatchObject({ verified: false, summary: expect.stringContaining('100.64.0.0/10') })
    expect(found?.fix?.summary).toContain('TkeServiceConfig')
    const lines = found?.fix?.commands?.map(({ line }) => line) ?? []
    expect(lines.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'kubectl get svc,ingress',
      'kubectl get tkeserviceconfigs',
      'tccli clb ModifyListener',
    ])
    expect(lines.at(-1)).toBe(
      `tccli clb ModifyListener --region ap-guangzhou --LoadBalancerId lb-7dpmqwcu --ListenerId lbl-aaaaaaaa --HealthCheck '{"HealthSwitch":1,"TimeOut":2,"IntervalTime":5,"HealthNum":3,"UnHealthNum":3,"CheckType":"TCP","SourceIpType":1}'`,
    )
  })

  it('is fixed on the rule if the rule has the health check', () => {
    const found = findingOf(
      diagnosisOf(world(cluster(true), [ofRule], { listener: layer7 })),
      'ipvs-loopback/vip-on-node',
    )
    expect(found?.fix?.commands?.at(-1)?.line).toContain(
      `clb ModifyRule --region ap-guangzhou --LoadBalancerId lb-7dpmqwcu --ListenerId ${listener().id} --LocationId loc-1 `,
    )
  })

  it('is only a note if a node of the same cluster is healthy', () => {
    const diagnosis = diagnosisOf(world(cluster(true), [node(16, 'Dead'), node(17, 'Alive')]))
    expect(findingsOf(diagnosis)).toContain('ipvs-loopback/vip-on-node note possible')
    expect(causesOf(diagnosis)).toEqual([])
  })

  it('is a possible cause without a command if the probe source is unknown', () => {
    const given = world(cluster(true), dead, {
      listener: { healthCheck: healthCheck({ sourceIpType: null }) },
    })
    const diagnosis = diagnosisOf(given)
    expect(causesOf(diagnosis)).toEqual(['ipvs-loopback/vip-on-node cause possible → 16,17'])
    expect(findingOf(diagnosis, 'ipvs-loopback/vip-on-node').fix?.commands).toBeUndefined()
  })

  it('is one cause of listeners probed from the VIP and of others whose source is unknown', () => {
    const unsaid = { locationId: 'loc-2', url: '/b', healthCheck: healthCheck({ sourceIpType: null }) }
    const rules = layer7.rules.flatMap((own) => [own, { ...own, ...unsaid }])
    const listener = { ...layer7, rules }
    const given = world(cluster(true), [ofRule, node(17, 'Dead', { locationId: 'loc-2' })], { listener })
    const diagnosis = diagnosisOf(given)
    expect(causesOf(diagnosis)).toEqual(['ipvs-loopback/vip-on-node cause possible → 16,17'])
    const { fix, evidence } = findingOf(diagnosis, 'ipvs-loopback/vip-on-node')
    const lines = (fix?.commands ?? []).map(({ line }) => line).filter((line) => line.startsWith('tccli clb'))
    expect(lines).toEqual([expect.stringContaining('loc-1')])
    expect(fix?.summary).toContain('Leave out HTTP:443 a.example/b')
    expect(evidence.map(({ value }) => value)).toEqual([true, 0, null])
  })
})

const layer7 = {
  protocol: 'HTTP',
  healthCheck: null,
  rules: [
    {
      locationId: 'loc-1',
      domain: 'a.example',
      url: '/',
      healthCheck: healthCheck({ type: 'HTTP' }),
      forwardType: 'HTTP',
      targetType: 'NODE',
      targetGroupIds: [],
      redirectsTo: null,
    },
  ],
}
const ofRule = node(16, 'Dead', { locationId: 'loc-1' })
const tagged = (...tags: readonly string[]) => ({
  tags: { 'tke-clusterId': 'cls-1', ...Object.fromEntries(tags.map((tag) => [tag, 'x'])) },
})

describe('an IPVS node behind a public CLB', () => {
  it('is a possible cause as well, because kube-proxy binds every address of a Service', () => {
    const given = world(cluster(true), dead, { balancer: { networkType: 'OPEN', vips: ['203.0.113.26'] } })
    const diagnosis = diagnosisOf(given)
    expect(causesOf(diagnosis)).toEqual(['ipvs-loopback/vip-on-node cause possible → 16,17'])
    expect(findingOf(diagnosis, 'ipvs-loopback/vip-on-node').detail).toContain('is a public CLB')
  })
})

describe('the IPVS finding', () => {
  const cases: readonly (readonly [string, string, World])[] = [
    ['for a cluster in another mode', 'pass', world(cluster(false), dead)],
    ['if the mode of the cluster is ambiguous', 'unknown', world(cluster(null), dead)],
    ['if the cluster does not exist', 'unknown', world(ok(null), dead)],
    ['if the cluster could not be read', 'unknown', world(denied('tke:DescribeClusters'), dead)],
    [
      'for a public CLB whose backends are healthy',
      'not-applicable',
      world(cluster(true), [node(16, 'Alive')], { balancer: { networkType: 'OPEN' } }),
    ],
    ['for a CLB without the tag', 'not-applicable', world(cluster(true), dead, { balancer: { tags: {} } })],
    [
      'for probes from 100.64.0.0/10',
      'pass',
      world(cluster(true), dead, { listener: { healthCheck: healthCheck({ sourceIpType: 1 }) } }),
    ],
    [
      'for pods with their own network interfaces',
      'not-applicable',
      world(cluster(true), [node(16, 'Dead', { type: 'ENI', port: 8080 })]),
    ],
    [
      'for an Ingress, because kube-proxy does not bind its address',
      'not-applicable',
      world(cluster(true), [ofRule], { listener: layer7, balancer: tagged('tke-lb-ingress-uuid') }),
    ],
    [
      'for a machine that is not a node',
      'not-applicable',
      world(cluster(true), [node(16, 'Dead')], {
        replace: { clusters: { 'cls-1': cluster(true) }, clusterNodes: { 'cls-1': ok([]) } },
      }),
    ],
  ]
  it.each(cases)('is not reported %s, and the outcome of the check is %s', (_, outcome, given) => {
    const diagnosis = diagnosisOf(given)
    expect(outcomeOf(diagnosis)).toBe(outcome)
    expect(diagnosis.findings.filter(({ code }) => code.startsWith('ipvs-loopback/'))).toEqual([])
  })

  it('is reported for a layer-4 listener of an Ingress CLB, and for its rules if the CLB is also for a Service', () => {
    const both = tagged('tke-lb-ingress-uuid', 'tke-lb-serviceuuid')
    for (const given of [
      world(cluster(true), [node(16, 'Dead')], { balancer: tagged('tke-lb-ingress-uuid') }),
      world(cluster(true), [ofRule], { listener: layer7, balancer: both }),
    ])
      expect(causesOf(diagnosisOf(given))).toEqual(['ipvs-loopback/vip-on-node cause possible → 16'])
  })

  it('is not reported if the cluster could not be read, and the gap of the backends names the action', () => {
    const diagnosis = diagnosisOf(world(denied('tke:DescribeClusters'), dead))
    expect(diagnosis.gaps).toContainEqual(
      expect.objectContaining({ action: 'tke:DescribeClusters', grant: 'tke:DescribeClusters' }),
    )
    const open = diagnosis.gaps.find(({ byHand }) => byHand !== undefined)
    expect(open?.why).toContain('tke:DescribeClusters could not be read')
    expect(open?.byHand).toContainEqual(
      expect.stringMatching(/^clb-doctor guest-judge - --target=\S+ --source=10\.0\.0\.30\/32 /),
    )
    expect(causesOf(diagnosis)).toEqual([])
  })
})

describe('the cluster', () => {
  it('is read once and needs no further wave', async () => {
    const { calls, diagnosis } = await diagnoseSimulated(worldOf(findScenario('ipvs-loopback')))
    expect(calls.count('tke:DescribeClusters')).toBe(1)
    expect(diagnosis.stats.waves).toBe(3)
  })

  it('is not read if the probes come from 100.64.0.0/10', async () => {
    const { calls } = await diagnoseSimulated(worldOf(findScenario('ipvs-from-100-64')))
    expect(calls.count('tke:DescribeClusters')).toBe(0)
  })

  it('is not read for an Ingress, and nothing is reported', async () => {
    const given = worldOf(findScenario('ipvs-loopback'))
    for (const front of given.balancers.filter(({ id }) => id === SHOP)) {
      front.tags['tke-lb-ingress-uuid'] = 'a1b2c3'
      for (const one of front.listeners) one.protocol = 'HTTP'
    }
    const { calls, diagnosis } = await diagnoseSimulated(given)
    expect(calls.count('tke:DescribeClusters')).toBe(0)
    expect([diagnosis.verdict, findingsOf(diagnosis)]).toEqual(['healthy', []])
  })

  it('is healthy with a note if its kube-proxy does not bind the VIP', async () => {
    const given = worldOf(findScenario('ipvs-loopback'))
    for (const one of given.clusters) one.unbound = true
    const { diagnosis } = await diagnoseSimulated(given)
    expect([diagnosis.verdict, findingsOf(diagnosis)]).toEqual([
      'healthy',
      ['ipvs-loopback/vip-on-node note possible'],
    ])
  })

  it('leaves the check unknown if its read is denied, and the gap names the grant', async () => {
    const { diagnosis } = await diagnoseSimulated(worldOf(findScenario('ipvs-loopback')), {
      'tke:DescribeClusters': { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' },
    })
    expect([outcomeOf(diagnosis), causesOf(diagnosis)]).toEqual(['unknown', []])
    expect(diagnosis.gaps.flatMap(({ grant }) => grant ?? [])).toEqual(['tke:DescribeClusters'])
  })
})

import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { ok, unread } from '../../src/model/fact.ts'
import {
  CLB_GATE,
  KUBERNETES_RULES,
  type Kubernetes,
  type KubernetesKind,
  kubernetesAction,
} from '../../src/model/kubernetes.ts'
import { findingOf } from '../support/findings.ts'
import { type HandReason, lookedInto } from '../support/guests.ts'
import {
  cluster,
  container,
  endpoint,
  NODE_PORT,
  node,
  pod,
  port,
  proxy,
  service,
  slice,
} from '../support/kubernetes.ts'
import {
  diagnosisOf,
  drop,
  findingsOf,
  group,
  healthCheck,
  type Machine,
  type World,
} from '../support/snapshots.ts'

const HOSTS = [16, 17, 18]
const machine = (host: number, status: string, fields: Partial<Machine> = {}): Machine => ({
  host,
  status,
  ...fields,
  registration: { port: NODE_PORT, ...fields.registration },
})
const podMachine = (host: number, status: string, own = 8080): Machine =>
  machine(host, status, {
    registration: { type: 'GLOBALROUTE', ip: `172.16.1.${host}`, port: own },
  })
const TAGS = { 'tke-clusterId': 'cls-1', 'tke-createdBy-flag': 'yes' }

function worldOf(
  statuses: readonly string[],
  view: Partial<Kubernetes> | null,
  fields: Partial<World> = {},
): World {
  return {
    machines: statuses.map((status, i) => machine(HOSTS[i] ?? 0, status)),
    ...fields,
    balancer: { tags: TAGS, ...fields.balancer },
    replace: { ...(view ? { kubernetes: ok(cluster(HOSTS, view)) } : {}), ...fields.replace },
  }
}

const outcomesOf = ({ checks }: Diagnosis) =>
  Object.fromEntries(
    checks.filter(({ check }) => check.startsWith('tke-')).map(({ check, outcome }) => [check, outcome]),
  )
const codesOf = (diagnosis: Diagnosis): readonly string[] =>
  findingsOf(diagnosis).filter((line) => /^(tke-(node|pod)|target-drift)\//.test(line))
const found = (world: World): readonly string[] => codesOf(diagnosisOf(world))
const refused = (kind: KubernetesKind) =>
  unread({
    problem: 'denied',
    action: kubernetesAction(KUBERNETES_RULES[kind]),
    code: 'Http403',
    message: 'HTTP 403',
  })

describe('a cluster in which all is well', () => {
  it('passes, and says nothing if every backend is healthy', () => {
    const diagnosis = diagnosisOf(worldOf(['Alive', 'Alive', 'Alive'], {}))
    expect(outcomesOf(diagnosis)).toEqual({ 'tke-mode': 'pass', 'tke-node': 'pass', 'tke-pod': 'pass' })
    expect(diagnosis.findings).toEqual([])
  })

  it('leaves a Dead backend open, with the mode as a note', () => {
    const diagnosis = diagnosisOf(worldOf(['Dead', 'Alive', 'Alive'], {}))
    expect(codesOf(diagnosis)).toEqual([])
    const note = findingOf(diagnosis, 'tke-mode/node-port')
    expect([note.role, note.certainty]).toEqual(['note', 'certain'])
    expect(note.title).toContain('shop/web')
  })
})

describe('the node of a backend', () => {
  it('is named if it is not ready, and its kube-proxy and pods are not told beside it', () => {
    const view = {
      nodes: ok([node(16, { isReady: false, reason: 'NodeStatusUnknown' }), node(17), node(18)]),
      proxies: ok([proxy(16, { isReady: false }), proxy(17), proxy(18)]),
    }
    const diagnosis = diagnosisOf(worldOf(['Dead', 'Alive', 'Alive'], view))
    expect(codesOf(diagnosis)).toEqual(['tke-node/not-ready cause likely → 16'])
    expect(findingOf(diagnosis, 'tke-node/not-ready').detail).toContain('NodeStatusUnknown')
  })

  it('is not the cause of its own healthy backend', () => {
    const view = { nodes: ok([node(16, { isReady: false }), node(17), node(18)]) }
    expect(found(worldOf(['Alive', 'Dead', 'Alive'], view))).toEqual(['tke-node/not-ready note possible'])
  })

  it.each([
    [
      'is not ready',
      [
        proxy(16, {
          isReady: false,
          containers: [container({ isReady: false, waiting: 'CrashLoopBackOff' })],
        }),
        proxy(17),
        proxy(18),
      ],
    ],
    ['does not exist', [proxy(17), proxy(18)]],
  ])('is named if its kube-proxy %s', (_, proxies) => {
    expect(found(worldOf(['Dead', 'Alive', 'Alive'], { proxies: ok(proxies) }))).toEqual([
      'tke-node/kube-proxy-not-ready cause likely → 16',
    ])
  })

  it('needs no kube-proxy in a cluster that has none', () => {
    const view = { proxies: ok([]), proxySet: ok(null) }
    const diagnosis = diagnosisOf(worldOf(['Dead', 'Alive', 'Alive'], view))
    expect([codesOf(diagnosis), outcomesOf(diagnosis)['tke-node']]).toEqual([[], 'pass'])
  })

  it('is Dead by design without a pod under externalTrafficPolicy Local', () => {
    const view = {
      services: ok([service({ isLocal: true })]),
      slices: ok([slice([endpoint(17)])]),
      pods: ok([pod(17)]),
    }
    const diagnosis = diagnosisOf(worldOf(['Dead', 'Alive', 'Dead'], view))
    expect(codesOf(diagnosis)).toEqual(['tke-node/local-policy-no-pod cause certain → 16,18'])
    const { fix, detail } = findingOf(diagnosis, 'tke-node/local-policy-no-pod')
    expect(detail).toContain('node-16, node-18 have no ready pod. The ready ones are on node-17.')
    const one = diagnosisOf(worldOf(['Dead', 'Alive'], view))
    expect(findingOf(one, 'tke-node/local-policy-no-pod').detail).toContain('node-16 has no ready pod.')
    expect(fix?.commands?.map(({ line }) => line)).toEqual([
      'kubectl annotate service web -n shop service.kubernetes.io/local-svc-only-bind-node-with-pod=true',
    ])
  })

  it.each([
    [
      'a pod on its way out still serves there',
      [endpoint(16, { isReady: false, isTerminating: true }), endpoint(17)],
    ],
    ['it is not known on which node a pod is', [endpoint(16, { node: null }), endpoint(17)]],
  ])('is not called Dead by design if %s', (_, endpoints) => {
    const view = { services: ok([service({ isLocal: true })]), slices: ok([slice(endpoints)]) }
    expect(found(worldOf(['Dead', 'Alive', 'Alive'], view))).toEqual(
      endpoints.some((one) => one.node === null) ? [] : ['tke-node/local-policy-no-pod note possible'],
    )
  })
})

describe('forwarding between nodes', () => {
  const shut = group('sg-shut', [
    drop('10.0.1.0/24', '8080'),
    { protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' },
  ])
  const machines = [machine(16, 'Dead'), machine(17, 'Alive', { groups: ['sg-shut'] }), machine(18, 'Dead')]
  const one = { slices: ok([slice([endpoint(17)])]), pods: ok([pod(17)]) }

  it('is named if the group of the node with all pods denies what the others hand on', () => {
    const diagnosis = diagnosisOf(worldOf([], one, { machines, groups: [shut] }))
    expect(codesOf(diagnosis)).toEqual(['tke-node/node-port-blocked cause likely → 16,18'])
    const { resources, detail, fix } = findingOf(diagnosis, 'tke-node/node-port-blocked')
    expect(fix?.summary).toContain('Do not open 30000-32768 to all sources')
    expect(resources.map(({ id }) => id)).toEqual(['sg-shut', 'shop/web'])
    expect(detail).toContain('8080')
  })

  it('is only a risk if another pod can be reached', () => {
    const both = { slices: ok([slice([endpoint(17), endpoint(18)])]), pods: ok([pod(17), pod(18)]) }
    const alive = machines.map((own) => ({ ...own, status: 'Alive' }))
    expect(found(worldOf([], both, { machines: alive, groups: [shut] }))).toEqual([
      'tke-node/node-port-blocked risk likely',
    ])
  })

  it.each([
    [
      'under the policy Local',
      {
        services: ok([service({ isLocal: true })]),
        slices: ok([slice(HOSTS.map((host) => endpoint(host)))]),
      },
    ],
    [
      'to pods with an interface of their own',
      { slices: ok([slice([endpoint(17, { addresses: ['10.0.1.200'] })])]) },
    ],
  ])('is not looked at %s', (_, view) => {
    expect(found(worldOf([], { ...one, ...view }, { machines, groups: [shut] }))).toEqual([])
  })
})

describe('the pods behind a NodePort', () => {
  const crashing = container({ isReady: false, waiting: 'CrashLoopBackOff', restarts: 7 })
  const failing = container({ isReady: false })
  const sick = (own: typeof crashing): Partial<Kubernetes> => ({
    pods: ok(HOSTS.map((host) => pod(host, { isReady: false, containers: [own] }))),
    slices: ok([slice(HOSTS.map((host) => endpoint(host, { isReady: false, isServing: false })))]),
  })
  const all = ['Dead', 'Dead', 'Dead']

  it.each([
    ['no pod fits the selector', { pods: ok([]), slices: ok([slice([])]) }, 'no-endpoints'],
    [
      'the pods were not read, and no endpoint is ready',
      { pods: refused('pods'), slices: ok([slice([])]) },
      'no-endpoints',
    ],
    ['all crash', sick(crashing), 'not-ready'],
    ['all fail their readiness probe', sick(failing), 'readiness-failing'],
    [
      'no container has the named port',
      {
        services: ok([service({ ports: [port({ targetPort: 'web' })] })]),
        slices: ok([slice([], { ports: [] })]),
      },
      'wrong-container-port',
    ],
  ] as const)('explain every backend if %s', (_, view, reason) => {
    expect(found(worldOf(all, view))).toEqual([`tke-pod/${reason} cause certain → 16,17,18`])
  })

  it('are named with what they wait for and how often they started', () => {
    const { title, quote, evidence } = findingOf(
      diagnosisOf(
        worldOf(all, {
          ...sick(crashing),
          events: ok([
            {
              kind: 'Pod',
              namespace: 'shop',
              name: 'web-16',
              reason: 'BackOff',
              message: 'Back-off restarting',
              at: null,
            },
          ]),
        }),
      ),
      'tke-pod/not-ready',
    )
    expect([title, quote]).toEqual([
      expect.stringContaining('CrashLoopBackOff ×7'),
      expect.stringContaining('web-16: CrashLoopBackOff ×7'),
    ])
    expect(evidence.map(({ value }) => value)).toContain('Back-off restarting')
  })

  it('have a readiness probe that is quoted', () => {
    expect(findingOf(diagnosisOf(worldOf(all, sick(failing))), 'tke-pod/readiness-failing').detail).toContain(
      'HTTP :8080/ready',
    )
  })

  it('are no cause as long as one is ready', () => {
    const view = {
      pods: ok([pod(16, { isReady: false, containers: [crashing] }), pod(17), pod(18)]),
      slices: ok([slice([endpoint(16, { isReady: false, isServing: false }), endpoint(17), endpoint(18)])]),
    }
    expect(found(worldOf(['Dead', 'Alive', 'Alive'], view))).toEqual([])
  })

  it('only possibly have the wrong port if they do not declare it, since they may listen on it', () => {
    const view = { services: ok([service({ ports: [port({ targetPort: 9090 })] })]) }
    expect(found(worldOf(all, view))).toEqual(['tke-pod/wrong-container-port cause possible → 16,17,18'])
    expect(found(worldOf(['Dead', 'Alive', 'Dead'], view))).toEqual([])
  })

  it('cannot be told while one of them goes and still serves', () => {
    const view = { slices: ok([slice([endpoint(16, { isReady: false, isTerminating: true })])]) }
    const diagnosis = diagnosisOf(worldOf(all, view))
    expect([codesOf(diagnosis), outcomesOf(diagnosis)['tke-pod']]).toEqual([[], 'unknown'])
  })
})

describe('a health check that does not ask the NodePort', () => {
  const none = { pods: ok([]), slices: ok([slice([])]) }
  const checked = (fields: Parameters<typeof healthCheck>[0]) =>
    found(worldOf(['Dead', 'Dead', 'Dead'], none, { listener: { healthCheck: healthCheck(fields) } }))

  it.each([
    ['a ping', { type: 'PING' }],
    ['another port of the machine', { port: 9100 }],
  ])('because it is %s says nothing of the pods', (_, fields) => {
    expect(checked(fields)).toEqual([])
  })

  it('but the status of the healthCheckNodePort or a NodePort of the same Service fails with its pods', () => {
    const line = ['tke-pod/no-endpoints cause certain → 16,17,18']
    const local = service({ isLocal: true, healthCheckNodePort: 31_999 })
    expect(
      found(
        worldOf(
          ['Dead', 'Dead', 'Dead'],
          { ...none, services: ok([local]) },
          { listener: { healthCheck: healthCheck({ port: 31_999, type: 'HTTP', httpCodes: 2 }) } },
        ),
      ),
    ).toEqual(line)
    expect(
      found(
        worldOf([], none, {
          machines: HOSTS.map((host) => machine(host, 'Dead', { registration: { port: 32_000 } })),
          listener: { port: 8443, healthCheck: healthCheck({ port: NODE_PORT }) },
        }),
      ),
    ).toEqual(line)
  })
})

describe('an address that its machine does not have any more', () => {
  it('is not taken for the node that the machine is', () => {
    const moved = node(16, { addresses: ['10.0.1.99'] })
    const view = {
      nodes: ok([moved, node(17), node(18)]),
      proxies: ok([proxy(16, { isReady: false }), proxy(17), proxy(18)]),
    }
    const diagnosis = diagnosisOf(worldOf(['Dead', 'Alive', 'Alive'], view))
    expect([codesOf(diagnosis), outcomesOf(diagnosis)['tke-node']]).toEqual([[], 'unknown'])
  })
})

describe('a pod that is bound directly', () => {
  const direct = (statuses: readonly string[], view: Partial<Kubernetes>, own = 8080): World =>
    worldOf(
      [],
      { services: ok([service({ isDirect: true })]), ...view },
      {
        machines: statuses.map((status, i) => podMachine(HOSTS[i] ?? 0, status, i === 0 ? own : 8080)),
      },
    )
  const one = (fields: Parameters<typeof pod>[1]) => ({ pods: ok([pod(16, fields), pod(17), pod(18)]) })

  it('is told by itself if its readiness probe fails', () => {
    const view = one({ isReady: false, containers: [container({ isReady: false })] })
    expect(found(direct(['Dead', 'Alive', 'Alive'], view))).toEqual([
      'tke-pod/readiness-failing cause likely → 16',
    ])
  })

  it('is not the reason itself if only the readiness gate of the CLB is open', () => {
    const view = one({ isReady: false, openGates: [CLB_GATE] })
    const diagnosis = diagnosisOf(direct(['Dead', 'Alive', 'Alive'], view))
    expect([codesOf(diagnosis), outcomesOf(diagnosis)['tke-pod']]).toEqual([[], 'pass'])
    expect(findingOf(diagnosis, 'tke-mode/direct').role).toBe('note')
  })

  it('is stale if no endpoint has its address any more', () => {
    const view = { slices: ok([slice([endpoint(17), endpoint(18)])]) }
    const diagnosis = diagnosisOf(direct(['Dead', 'Alive', 'Alive'], view))
    expect(codesOf(diagnosis)).toEqual(['target-drift/stale-target cause likely → 16'])
  })

  it('is bound with another port than the pod serves', () => {
    expect(found(direct(['Dead', 'Alive', 'Alive'], {}, 9090))).toEqual([
      'target-drift/port-mismatch cause likely → 16',
    ])
  })

  it('fails with its node', () => {
    const view = { nodes: ok([node(16, { isReady: false, reason: 'KubeletNotReady' }), node(17), node(18)]) }
    expect(found(direct(['Dead', 'Alive', 'Alive'], view))).toEqual(['tke-node/not-ready cause likely → 16'])
  })
})

describe('a NodePort that the Service does not have', () => {
  const old = [
    machine(16, 'Dead', { registration: { port: 30_500 } }),
    machine(17, 'Alive'),
    machine(18, 'Alive'),
  ]

  it('is a mismatch by the Service itself, also if no backend is healthy', () => {
    const all = HOSTS.map((host) => machine(host, 'Dead', { registration: { port: 30_500 } }))
    expect(found(worldOf([], {}, { machines: old }))).toEqual([
      'target-drift/port-mismatch cause likely → 16',
    ])
    expect(found(worldOf([], {}, { machines: all }))).toEqual([
      'target-drift/port-mismatch cause likely → 16,17,18',
    ])
  })

  it('stayed because of mode: skip, and the finding says so', () => {
    const detailOf = (isSkipped: boolean) =>
      findingOf(
        diagnosisOf(worldOf([], { services: ok([service({ isSkipped })]) }, { machines: old })),
        'target-drift/port-mismatch',
      ).detail
    expect([detailOf(true), detailOf(false)]).toEqual([
      expect.stringContaining('shop/web has the annotation mode: skip'),
      expect.stringContaining('Neither the Service nor an Ingress in front of it has mode: skip'),
    ])
  })

  it('is only possible on a listener that no Service has, by its healthy neighbours', () => {
    expect(found(worldOf([], {}, { machines: old, listener: { port: 8443 } }))).toEqual([
      'target-drift/port-mismatch cause possible → 16',
    ])
    const rule = {
      locationId: 'loc-1',
      domain: 'a',
      url: '/',
      healthCheck: healthCheck(),
      forwardType: null,
      targetType: null,
      targetGroupIds: [],
      redirectsTo: null,
    }
    const https = { protocol: 'HTTPS', rules: [rule] }
    const machines = old.map((one) => ({
      ...one,
      registration: { ...one.registration, locationId: 'loc-1' },
    }))
    expect(found(worldOf([], {}, { machines, listener: https }))).toEqual([
      'target-drift/port-mismatch cause possible → 16',
    ])
  })

  it('is bound on a machine that is no node any more', () => {
    const view = { nodes: ok([node(17), node(18)]) }
    expect(found(worldOf(['Dead', 'Alive', 'Alive'], view))).toEqual([
      'target-drift/stale-target cause likely → 16',
    ])
  })
})

describe('a kubeconfig', () => {
  it('of another cluster concludes nothing, and a gap says so', () => {
    const other = { services: ok([service({ clbIds: ['lb-other000'] })]), nodes: ok([]), slices: ok([]) }
    const diagnosis = diagnosisOf(worldOf(['Dead', 'Dead', 'Alive'], other))
    expect(codesOf(diagnosis)).toEqual([])
    expect(outcomesOf(diagnosis)).toEqual({
      'tke-mode': 'unknown',
      'tke-node': 'unknown',
      'tke-pod': 'unknown',
    })
    expect(diagnosis.checks.find(({ check }) => check === 'tke-pod')?.reason).toBe('no-service-of-this-clb')
    const gap = diagnosis.gaps.find(({ what }) => what.includes('lb-7dpmqwcu'))
    expect(gap?.why).toMatch(/shop \(10\.0\.0\.2:443\).*another cluster.*cls-1/)
  })

  it('that is not set leaves the cluster unknown, and the mode by type and port', () => {
    const diagnosis = diagnosisOf(worldOf(['Dead', 'Alive', 'Alive'], null))
    expect(outcomesOf(diagnosis)).toEqual({
      'tke-mode': 'found',
      'tke-node': 'unknown',
      'tke-pod': 'unknown',
    })
    expect(findingOf(diagnosis, 'tke-mode/node-port').certainty).toBe('likely')
  })

  it('finds the Service by its uid in the tags, by the VIP, and by a NodePort of a cluster without tags', () => {
    const broken = { pods: ok([]), slices: ok([slice([])]) }
    const named = (fields: Parameters<typeof service>[0], balancer: World['balancer']) =>
      found(
        worldOf(
          ['Dead', 'Dead', 'Dead'],
          { ...broken, services: ok([service({ clbIds: [], ...fields })]) },
          { balancer: balancer ?? {} },
        ),
      )
    const line = ['tke-pod/no-endpoints cause certain → 16,17,18']
    expect(named({}, { tags: { ...TAGS, 'tke-lb-serviceuuid': 'uid-web' } })).toEqual(line)
    expect(named({}, { tags: { 'uid-web:tke-lb-serviceId': 'x' } })).toEqual(line)
    expect(named({ addresses: ['203.0.113.26'] }, { tags: TAGS })).toEqual(line)
    expect(named({ type: 'NodePort' }, { tags: {} })).toEqual(line)
    // The tags name a cluster, and the Service of that name has no CLB.
    expect(named({}, { tags: TAGS })).toEqual([])
  })

  it('of a cluster with equal private addresses does not mislead', () => {
    const strangers = HOSTS.map((host) => node(host, { instanceId: `ins-other0${host}` }))
    const view = {
      services: ok([service({ clbIds: [] })]),
      nodes: ok(strangers),
      slices: ok([slice([])]),
      pods: ok([]),
    }
    const diagnosis = diagnosisOf(worldOf(['Dead', 'Dead', 'Dead'], view, { balancer: { tags: {} } }))
    expect(codesOf(diagnosis)).toEqual([])
  })
})

describe('a kind that RBAC denies', () => {
  it.each(Object.keys(KUBERNETES_RULES) as KubernetesKind[])('%s is a gap with the rule to grant', (kind) => {
    const diagnosis = diagnosisOf(worldOf(['Dead', 'Alive', 'Alive'], { [kind]: refused(kind) }))
    const { verb, resource } = KUBERNETES_RULES[kind]
    const gap = diagnosis.gaps.find(({ action }) => action === `kubernetes:${verb} ${resource}`)
    expect(gap).toMatchObject({ grant: `${verb} ${resource}`, errorCode: 'Http403' })
    expect(gap?.why).toContain('deploy/clusterrole.yaml')
    expect(gap?.byHand?.[0]).toMatch(/^kubectl get .* -A -o json \| clb-doctor guest-judge -/)
  })

  it('is not told as another kind of API if its list is too long', () => {
    const nodes = unread({
      problem: 'malformed',
      action: 'kubernetes:list nodes',
      code: 'TooMany',
      message: '10000',
    })
    const diagnosis = diagnosisOf(worldOf(['Dead', 'Alive', 'Alive'], { nodes }))
    const gap = diagnosis.gaps.find(({ errorCode }) => errorCode === 'TooMany')
    expect(gap?.why).toContain('more than 10000 entries')
  })

  it('leaves what rests on it unknown', () => {
    const outcome = (kind: KubernetesKind, check: string) =>
      outcomesOf(diagnosisOf(worldOf(['Dead', 'Dead', 'Dead'], { [kind]: refused(kind) })))[check]
    expect([
      outcome('services', 'tke-pod'),
      outcome('slices', 'tke-pod'),
      outcome('nodes', 'tke-node'),
      outcome('proxies', 'tke-node'),
    ]).toEqual(['unknown', 'unknown', 'unknown', 'unknown'])
  })
})

describe('the rules of kube-proxy on the node itself', () => {
  const none = {
    code: 'tke-pod/no-endpoints',
    outcome: 'refused',
    stage: 'listener',
    params: { service: 'shop/web' },
  } as const
  const local = { code: 'tke-node/local-policy-no-pod', outcome: 'timeout', stage: 'listener' } as const
  const looked = (reason: HandReason, view: Partial<Kubernetes> | null): Diagnosis =>
    lookedInto({ ...worldOf(['Dead', 'Alive', 'Alive'], view), inside: { 16: { reasons: [reason] } } })

  it.each([none, local])('are the finding $code if the cluster was not read', (reason) => {
    expect(codesOf(looked(reason, null))).toEqual([`${reason.code} cause certain → 16`])
    const possible = findingOf(looked({ ...reason, certainty: 'likely' }, null), reason.code)
    expect([possible.certainty, possible.detail]).toEqual(['likely', expect.stringContaining('was not read')])
  })

  it('name the Service if they do, else its NodePort', () => {
    expect(findingOf(looked(none, null), none.code).title).toContain('Service shop/web')
    expect(findingOf(looked(local, null), local.code).title).toContain(`NodePort ${NODE_PORT}`)
  })

  it('are no second finding beside what the cluster says', () => {
    const gone = lookedInto({
      ...worldOf(['Dead', 'Dead', 'Dead'], { pods: ok([]), slices: ok([slice([])]) }),
      inside: { 16: { reasons: [none] } },
    })
    expect(codesOf(gone)).toEqual(['tke-pod/no-endpoints cause certain → 16,17,18'])
    expect(findingOf(gone, none.code).detail).toContain("The node's own rules say the same.")
    const apart = {
      services: ok([service({ isLocal: true })]),
      slices: ok([slice([endpoint(17)])]),
      pods: ok([pod(17)]),
    }
    const away = lookedInto({
      ...worldOf(['Dead', 'Alive', 'Dead'], apart),
      inside: { 16: { reasons: [local] } },
    })
    expect(codesOf(away)).toEqual(['tke-node/local-policy-no-pod cause certain → 16,18'])
  })
})

describe('the mode of kube-proxy', () => {
  const inMode = (mode: string, replace: World['replace'] = {}): readonly string[] =>
    findingsOf(
      diagnosisOf(
        worldOf(
          ['Dead', 'Dead', 'Dead'],
          { proxySet: ok({ mode, desired: 3 }) },
          {
            balancer: { tags: TAGS, networkType: 'INTERNAL' },
            replace: { kubernetes: ok(cluster(HOSTS, { proxySet: ok({ mode, desired: 3 }) })), ...replace },
          },
        ),
      ),
    ).filter((line) => line.startsWith('ipvs-loopback/'))

  it('is taken from its arguments if the API of TKE was not read', () => {
    expect(inMode('ipvs')).toEqual(['ipvs-loopback/vip-on-node cause possible → 16,17,18'])
    expect(inMode('iptables')).toEqual([])
  })

  it('does not overrule the API of TKE', () => {
    expect(inMode('ipvs', { clusters: { 'cls-1': ok({ id: 'cls-1', name: '', ipvs: false }) } })).toEqual([])
  })
})

describe('a setting of the health check', () => {
  it('names the TkeServiceConfig of the Service before the command of the API', () => {
    const view = {
      services: ok([service({ serviceConfig: 'web-config' })]),
      serviceConfigs: ok([{ namespace: 'shop', name: 'web-config', checks: [] }]),
    }
    const diagnosis = diagnosisOf(
      worldOf(['Dead', 'Dead', 'Dead'], view, {
        listener: { healthCheck: healthCheck({ timeoutSeconds: 9, intervalSeconds: 5 }) },
      }),
    )
    const { fix } = findingOf(diagnosis, 'health-check-config/timeout-not-below-interval')
    expect(fix?.commands?.map(({ line }) => line.split(' --')[0])).toEqual([
      'kubectl edit tkeserviceconfig web-config -n shop',
      'tccli clb ModifyListener',
    ])
  })
})

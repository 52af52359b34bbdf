import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { answerKubernetes, type KubernetesOptions } from '../../src/simulator/kubernetes/api.ts'
import type { ClusterInside, World } from '../../src/simulator/world.ts'
import { findingOf } from '../support/findings.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { findingsOf } from '../support/snapshots.ts'

// Whole diagnoses with the API of the simulated cluster behind them, of clusters that are easily told wrong.

const SERVICE_AS_TAG = { 'tke-lb-serviceuuid': '0f6b2a52-5b0e-4a39-9f0d-7a1c1f1f7c01' }

let cloud: SimulatedCloud
beforeAll(async () => {
  cloud = await openCloud(worldOf('no-endpoints').world, { over: 'memory' })
})
afterAll(() => cloud.close())

// biome-ignore lint/suspicious/noExplicitAny: the objects of the API have no type of ours
type Listed = any

interface Made {
  readonly world: World
  readonly inside: ClusterInside
  /** What the API lists of this resource before anything is put in its place. */
  listed(path: string): Listed[]
}

function worldOf(name: string): Made {
  const world = findScenario(name)?.build()
  const cluster = world?.clusters[0]
  if (!world || !cluster?.inside) throw new Error(name)
  const { inside } = cluster
  const listed = (path: string) =>
    JSON.parse(JSON.stringify(answerKubernetes(world, cluster, path).body.items))
  return { world, inside, listed }
}

async function told(
  name: string,
  change: (made: Made) => void,
  kubernetes: KubernetesOptions = {},
): Promise<Diagnosis> {
  const made = worldOf(name)
  change(made)
  return (await cloud.diagnose(made.world, { kubernetes })).diagnosis
}

const deadIn = ({ pools }: Diagnosis): number =>
  pools.flatMap(({ targets }) => targets).filter(({ status }) => status === 'Dead').length

/** The pods stand in the place of the nodes. */
function bindPods(made: Made, port: number): void {
  const bound = made.inside.pods.map(({ ip, machineId }) => ({
    type: 'GLOBALROUTE' as const,
    machineId,
    ip,
    port,
    weight: 10,
  }))
  for (const rule of rulesOf(made)) rule.backends = bound
}

const rulesOf = ({ world }: Made) =>
  world.balancers.flatMap(({ listeners }) => listeners.flatMap(({ rules }) => rules))

const DIRECT = 'service.cloud.tencent.com/direct-access'

const controller = (data: Readonly<Record<string, string>>) => ({
  metadata: { namespace: 'kube-system', name: 'tke-service-controller-config' },
  data: { VERSION: 'v2.10.0', GlobalRouteDirectAccess: 'true', ...data },
})

/** The ports of the container are those of a sidecar that starts before it. */
function withSidecar({ spec, ...rest }: Listed): Listed {
  const [first, ...others] = spec.containers
  const { ports, ...container } = first ?? {}
  const sidecar = { name: 'mesh', restartPolicy: 'Always', ports }
  return { ...rest, spec: { ...spec, initContainers: [sidecar], containers: [container, ...others] } }
}

const linesOf = (diagnosis: Diagnosis): readonly string[] =>
  findingsOf(diagnosis).filter((line) => /^(tke-(node|pod)|target-drift)\//.test(line))

const SLICES = '/apis/discovery.k8s.io/v1/endpointslices'
const INGRESS = (fields: object = {}) => ({
  metadata: {
    namespace: 'shop',
    name: 'front',
    uid: 'uid-front',
    annotations: { 'kubernetes.io/ingress.qcloud-loadbalance-id': 'lb-7dpmqwcu', ...fields },
  },
  spec: {
    rules: [
      {
        host: 'shop.example.com',
        http: { paths: [{ path: '/', backend: { service: { name: 'web', port: { number: 443 } } } }] },
      },
    ],
  },
})
/** The CLB is of an Ingress alone. */
const behindIngress = ({ inside }: Made, fields: object = {}): void => {
  for (const service of inside.services) Object.assign(service, { annotations: {}, addresses: [] })
  inside.objects = { ...inside.objects, ingresses: [INGRESS(fields)] }
}

describe('a Service behind the machines', () => {
  it('is not the reason for machines that are no nodes of its cluster', async () => {
    const diagnosis = await told('no-endpoints', ({ world, inside, listed }) => {
      inside.objects = {
        nodes: listed('/api/v1/nodes').map((node, i) => ({
          ...node,
          metadata: {
            name: `other-${i}`,
            labels: { 'cloud.tencent.com/node-instance-id': `ins-other00${i}` },
          },
          spec: {},
        })),
      }
      for (const balancer of world.balancers) balancer.tags = { 'tke-createdBy-flag': 'yes' }
    })
    expect(linesOf(diagnosis).filter((line) => line.startsWith('tke-pod/'))).toEqual([])
  })

  it('is not of this CLB because of an equal address alone, if the tags name another Service', async () => {
    const diagnosis = await told('no-endpoints', ({ world, inside }) => {
      for (const service of inside.services) Object.assign(service, { annotations: {}, uid: 'uid-other' })
      for (const balancer of world.balancers) Object.assign(balancer.tags, SERVICE_AS_TAG)
    })
    expect(linesOf(diagnosis)).toEqual([])
    expect(diagnosis.checks.find(({ check }) => check === 'tke-pod')?.reason).toBe('no-service-of-this-clb')
  })

  it('has a named port if its endpoints have its number, as with a sidecar that starts first', async () => {
    const diagnosis = await told('no-endpoints', (made) => {
      const { inside } = made
      for (const service of inside.services)
        Object.assign(service, { targetPort: 'proxy', selector: { app: 'web' } })
      for (const pod of inside.pods)
        Object.assign(pod, { ports: [{ name: 'proxy', port: 8080 }], listens: 1 })
      inside.objects = { pods: made.listed('/api/v1/pods').map(withSidecar) }
    })
    expect(deadIn(diagnosis)).toBe(5)
    expect(linesOf(diagnosis)).toEqual([])
  })

  it('is left open if the CLB may be of an Ingress that was not read', async () => {
    const change = (made: Made): void => behindIngress(made)
    const diagnosis = await told('no-endpoints', change, { denied: new Set(['list ingresses']) })
    expect(diagnosis.checks.find(({ check }) => check === 'tke-pod')?.reason).toBe('cluster-unread')
    expect(diagnosis.gaps.map(({ why }) => why).join()).not.toContain('another cluster')
    expect(diagnosis.gaps.map(({ grant }) => grant)).toContain('list ingresses')
  })

  it('is found through an Ingress in the version of old clusters', async () => {
    const old = { missing: new Set(['/apis/networking.k8s.io/v1/ingresses']) }
    expect(linesOf(await told('no-endpoints', behindIngress, old))).toEqual([
      'tke-pod/no-endpoints cause certain → 16,17,18,19,20',
    ])
  })

  it('refuses nothing by a kube-proxy that its cluster does not have', async () => {
    const diagnosis = await told('no-endpoints', (made) => {
      made.inside.objects = {
        pods: made.listed('/api/v1/pods').filter((pod) => !JSON.stringify(pod).includes('kube-proxy')),
        daemonsets: [],
      }
    })
    const { detail } = findingOf(diagnosis, 'tke-pod/no-endpoints')
    expect(detail).not.toContain('kube-proxy')
  })
})

describe('a CLB that several clusters share', () => {
  it('has no stale machines because the nodes of the other cluster were read', async () => {
    const diagnosis = await told('no-endpoints', ({ world, inside }) => {
      const [cluster] = world.clusters
      const [own] = world.machines
      if (!cluster || !own) throw new Error('no cluster')
      // The cluster that can be asked is not that of the tag, and has none of the machines.
      const { inside: _, ...tagged } = cluster
      const other = world.machines.filter(({ id }) => !cluster.machineIds.includes(id)).map(({ id }) => id)
      world.clusters = [tagged, { ...cluster, id: 'cls-other001', machineIds: other, inside }]
      own.guest.listens = []
    })
    expect(deadIn(diagnosis)).toBe(1)
    expect(linesOf(diagnosis).filter((line) => line.includes('stale-target'))).toEqual([])
  })
})

describe('a node without kube-proxy', () => {
  const withoutOne = (desired: number) => (made: Made) => {
    const { inside } = made
    const pods = made.listed('/api/v1/pods')
    const gone = pods.findIndex((pod) => pod.metadata.name.startsWith('kube-proxy'))
    inside.withoutProxy = []
    inside.objects = {
      pods: pods.filter((_, i) => i !== gone).map(readied),
      daemonsets: made
        .listed('/apis/apps/v1/daemonsets')
        .map((set) => ({ ...set, status: { ...set.status, desiredNumberScheduled: desired } })),
    }
    for (const machine of made.world.machines.slice(0, 1)) machine.guest.listens = []
    inside.notReady = []
  }
  const readied = (pod: Listed): Listed => ({
    ...pod,
    status: {
      ...pod.status,
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  })
  const toldOf = async (desired: number): Promise<boolean> =>
    linesOf(await told('kube-proxy-down', withoutOne(desired))).some((line) =>
      line.includes('kube-proxy-not-ready'),
    )

  it('is told if one is to run there, and not where its DaemonSet has no place', async () => {
    expect([await toldOf(5), await toldOf(4)]).toEqual([true, false])
  })
})

describe('a binding that stayed', () => {
  const drifted = async (change: (made: Made) => void): Promise<string> => {
    const diagnosis = await told('no-endpoints', (made) => {
      for (const service of made.inside.services) service.selector = { app: 'web' }
      for (const rule of rulesOf(made))
        rule.backends = rule.backends.map((one, i) => (i === 0 ? { ...one, port: 30_500 } : one))
      change(made)
    })
    return findingOf(diagnosis, 'target-drift/port-mismatch').detail
  }

  it('stayed because of mode: skip on the Ingress', async () => {
    const detail = await drifted((made) => behindIngress(made, { 'ingress.cloud.tencent.com/mode': 'skip' }))
    expect(detail).toContain('Ingress shop/front has the annotation mode: skip')
    const old = await drifted((made) => {
      behindIngress(made, { 'ingress.cloud.tencent.com/mode': 'skip' })
      // The controller of Services is another one than that of Ingresses.
      made.inside.objects = { ...made.inside.objects, configmaps: [controller({ VERSION: 'v2.9.1' })] }
    })
    expect(old).toContain('the controller does not sync its backends any more')
  })

  it('did not stay because of mode: skip if the controller is too old to know it', async () => {
    const detail = await drifted(({ inside }) => {
      for (const { annotations } of inside.services) annotations['service.cloud.tencent.com/mode'] = 'skip'
      inside.objects = { configmaps: [controller({ VERSION: 'v2.9.1' })] }
    })
    expect(detail).toContain('which the controller obeys from v2.10.0 on. It is v2.9.1')
  })
})

describe('pods that are bound directly', () => {
  const bound = async (
    change: (made: Made) => void,
    options: KubernetesOptions = {},
  ): Promise<readonly string[]> =>
    linesOf(
      await told(
        'readiness-failing',
        (made) => {
          const { inside } = made
          for (const pod of inside.pods) pod.state = 'ready'
          for (const service of inside.services) service.annotations[DIRECT] = 'true'
          bindPods(made, 8080)
          change(made)
        },
        options,
      ),
    )
  const cut = (made: Made, annotations: object) => ({
    endpoints: made.listed('/api/v1/endpoints').map((one) => {
      const { metadata, subsets } = one
      return { metadata: { ...metadata, annotations }, subsets: [withoutFirst(subsets)] }
    }),
  })
  const withoutFirst = (subsets: readonly { addresses: readonly object[] }[]) => ({
    ...subsets[0],
    addresses: subsets[0]?.addresses.slice(1),
  })

  it('are stale if no endpoint has their address', async () => {
    const lines = await bound(
      (made) => {
        made.inside.objects = cut(made, {})
      },
      { missing: new Set(['endpointslices']) },
    )
    expect(lines).toEqual([expect.stringContaining('target-drift/stale-target')])
  })

  it('are not stale because Endpoints were cut at 1000', async () => {
    const lines = await bound(
      (made) => {
        made.inside.objects = cut(made, { 'endpoints.kubernetes.io/over-capacity': 'truncated' })
      },
      { missing: new Set(['endpointslices']) },
    )
    expect(lines).toEqual([])
  })

  it('are told the container port of their own listener, not the first one of the Service', async () => {
    const diagnosis = await told('readiness-failing', (made) => {
      const { inside } = made
      for (const pod of inside.pods) pod.state = 'ready'
      for (const service of inside.services) service.annotations[DIRECT] = 'true'
      bindPods(made, 9999)
      inside.objects = {
        services: made.listed('/api/v1/services').map((one) => {
          const { spec, ...rest } = one
          const { ports, ...others } = spec
          const metrics = { name: 'metrics', protocol: 'TCP', port: 9090, targetPort: 9090 }
          return { ...rest, spec: { ...others, ports: [metrics, { ...ports[0], name: 'web' }] } }
        }),
        endpointslices: made.listed(SLICES).map((one) => ({
          ...one,
          ports: [
            { name: 'metrics', protocol: 'TCP', port: 9090 },
            { name: 'web', protocol: 'TCP', port: 8080 },
          ],
        })),
      }
    })
    expect(findingOf(diagnosis, 'target-drift/port-mismatch').title).toContain('has 8080 now')
  })
})

describe('a pod that is not ready', () => {
  const titleOf = async (change: (pod: Listed) => void, code: string): Promise<string> => {
    const diagnosis = await told('readiness-failing', (made) => {
      const pods = made.listed('/api/v1/pods')
      for (const pod of pods) if (!JSON.stringify(pod).includes('kube-proxy')) change(pod)
      made.inside.objects = { pods }
    })
    const { title, quote } = findingOf(diagnosis, code)
    return `${title} ${quote}`
  }

  it('waits for its startup probe, and its readiness probe is not blamed', async () => {
    const title = await titleOf((pod) => {
      Object.assign(pod.spec.containers[0] ?? {}, { startupProbe: { httpGet: { path: '/up', port: 8080 } } })
      Object.assign(pod.status.containerStatuses[0] ?? {}, { started: false })
    }, 'tke-pod/not-ready')
    expect(title).toContain('startupProbe HTTP :8080/up')
  })

  it('waits for its init container, which is named', async () => {
    const title = await titleOf((pod) => {
      Object.assign(pod.spec, { initContainers: [{ name: 'migrate' }] })
      Object.assign(pod.status, {
        phase: 'Pending',
        initContainerStatuses: [
          {
            name: 'migrate',
            ready: false,
            restartCount: 4,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
          },
        ],
        containerStatuses: [{ name: 'web', ready: false, state: { waiting: { reason: 'PodInitializing' } } }],
      })
    }, 'tke-pod/not-ready')
    expect(title).toContain('Init:CrashLoopBackOff ×4')
  })

  it('shows that it crashed before, although it runs at this moment', async () => {
    const title = await titleOf((pod) => {
      Object.assign(pod.status.containerStatuses[0] ?? {}, {
        restartCount: 9,
        lastState: { terminated: { reason: 'OOMKilled' } },
      })
    }, 'tke-pod/readiness-failing')
    expect(title).toContain('HTTP :8080/ready ×9 OOMKilled')
  })
})

describe('direct access that the controller does not give', () => {
  const noteOf = async (value: string, change: (made: Made) => void = () => {}) =>
    findingOf(
      await told('no-endpoints', (made) => {
        const { inside } = made
        for (const service of inside.services) service.annotations[DIRECT] = 'true'
        inside.objects = { configmaps: [controller({ GlobalRouteDirectAccess: value })] }
        change(made)
      }),
      'tke-mode/node-port',
    )

  it('is told where NodePorts are bound all the same, with the switch to change', async () => {
    const { role, detail } = await noteOf('false')
    expect(role).toBe('note')
    expect(detail).toContain('does not have GlobalRouteDirectAccess "true"')
    expect(detail).toContain('(kubectl edit configmap tke-service-controller-config -n kube-system)')
    expect(detail).toContain('In a VPC-CNI network the switch is not needed')
  })

  it.each([
    ['the switch is on', 'true', () => {}],
    [
      'the Service does not ask for it',
      'false',
      ({ inside }: Made) => {
        for (const { annotations } of inside.services) annotations[DIRECT] = 'false'
      },
    ],
    [
      'the ConfigMap is of no TKE cluster',
      'false',
      ({ inside }: Made) => {
        inside.objects = { configmaps: [] }
      },
    ],
    [
      'the pods have interfaces of their own',
      'false',
      (made: Made) => {
        const { inside } = made
        inside.services[0] && Object.assign(inside.services[0], { selector: { app: 'web' } })
        for (const [i, pod] of inside.pods.entries()) Object.assign(pod, { ip: `10.0.1.20${i}`, listens: 1 })
      },
    ],
  ])('is not told if %s', async (_, value, change) => {
    expect((await noteOf(value, change)).detail).not.toContain('GlobalRouteDirectAccess')
  })
})

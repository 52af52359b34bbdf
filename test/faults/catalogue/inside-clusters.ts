import { proxyName } from '../../../src/simulator/kubernetes/objects.ts'
import type { ClusterInside, ClusterPod, ClusterService, World } from '../../../src/simulator/world.ts'
import { CASE, CLUSTER } from '../healthy.ts'
import type { Random } from '../random.ts'
import {
  distinct,
  type Fault,
  type Injection,
  isNodePort,
  isPod,
  type PoolOf,
  pickOr,
  poolsOf,
  type Site,
  type Target,
} from './fault.ts'
import { checkIn, groupIn, machineIn } from './things.ts'

// Faults inside a cluster. Its own API gives the evidence: the fault puts the Service, its pods and its nodes into the world.

const NAMESPACE = 'shop'
const NAME = 'web'
/** The Service as findings name it. */
const SERVICE = `${NAMESPACE}/${NAME}`
/** No other thing of a case has this port. */
const CONTAINER_PORT = 18_080

const clusterIn = (world: World) => world.clusters.find(({ id }) => id === CLUSTER)

/** Pools of NodePorts that are checked on the NodePort itself, over TCP. */
function nodePortPools(site: Site): readonly PoolOf[] {
  const { front, world } = site
  const cluster = clusterIn(world)
  if (!cluster || front.classic) return []
  return poolsOf(site).filter(({ listener, rule, targets }) => {
    const check = checkIn(world, rule)
    return (
      listener.protocol !== 'UDP' &&
      listener.endPort === undefined &&
      check.port === null &&
      check.type !== 'PING' &&
      targets.every((one) => isNodePort(one) && cluster.machineIds.includes(one.backend.machineId ?? '')) &&
      distinct(targets.map(({ backend }) => backend.port)).length === 1
    )
  })
}

const machinesOf = ({ targets }: PoolOf): readonly string[] =>
  distinct(targets.flatMap(({ backend }) => backend.machineId ?? []))

const podOn = (machineId: string, i: number): ClusterPod => ({
  namespace: NAMESPACE,
  name: `${NAME}-${i}`,
  ip: `172.16.9.${i + 1}`,
  machineId,
  labels: { app: NAME },
  ports: [{ name: 'http', port: CONTAINER_PORT }],
  listens: CONTAINER_PORT,
  state: 'ready',
})

/** The Service of a pool with a ready pod on each of its nodes. */
function fill(
  world: World,
  pool: PoolOf,
): { readonly inside: ClusterInside; readonly service: ClusterService } {
  const service: ClusterService = {
    namespace: NAMESPACE,
    name: NAME,
    uid: '5d3f0c1e-0000-4000-8000-000000000001',
    annotations: { 'service.kubernetes.io/loadbalance-id': CASE },
    port: pool.listener.port,
    targetPort: CONTAINER_PORT,
    nodePort: pool.targets[0]?.backend.port ?? null,
    local: false,
    selector: { app: NAME },
    addresses: [],
  }
  const inside: ClusterInside = {
    services: [service],
    pods: (clusterIn(world)?.machineIds ?? []).map(podOn),
    notReady: [],
    withoutProxy: [],
  }
  const cluster = clusterIn(world)
  if (cluster) cluster.inside = inside
  return { inside, service }
}

type Given = Pick<Injection, 'code' | 'what'> & Partial<Injection>

const injected = (given: Given & Pick<Injection, 'apply'>): Injection => ({
  kind: 'machine',
  subject: CLUSTER,
  resources: [SERVICE],
  ceiling: 'certain',
  // A machine that is gone, or an address that it lost, has its own finding.
  explains: ({ home, backend }) => home?.machineId === backend.machineId,
  ...given,
})

/** A fault of the Service: every node of the pool stops to answer. */
const ofService = (
  code: string,
  what: string,
  change: (inside: ClusterInside, service: ClusterService) => void,
  more: (inside: ClusterInside) => Partial<Injection> = () => ({}),
): Fault => ({
  code,
  inject(random, site) {
    const pool = pickOr(random, nodePortPools(site))
    if (!pool) return null
    const { inside } = fill(structuredClone(site.world), pool)
    return injected({
      code,
      what: `${SERVICE}: ${what}`,
      apply(world) {
        const own = fill(world, pool)
        change(own.inside, own.service)
      },
      ...more(inside),
    })
  },
})

const podNames = ({ pods }: ClusterInside): readonly string[] =>
  pods.map(({ name }) => `${NAMESPACE}/${name}`)

const setAll =
  (state: ClusterPod['state']) =>
  ({ pods }: ClusterInside): void => {
    for (const pod of pods) pod.state = state
  }

/** A fault of one node: the others go on. */
const ofNode = (
  code: string,
  change: (inside: ClusterInside, id: string) => void,
  resourcesOf: (site: Site, id: string, inside: ClusterInside) => readonly string[],
): Fault => ({
  code,
  inject(random, site) {
    const pool = pickOr(
      random,
      nodePortPools(site).filter((one) => machinesOf(one).length > 1),
    )
    const id = pool && pickOr(random, machinesOf(pool))
    if (!pool || !id) return null
    const { inside } = fill(structuredClone(site.world), pool)
    return injected({
      code,
      what: `${code} of ${id}`,
      ceiling: 'likely',
      resources: resourcesOf(site, id, inside),
      apply: (world) => change(fill(world, pool).inside, id),
    })
  },
})

const nodeName = ({ world }: Site, id: string): string => machineIn(world, id)?.ip ?? id

const localPolicy: Fault = {
  code: 'tke-node/local-policy-no-pod',
  inject(random, site) {
    const pool = pickOr(
      random,
      nodePortPools(site).filter((one) => machinesOf(one).length > 1),
    )
    if (!pool) return null
    const ids = machinesOf(pool)
    const empty = random.some(ids, 1).slice(0, ids.length - 1)
    return injected({
      code: 'tke-node/local-policy-no-pod',
      what: `${SERVICE} has externalTrafficPolicy Local and no pod on ${empty}`,
      resources: [SERVICE, ...empty.map((id) => nodeName(site, id))],
      apply(world) {
        const { inside, service } = fill(world, pool)
        service.local = true
        inside.pods = inside.pods.filter(({ machineId }) => !empty.includes(machineId))
      },
    })
  },
}

/** All pods are on one node, whose security group refuses what the other nodes hand on. */
const forwardingBlocked: Fault = {
  code: 'tke-node/node-port-blocked',
  inject(random, site) {
    const pool = pickOr(
      random,
      nodePortPools(site).filter((one) => machinesOf(one).length > 1),
    )
    const id = pool && pickOr(random, machinesOf(pool))
    const [groupId] = machineIn(site.world, id)?.groups ?? []
    if (!pool || !id || groupId === undefined) return null
    return injected({
      code: 'tke-node/node-port-blocked',
      what: `${groupId} refuses port ${CONTAINER_PORT} from other nodes`,
      ceiling: 'likely',
      // Another fault may put other groups in its place, which let nothing in.
      resourcesIn: ({ world }) => {
        const groups = machineIn(world, id)?.groups ?? []
        return [...(groups[0] === groupId ? [groupId] : groups), SERVICE]
      },
      apply(world) {
        const { inside } = fill(world, pool)
        inside.pods = inside.pods.filter(({ machineId }) => machineId === id)
        groupIn(world, groupId)?.rules.unshift({
          protocol: 'TCP',
          port: String(CONTAINER_PORT),
          source: '10.0.0.0/16',
          action: 'DROP',
        })
      },
    })
  },
}

/** A note on the mode. It is only told if a backend fails, here for a reason inside its machine or pod. */
const modeOf = (mode: 'direct' | 'node-port', isOf: (target: Target) => boolean): Fault => ({
  code: `tke-mode/${mode}`,
  inject(random: Random, site) {
    if (!clusterIn(site.world)) return null
    const target = pickOr(random, site.targets.filter(isOf))
    if (!target) return null
    return {
      code: `tke-mode/${mode}`,
      kind: 'state',
      what: `${target.backend.ip} does not answer, and its CLB is of mode ${mode}`,
      subject: CLUSTER,
      resources: [],
      role: 'note',
      ceiling: 'likely',
      apply(world) {
        const pod = world.pods.find(({ ip }) => ip === target.backend.ip)
        const guest = pod?.guest ?? machineIn(world, target.backend.machineId)?.guest
        Object.assign(guest ?? {}, { listens: [], ping: false })
      },
    }
  },
})

export const insideFaults: readonly Fault[] = [
  modeOf('direct', isPod),
  modeOf('node-port', isNodePort),
  ofNode(
    'tke-node/not-ready',
    ({ notReady }, id) => notReady.push(id),
    (site, id) => [nodeName(site, id)],
  ),
  ofNode(
    'tke-node/kube-proxy-not-ready',
    ({ withoutProxy }, id) => withoutProxy.push(id),
    (site, id) => [nodeName(site, id), `kube-system/${proxyName(id)}`],
  ),
  localPolicy,
  forwardingBlocked,
  ofService('tke-pod/no-endpoints', 'its selector fits no pod', (_, service) => {
    service.selector = { app: 'other' }
  }),
  ofService('tke-pod/not-ready', 'all pods crash', setAll('crashing'), (inside) => ({
    resources: [SERVICE, ...podNames(inside)],
  })),
  ofService(
    'tke-pod/readiness-failing',
    'all pods fail their readiness probe',
    setAll('failing'),
    (inside) => ({
      resources: [SERVICE, ...podNames(inside)],
    }),
  ),
  ofService('tke-pod/wrong-container-port', 'no container has the named port', (_, service) => {
    service.targetPort = 'web'
  }),
]

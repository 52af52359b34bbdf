import { expect, it } from 'vitest'
import { startCluster } from '../../src/simulator/kubernetes/server.ts'
import { scanOf, worldOf } from './support.ts'

// A scan with a kubeconfig asks the cluster, too. It has the same cluster behind many CLBs.

const CLBS = 8
const NAMESPACES = ['shop', 'pay']

/** Each CLB is of one Service of the cluster, and there are two namespaces. */
function clusterWorld() {
  const world = worldOf(CLBS, ({ balancer }) => {
    balancer.tags = { 'tke-createdBy-flag': 'yes', 'tke-clusterId': 'cls-1' }
  })
  const services = world.balancers.map(({ id }, n) => ({
    namespace: NAMESPACES[n % NAMESPACES.length] ?? '',
    name: `web-${n}`,
    uid: `uid-${n}`,
    annotations: { 'service.kubernetes.io/loadbalance-id': id },
    port: 80,
    targetPort: 8080,
    nodePort: 31_000 + n,
    local: false,
    selector: { app: `web-${n}` },
    addresses: [],
  }))
  world.clusters = [
    {
      id: 'cls-1',
      name: 'c',
      ipvs: false,
      machineIds: world.machines.map(({ id }) => id),
      inside: { services, pods: [], notReady: [], withoutProxy: [] },
    },
  ]
  return world
}

it('reads a list of the cluster once for all CLBs, and what is of a Service once for each', async () => {
  const world = clusterWorld()
  const cluster = await startCluster(world)
  if (!cluster) throw new Error('no cluster')
  try {
    const { rows } = await scanOf(world, { env: { KUBECONFIG: cluster.path } })
    expect(Object.keys(rows)).toHaveLength(CLBS)
    const times = new Map<string, number>()
    for (const request of cluster.requests) times.set(request, (times.get(request) ?? 0) + 1)
    expect([...times].filter(([, count]) => count > 1)).toEqual([])
    // Six lists of the cluster, Events and TkeServiceConfigs of two namespaces, endpoints and pods of each Service.
    expect(cluster.requests).toHaveLength(6 + 2 * NAMESPACES.length + 2 * CLBS)
  } finally {
    await cluster.close()
  }
})

it('asks anew in the next scan', async () => {
  const world = clusterWorld()
  const cluster = await startCluster(world)
  if (!cluster) throw new Error('no cluster')
  try {
    await scanOf(world, { env: { KUBECONFIG: cluster.path } })
    const once = cluster.requests.length
    await scanOf(world, { env: { KUBECONFIG: cluster.path } })
    expect(cluster.requests).toHaveLength(2 * once)
  } finally {
    await cluster.close()
  }
})

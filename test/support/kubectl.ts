import { answerKubernetes } from '../../src/simulator/kubernetes/api.ts'
import type { World } from '../../src/simulator/world.ts'

const KINDS = {
  Service: '/api/v1/services',
  EndpointSlice: '/apis/discovery.k8s.io/v1/endpointslices',
  Pod: '/api/v1/pods',
  Node: '/api/v1/nodes',
  DaemonSet: '/apis/apps/v1/daemonsets',
} as const

/** What `kubectl get … -A -o json` prints about the cluster of a world. */
export function printed(world: World, kinds = Object.keys(KINDS) as (keyof typeof KINDS)[]): object {
  const cluster = world.clusters.find(({ inside }) => inside)
  if (!cluster) throw new Error('no cluster')
  const items = kinds.flatMap((kind) =>
    (answerKubernetes(world, cluster, KINDS[kind]).body.items as readonly object[]).map((one) => ({
      kind,
      ...one,
    })),
  )
  return { apiVersion: 'v1', kind: 'List', items }
}

import { servicesOfClb, servicesOnPorts } from '../model/clb-services.ts'
import { known } from '../model/fact.ts'
import type { Kubernetes, KubernetesIngress, KubernetesService } from '../model/kubernetes.ts'
import { remembered } from '../model/memo.ts'
import { isManagedByTke, isNodePort } from '../model/tke.ts'
import type { Paths } from '../path/index.ts'
import { everyTarget } from './check.ts'
import { nodeOf } from './cluster-nodes.ts'

/**
 * What the cluster's own API says about this CLB.
 * - `unasked`: nobody read it
 * - `unread`: no access to the cluster, or to its Services, or to its Ingresses where no Service has this CLB
 * - `foreign`: none of its Services has this CLB, so it says nothing about it
 */
export type ClusterState = { readonly kind: 'unasked' | 'unread' | 'foreign' } | OwnCluster

export interface OwnCluster {
  readonly kind: 'own'
  readonly view: Kubernetes
  /** The Services whose nodes or pods the CLB has. */
  readonly services: readonly KubernetesService[]
  readonly ingresses: readonly KubernetesIngress[]
}

/** True if the backends may be nodes or pods of a cluster: by tags, by their type, or by NodePorts alone. */
export const mayBeCluster = (paths: Paths): boolean =>
  isManagedByTke(paths.balancer) ||
  everyTarget(paths).some(
    ({ target: { type, port } }) => type === 'GLOBALROUTE' || (type === 'CVM' && isNodePort(port)),
  )

/** The reason of an `unknown` outcome. */
export const CLUSTER_UNKNOWN = {
  unasked: 'no-kubeconfig',
  unread: 'cluster-unread',
  foreign: 'no-service-of-this-clb',
} as const

export const clusterOf: (paths: Paths) => ClusterState = remembered((paths) => {
  const fact = paths.snapshot.kubernetes
  if (!fact) return { kind: 'unasked' }
  const view = known(fact)
  const services = known(view?.services)
  if (!view || !services) return { kind: 'unread' }
  const { balancer } = paths
  const own = balancer && servicesOfClb(services, known(view.ingresses) ?? [], balancer)
  const ingresses = own?.ingresses ?? []
  const isNamed = (own?.services.length ?? 0) > 0 || isManagedByTke(balancer)
  const found = isNamed ? (own?.services ?? []) : byNodePort(services, view, paths)
  if (found.length > 0 || ingresses.length > 0) return { kind: 'own', view, services: found, ingresses }
  // The CLB may be of an Ingress that was not read.
  return { kind: view.ingresses && view.ingresses.state !== 'ok' ? 'unread' : 'foreign' }
})

/** A cluster that TKE does not manage: a node of it is bound with the NodePort of a Service. */
function byNodePort(
  services: readonly KubernetesService[],
  view: Kubernetes,
  paths: Paths,
): readonly KubernetesService[] {
  const bound = new Set(
    everyTarget(paths).flatMap(({ target }) =>
      (target.type === 'CVM' || target.type === 'UNKNOWN') && nodeOf(target, view) ? target.port : [],
    ),
  )
  return servicesOnPorts(services, bound)
}

import { known } from '../../model/fact.ts'
import { fullName, type KubernetesIngress, type KubernetesService } from '../../model/kubernetes.ts'
import type { Text } from '../../model/language.ts'
import { knowsSkip } from '../../model/tke.ts'
import { filled } from '../../text/index.ts'
import type { Draft, PoolTarget } from '../check.ts'
import type { OwnCluster } from '../cluster.ts'
import { clusterEvidence } from '../cluster-drafts.ts'
import { TEXTS } from './texts.ts'

// Why the controller of TKE left a binding as it was.

/** The Ingresses that bind the backends of a Service. */
const ingressesOf = (
  { namespace, name }: KubernetesService,
  { ingresses }: OwnCluster,
): readonly KubernetesIngress[] =>
  ingresses.filter((one) => one.namespace === namespace && one.services.includes(name))

export function syncText(service: KubernetesService, hits: readonly PoolTarget[], cluster: OwnCluster): Text {
  const ingresses = ingressesOf(service, cluster)
  const skipped = ingresses.filter(({ isSkipped }) => isSkipped).map((one) => `Ingress ${fullName(one)}`)
  const names = [...(service.isSkipped ? [`Service ${fullName(service)}`] : []), ...skipped]
  const controller = known(cluster.view.controller)
  // Ingresses have a controller of their own, whose version stands in another ConfigMap (457/56112).
  const version = skipped.length > 0 ? null : (controller?.version ?? null)
  if (names.length > 0)
    return knowsSkip(version)
      ? filled(TEXTS.skip.skipped, { names })
      : filled(TEXTS.skip.tooOld, { names, version: version ?? '-' })
  if (controller?.globalRouteDirect === false && hits.some(({ target }) => target.type === 'GLOBALROUTE'))
    return TEXTS.skip.noDirect
  return TEXTS.skip.synced
}

export const syncEvidence = (service: KubernetesService, cluster: OwnCluster): Draft['evidence'] => [
  clusterEvidence('services', `${fullName(service)} mode`, service.isSkipped ? 'skip' : null),
  ...ingressesOf(service, cluster).map((one) =>
    clusterEvidence('ingresses', `${fullName(one)} mode`, one.isSkipped ? 'skip' : null),
  ),
]

import { known } from '../../model/fact.ts'
import { CONTROLLER_CONFIG } from '../../model/kubernetes.ts'
import { isHttp } from '../../model/protocol.ts'
import type { Paths } from '../../path/index.ts'
import type { PoolTarget } from '../check.ts'
import type { OwnCluster } from '../cluster.ts'
import { hasOwnInterface } from '../cluster-interfaces.ts'
import { linkOf, slicesOf } from '../cluster-links.ts'
import { kubectl } from '../commands.ts'

export const EDIT_CONTROLLER = kubectl('edit', 'configmap', CONTROLLER_CONFIG, '-n', 'kube-system')

/**
 * Direct access is asked for, and NodePorts are bound all the same: in a GlobalRouter network the controller binds pods only
 * with GlobalRouteDirectAccess (457/41897, 457/131136). In a VPC-CNI network, where pods have addresses of subnets, it does
 * not matter.
 */
export const isDirectRefused = (hits: readonly PoolTarget[], paths: Paths, cluster: OwnCluster): boolean =>
  known(cluster.view.controller)?.globalRouteDirect === false &&
  hits.every((hit) => {
    const link = linkOf(hit, cluster)
    if (link?.kind !== 'node-port') return false
    const { service } = link
    const ingresses = isHttp(hit.pool.protocol)
      ? cluster.ingresses.filter(
          ({ namespace, services }) => namespace === service.namespace && services.includes(service.name),
        )
      : []
    const askers = ingresses.length > 0 ? ingresses : [service]
    const addresses = slicesOf(service, cluster.view).flatMap(({ endpoints }) =>
      endpoints.flatMap((one) => one.addresses),
    )
    return (
      askers.every(({ isDirect }) => isDirect) &&
      !addresses.some((address) => hasOwnInterface(address, paths))
    )
  })

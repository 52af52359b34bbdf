import { fullName, type KubernetesIngress, type KubernetesService } from './kubernetes.ts'
import type { LoadBalancer } from './snapshot.ts'

/** What tells which Services of a cluster a CLB is of. */
export type ClbNames = Pick<LoadBalancer, 'id' | 'tags' | 'vips' | 'domain'>

export interface OwnServices {
  readonly services: readonly KubernetesService[]
  readonly ingresses: readonly KubernetesIngress[]
}

/** The Services and Ingresses that use this CLB, and the Services behind these Ingresses. */
export function servicesOfClb(
  services: readonly KubernetesService[],
  ingresses: readonly KubernetesIngress[],
  clb: ClbNames,
): OwnServices {
  const own = ingresses.filter((one) => isOfClb(one, clb))
  const behind = new Set(
    own.flatMap(({ namespace, services: names }) => names.map((name) => fullName({ namespace, name }))),
  )
  return {
    services: services.filter((one) => isOfClb(one, clb) || behind.has(fullName(one))),
    ingresses: own,
  }
}

/**
 * An id in its annotations decides. Without one: the uid in the CLB's tags (`tke-lb-serviceuuid`, and the older
 * `<uid>:tke-lb-serviceId`), else the address of its status (platform facts E). Another VPC may have an equal address, so it
 * does not count where the tags name somebody else.
 */
function isOfClb(
  { clbIds, uid, addresses, ...rest }: KubernetesService | KubernetesIngress,
  { id, tags, vips, domain }: ClbNames,
): boolean {
  if (clbIds.length > 0) return clbIds.includes(id)
  const uids = uidsIn(tags)
  if (uids.length > 0) return uid !== null && uids.includes(uid)
  if ('isOfOther' in rest && rest.isOfOther) return false
  return addresses.some((one) => vips.includes(one) || one === domain)
}

const uidsIn = (tags: ClbNames['tags']): readonly string[] =>
  Object.entries(tags).flatMap(([key, value]) => {
    if (key === 'tke-lb-serviceuuid' || key === 'tke-lb-ingress-uuid') return value === '' ? [] : value
    const [before = '', after = ''] = key.split(':')
    return after.startsWith('tke-lb-') ? before : []
  })

/** Services with one of these NodePorts. */
export const servicesOnPorts = (
  services: readonly KubernetesService[],
  ports: ReadonlySet<number>,
): readonly KubernetesService[] =>
  services.filter((service) => service.ports.some(({ nodePort }) => nodePort !== null && ports.has(nodePort)))

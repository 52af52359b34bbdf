import { isHttp } from './protocol.ts'

/** The tag that TKE gives the CLBs of its Services and Ingresses (platform facts E). */
const CLUSTER_TAG = 'tke-clusterId'

/** The cluster in the CLB's tag. Null if it has no such tag. */
export const clusterIdOf = ({ tags }: { readonly tags: Readonly<Record<string, string>> }): string | null =>
  tags[CLUSTER_TAG] || null

/**
 * True if the CLB's tags say that TKE made it or binds its backends: those of today, and those of clusters from before
 * 2020-08-17, `<uuid>:tke-lb-serviceId` (platform facts E).
 */
export const isManagedByTke = (
  balancer: { readonly tags: Readonly<Record<string, string>> } | undefined,
): boolean =>
  balancer !== undefined &&
  (clusterIdOf(balancer) !== null ||
    balancer.tags['tke-createdBy-flag'] === 'yes' ||
    Object.keys(balancer.tags).some((key) => key.includes('tke-lb-')))

/** An HTTP listener of a CLB that only an Ingress uses. kube-proxy binds only the addresses of Services (platform facts E). */
export const isIngress = (
  { tags }: { readonly tags: Readonly<Record<string, string>> },
  { protocol }: { readonly protocol: string },
): boolean => isHttp(protocol) && Boolean(tags['tke-lb-ingress-uuid']) && !tags['tke-lb-serviceuuid']

/** The controller obeys `mode: skip` from 2.10.0 on (457/51258). An unknown version counts as a new one. */
export function knowsSkip(version: string | null): boolean {
  const [, major = '', minor = ''] = /^v?(\d+)\.(\d+)/.exec(version ?? '') ?? []
  return major === '' || Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 10)
}

/** The default NodePort range of Kubernetes. */
export const isNodePort = (port: number): boolean => port >= 30_000 && port <= 32_767

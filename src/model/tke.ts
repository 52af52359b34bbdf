import { isHttp } from './protocol.ts'

/** The tag that TKE gives the CLBs of its Services and Ingresses (platform facts E). */
const CLUSTER_TAG = 'tke-clusterId'

/** The cluster in the CLB's tag. Null if it has no such tag. */
export const clusterIdOf = ({ tags }: { readonly tags: Readonly<Record<string, string>> }): string | null =>
  tags[CLUSTER_TAG] || null

/** An HTTP listener of a CLB that only an Ingress uses. kube-proxy binds only the addresses of Services (platform facts E). */
export const isIngress = (
  { tags }: { readonly tags: Readonly<Record<string, string>> },
  { protocol }: { readonly protocol: string },
): boolean => isHttp(protocol) && Boolean(tags['tke-lb-ingress-uuid']) && !tags['tke-lb-serviceuuid']

/** The default NodePort range of Kubernetes. */
export const isNodePort = (port: number): boolean => port >= 30_000 && port <= 32_767

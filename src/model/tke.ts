import { isHttp } from './protocol.ts'

/** The tag that TKE gives the CLBs of its Services and Ingresses (platform facts E). */
const CLUSTER_TAG = 'tke-clusterId'

/** The cluster whose CLB it is, by its tag; null where it has none. */
export const clusterIdOf = ({ tags }: { readonly tags: Readonly<Record<string, string>> }): string | null =>
  tags[CLUSTER_TAG] || null

/** kube-proxy binds addresses of Services alone: no Ingress's, unless a Service has the same CLB (platform facts E). */
export const isIngress = (
  { tags }: { readonly tags: Readonly<Record<string, string>> },
  { protocol }: { readonly protocol: string },
): boolean => isHttp(protocol) && Boolean(tags['tke-lb-ingress-uuid']) && !tags['tke-lb-serviceuuid']

/** The range that Kubernetes gives NodePorts by default. */
export const isNodePort = (port: number): boolean => port >= 30_000 && port <= 32_767

/** The tag that TKE gives the CLBs of its Services and Ingresses (platform facts E). */
const CLUSTER_TAG = 'tke-clusterId'

/** The cluster whose CLB it is, by its tag; null where it has none. */
export const clusterIdOf = ({ tags }: { readonly tags: Readonly<Record<string, string>> }): string | null =>
  tags[CLUSTER_TAG] || null

/** The range that Kubernetes gives NodePorts by default. */
export const isNodePort = (port: number): boolean => port >= 30_000 && port <= 32_767

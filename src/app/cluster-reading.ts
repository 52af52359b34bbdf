import type { ClusterReading } from '../snapshot/index.ts'
import type { AppContext } from './context.ts'

/** How the snapshots of one run ask the cluster of the kubeconfig. Empty: none is set. */
export const clusterReadingIn = (
  { cluster }: Pick<AppContext, 'cluster'>,
  signal: AbortSignal,
): { readonly cluster?: ClusterReading } => (cluster ? { cluster: cluster(signal) } : {})

import type { ClusterReading } from '../snapshot/index.ts'
import type { AppContext } from './context.ts'

/** How a snapshot asks the cluster of the kubeconfig. Empty: none is set. */
export const clusterReadingIn = (
  { cluster }: Pick<AppContext, 'cluster'>,
  signal: AbortSignal,
): { readonly cluster?: ClusterReading } => (cluster ? { cluster: (clb) => cluster(clb, signal) } : {})

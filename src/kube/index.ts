import type { Fact } from '../model/fact.ts'
import type { Kubernetes } from '../model/kubernetes.ts'
import type { Proxies } from '../net/index.ts'
import type { ClbQuestion } from './collect.ts'
import type { Answers } from './list.ts'

// kube/ reads a cluster: its API with a kubeconfig, or what kubectl printed. It gives our own reduced view
// (model/kubernetes.ts). app/ calls it, and only where a kubeconfig or such a text is given. It only reads. It does not
// decide what a fact means. A kind that RBAC denies becomes a failed fact and stops no other kind.

export type { ClbQuestion } from './collect.ts'
export { KubernetesTextError, kubernetesIn, parseKubernetes } from './parse/index.ts'

/** Reads what a cluster says about CLBs. What several of them need is read once. */
export type ClusterReader = (signal: AbortSignal) => (clb: ClbQuestion) => Promise<Fact<Kubernetes>>

/** @param variable the value of `KUBECONFIG` */
export const clusterReader =
  (variable: string, proxies: Proxies): ClusterReader =>
  (signal) => {
    const answers: Answers = new Map()
    return async (clb) => {
      // Loaded on demand. The build puts it into its own file, with the reader of YAML.
      const { readCluster } = await import('./kube-reader.ts')
      return readCluster(variable, proxies, clb, { signal, answers })
    }
  }

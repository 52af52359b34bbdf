import { setMaxListeners } from 'node:events'
import { type Fact, unread } from '../model/fact.ts'
import { KUBECONFIG_ACTION, type Kubernetes } from '../model/kubernetes.ts'
import type { Proxies } from '../net/index.ts'
import { type ClbQuestion, collect } from './collect.ts'
import { connect } from './get.ts'
import { KubeconfigError, readKubeconfig } from './kubeconfig.ts'
import type { Read } from './list.ts'

/** A cluster may take so long. What is known of the CLB by then is told without it. */
const DEADLINE_MS = 8_000

/** Reads what the cluster of the kubeconfig says about one CLB. Never throws for a file or an answer. */
export async function readCluster(
  variable: string,
  proxies: Proxies,
  clb: ClbQuestion,
  { signal, answers }: Pick<Read, 'signal' | 'answers'>,
): Promise<Fact<Kubernetes>> {
  try {
    // Read anew each time: tokens are renewed, and so are files.
    const access = await readKubeconfig(variable)
    const connection = await connect(access, proxies)
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)])
      // Every request in flight listens to the signal, so many listeners are not a leak.
      setMaxListeners(0, limited)
      return await collect({ get: connection.get, signal: limited, answers }, clb, access.context)
    } finally {
      connection.close()
    }
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error
    const { problem, detail } = error
    return unread({ problem: 'rejected', action: KUBECONFIG_ACTION, code: problem, message: detail })
  }
}

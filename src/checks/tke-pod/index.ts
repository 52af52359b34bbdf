import type { Paths } from '../../path/index.ts'
import { type Check, type CheckResult, result } from '../check.ts'
import { CLUSTER_UNKNOWN, clusterOf, mayBeCluster } from '../cluster.ts'
import { draftsOf } from './findings.ts'
import { TEXTS } from './texts.ts'
import { troublesOf } from './trouble.ts'

/** Guide 3.1.1 to 3.1.3: is there a pod behind the Service, does it run, is it ready, and is the port right? */
export const tkePod: Check = { id: 'tke-pod', reasons: TEXTS.reasons, run }

function run(paths: Paths): CheckResult {
  if (!paths.balancer) return { outcome: 'unknown', reason: 'balancer-unread', drafts: [] }
  if (!mayBeCluster(paths) && !paths.snapshot.kubernetes) return { outcome: 'not-applicable', drafts: [] }
  const cluster = clusterOf(paths)
  if (cluster.kind !== 'own') return { outcome: 'unknown', reason: CLUSTER_UNKNOWN[cluster.kind], drafts: [] }
  const { troubles, outcomes } = troublesOf(paths, cluster)
  return result(draftsOf(troubles, cluster), outcomes, 'cluster-partly-unread')
}

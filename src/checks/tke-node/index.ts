import type { Paths } from '../../path/index.ts'
import { type Check, type CheckResult, result } from '../check.ts'
import { CLUSTER_UNKNOWN, clusterOf, mayBeCluster } from '../cluster.ts'
import { draftsOf } from './findings.ts'
import { forwardingBlocks } from './node-port-blocked.ts'
import { TEXTS } from './texts.ts'
import { troublesOf } from './trouble.ts'

/** Guide 3.1.4.4 and 3.2: does the node take what comes in on a NodePort, and does it hand it on? */
export const tkeNode: Check = { id: 'tke-node', reasons: TEXTS.reasons, run }

function run(paths: Paths): CheckResult {
  if (!paths.balancer) return { outcome: 'unknown', reason: 'balancer-unread', drafts: [] }
  if (!mayBeCluster(paths) && !paths.snapshot.kubernetes) return { outcome: 'not-applicable', drafts: [] }
  const cluster = clusterOf(paths)
  if (cluster.kind !== 'own') return { outcome: 'unknown', reason: CLUSTER_UNKNOWN[cluster.kind], drafts: [] }
  const { hits, outcomes } = troublesOf(paths, cluster)
  return result(
    [...draftsOf(hits, { paths, cluster }), ...forwardingBlocks(paths, cluster)],
    outcomes,
    'cluster-partly-unread',
  )
}

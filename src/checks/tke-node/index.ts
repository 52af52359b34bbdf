import type { Paths } from '../../path/index.ts'
import { type Check, type CheckResult, result } from '../check.ts'
import { CLUSTER_UNKNOWN, clusterOf, mayBeCluster } from '../cluster.ts'
import { guestHitsOf, untoldHits } from '../cluster-guests.ts'
import { draftsOf, draftsOfRules } from './findings.ts'
import { forwardingBlocks } from './node-port-blocked.ts'
import { TEXTS } from './texts.ts'
import { troublesOf } from './trouble.ts'

/** Guide 3.1.4.4 and 3.2: does the node take what comes in on a NodePort, and does it hand it on? */
export const tkeNode: Check = { id: 'tke-node', reasons: TEXTS.reasons, run }

function run(paths: Paths): CheckResult {
  if (!paths.balancer) return { outcome: 'unknown', reason: 'balancer-unread', drafts: [] }
  const seen = guestHitsOf(paths, 'tke-node/local-policy-no-pod')
  const cluster = clusterOf(paths)
  if (cluster.kind !== 'own') {
    const isOf = mayBeCluster(paths) || paths.snapshot.kubernetes !== undefined
    return result(
      draftsOfRules(seen, paths),
      [isOf ? 'unknown' : 'not-applicable'],
      CLUSTER_UNKNOWN[cluster.kind],
    )
  }
  const { hits, outcomes } = troublesOf(paths, cluster)
  const drafts = [...draftsOf(hits, { paths, cluster, seen }), ...forwardingBlocks(paths, cluster)]
  return result(
    [...drafts, ...draftsOfRules(untoldHits(seen, drafts), paths)],
    outcomes,
    'cluster-partly-unread',
  )
}

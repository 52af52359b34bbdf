import type { Paths } from '../../path/index.ts'
import { type Check, type CheckResult, result } from '../check.ts'
import { CLUSTER_UNKNOWN, clusterOf, mayBeCluster } from '../cluster.ts'
import { guestHitsOf, untoldHits } from '../cluster-guests.ts'
import { draftsOf, draftsOfRules } from './findings.ts'
import { TEXTS } from './texts.ts'
import { troublesOf } from './trouble.ts'

/** Guide 3.1.1 to 3.1.3: is there a pod behind the Service, does it run, is it ready, and is the port right? */
export const tkePod: Check = { id: 'tke-pod', reasons: TEXTS.reasons, run }

function run(paths: Paths): CheckResult {
  if (!paths.balancer) return { outcome: 'unknown', reason: 'balancer-unread', drafts: [] }
  const seen = guestHitsOf(paths, 'tke-pod/no-endpoints')
  const cluster = clusterOf(paths)
  if (cluster.kind !== 'own') {
    const isOf = mayBeCluster(paths) || paths.snapshot.kubernetes !== undefined
    return result(draftsOfRules(seen), [isOf ? 'unknown' : 'not-applicable'], CLUSTER_UNKNOWN[cluster.kind])
  }
  const { troubles, outcomes } = troublesOf(paths, cluster)
  const drafts = draftsOf(troubles, cluster, seen)
  return result([...drafts, ...draftsOfRules(untoldHits(seen, drafts))], outcomes, 'cluster-partly-unread')
}

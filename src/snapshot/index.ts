import type { CloudSession } from '../cloud/index.ts'
import type { ClbReference } from '../model/alarm.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { accountOf } from './account.ts'
import { backendFacts } from './assemble.ts'
import { kubernetesOf } from './clusters.ts'
import { LoadBalancerLookupError } from './errors.ts'
import { nameOf, refusalOf, wholeFront } from './front.ts'
import { historyOf } from './history.ts'
import { type Given, type Known, type Moment, NOTHING_READ, single } from './known.ts'
import { learn } from './learn.ts'

// snapshot/ reads everything that a diagnosis of one CLB needs, and all CLBs of an account for a scan. Only app/ calls
// it, through this file and `scan.ts`. It calls the API through cloud/ and only reads. It does not decide what a fact
// means.

export { LoadBalancerLookupError } from './errors.ts'
export type { ClusterReading } from './known.ts'
export { narrow } from './narrow.ts'

/**
 * Reads everything that the checks may need about one CLB, in as few calls and waves as the API allows. A call that is
 * denied or fails becomes a fact of that kind and stops nothing else. Facts that depend on it are not read.
 *
 * The history (who changed what, and when) is only waited for after everything else has been read, as long as
 * `moment.patience` lasts. A scan does not read it.
 *
 * @throws LoadBalancerLookupError if the CLB does not exist or the name fits several
 * @throws CredentialsError if the API rejects the credentials
 */
export async function readSnapshot(
  cloud: CloudSession,
  reference: ClbReference,
  region: string | null,
  moment: Moment,
  given: Given | null = null,
): Promise<Snapshot> {
  if (region === null) throw new LoadBalancerLookupError('no-region', nameOf(reference), null)
  const { known, informed } = await learn(
    cloud,
    { of: 'clb', reference, region, moment, given },
    NOTHING_READ,
  )
  const refusal = refusalOf(known)
  if (refusal) throw refusal
  const facts = {
    ...subjectOf(known, reference),
    ...backendFacts(known),
    ...accountOf(known),
    ...kubernetesOf(known),
  }
  if (informed) await Promise.race([informed, moment.patience().catch(() => 'over')])
  return {
    snapshotVersion: 1,
    takenAt: moment.takenAt,
    alarmedAt: moment.alarmedAt,
    region,
    ...facts,
    ...historyOf(known, facts),
    cost: { ...cloud.cost },
  }
}

/** The facts of the CLB itself. */
function subjectOf(known: Known, reference: ClbReference) {
  const loadBalancer = single(known.loadBalancer)?.fact
  const front = wholeFront(known)
  if (!loadBalancer || !front) throw new Error(`the facts of ${nameOf(reference)} are not complete`)
  const loadBalancerId = loadBalancer.state === 'ok' ? loadBalancer.value.id : nameOf(reference)
  return { loadBalancerId, loadBalancer, ...front.facts }
}

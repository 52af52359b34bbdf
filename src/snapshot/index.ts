import type { CloudSession } from '../cloud/cloud.ts'
import { CloudError } from '../cloud/errors.ts'
import { readFact } from '../cloud/fact.ts'
import type { ClbReference } from '../model/alarm.ts'
import { type Fact, known, ok } from '../model/fact.ts'
import type { HealthRecord, LoadBalancer, Snapshot } from '../model/snapshot.ts'
import { backendFacts } from './backends.ts'
import { isClassic, isRefused, readClassic } from './classic.ts'
import { readClusterFacts } from './clusters.ts'
import { LoadBalancerLookupError } from './errors.ts'
import { askHistory, type Moment, NO_HISTORY } from './history.ts'
import { type FrontFacts, readFront } from './listeners.ts'
import { findByVip, readLoadBalancer } from './load-balancer.ts'

export { LoadBalancerLookupError } from './errors.ts'

/** What a scan has read of a CLB before its turn comes. */
export interface Given {
  readonly loadBalancer: LoadBalancer
  /** Null: to be read with the rest. */
  readonly health: Fact<readonly HealthRecord[]> | null
}

/**
 * Everything the checks may need about one CLB, in as few calls and waves as the API allows. A call that is denied or
 * fails becomes a fact of that kind and stops nothing else; what depends on it is simply not asked for.
 *
 * What only says who and when is asked beside the waves, and given up when all else is read and patience is over; a scan
 * does not ask it.
 *
 * @throws LoadBalancerLookupError when the CLB is not there or the name fits several
 * @throws CredentialsError when the API rejects the credentials
 */
export async function readSnapshot(
  cloud: CloudSession,
  reference: ClbReference,
  region: string | null,
  moment: Moment,
  given: Given | null = null,
): Promise<Snapshot> {
  if (region === null) throw new LoadBalancerLookupError('no-region', nameOf(reference), null)
  const { loadBalancer, front, wave, id } = await readSubject(cloud, reference, region, given)
  const { listeners, registrations, health } = front
  const balancer = known(loadBalancer)

  const home = balancer?.targetRegion ?? region
  const records = known(health) ?? []
  const asked = { region, loadBalancer: balancer, health: records, wave: wave + 1 }
  const history = given ? NO_HISTORY : askHistory(cloud, asked, moment)
  const [backends, clusters] = await Promise.all([
    backendFacts(cloud, {
      region: home,
      clbRegion: region,
      loadBalancer: balancer,
      vpcId: balancer?.targetVpcId ?? balancer?.vpcId ?? null,
      listeners: known(listeners) ?? [],
      registrations: known(registrations) ?? [],
      health: records,
      wave: wave + 1,
    }),
    readClusterFacts(cloud, balancer, front, { region: home, wave: wave + 1 }),
  ])
  const facts = { loadBalancerId: id, loadBalancer, ...front, ...backends, ...clusters }
  return {
    snapshotVersion: 1,
    takenAt: moment.takenAt,
    alarmedAt: moment.alarmedAt,
    region,
    ...facts,
    ...(await history.taken(facts)),
    cost: { ...cloud.cost },
  }
}

interface Subject {
  readonly id: string
  readonly loadBalancer: Fact<LoadBalancer>
  readonly front: FrontFacts
  /** The last one that it took. */
  readonly wave: number
}

/**
 * With an id in hand the CLB itself is one of four calls in the first wave, and a classic one is known by the second; by
 * VIP it has to be found before, as a scan has, and is then known for what it is.
 */
async function readSubject(
  cloud: CloudSession,
  reference: ClbReference,
  region: string,
  given: Given | null,
): Promise<Subject> {
  const id = reference.loadBalancerId
  if (given || id === null) {
    const owner = given?.loadBalancer ?? (await locate(cloud, reference, region))
    const where = { region, wave: 2 }
    const front =
      owner.generation === 'classic'
        ? await readClassic(cloud, owner.id, where)
        : await readFront(cloud, owner.id, where, given?.health)
    return { id: owner.id, loadBalancer: ok(owner), front, wave: 2 }
  }
  const [loadBalancer, front] = await Promise.all([
    readFact(readLoadBalancer(cloud, id, region)),
    readFront(cloud, id, { region, wave: 1 }),
  ])
  refuseUnknown(id, region, [loadBalancer, ...Object.values(front)])
  if (!isClassic(loadBalancer, front)) return { id, loadBalancer, front, wave: 1 }
  const classic = await readClassic(cloud, id, { region, wave: 2 })
  return { id, loadBalancer, front: isRefused(classic) ? front : classic, wave: 2 }
}

async function locate(cloud: CloudSession, reference: ClbReference, region: string): Promise<LoadBalancer> {
  if (reference.vip === null) throw new LoadBalancerLookupError('not-named', nameOf(reference), region)
  return findByVip(cloud, { ...reference, vip: reference.vip }, region).catch((error) => {
    if (!(error instanceof CloudError) || error.code !== NO_SUCH_REGION) throw error
    throw new LoadBalancerLookupError('unknown-region', nameOf(reference), region)
  })
}

/** The API's word for a region that it does not have. */
const NO_SUCH_REGION = 'UnsupportedRegion'

/** The list of CLBs may be denied while the others say that there is no such CLB: that too is "unknown CLB". */
function refuseUnknown(id: string, region: string, facts: readonly Fact<unknown>[]): void {
  const [own, ...rest] = facts
  if (own?.state === 'ok') return
  if (own?.failure.code === NO_SUCH_REGION) throw new LoadBalancerLookupError('unknown-region', id, region)
  const notFound = (fact: Fact<unknown>) => fact.state !== 'ok' && fact.failure.problem === 'not-found'
  if (rest.length > 0 && rest.every((fact) => fact.state !== 'ok') && rest.some(notFound))
    throw new LoadBalancerLookupError('not-found', id, region)
}

const nameOf = ({ loadBalancerId, vip }: ClbReference): string => loadBalancerId ?? vip ?? '-'

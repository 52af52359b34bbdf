import type { CloudSession } from '../cloud/cloud.ts'
import { CloudError } from '../cloud/errors.ts'
import { readFact } from '../cloud/fact.ts'
import type { ClbReference } from '../model/alarm.ts'
import { type Fact, known, ok } from '../model/fact.ts'
import type { LoadBalancer, Snapshot } from '../model/snapshot.ts'
import { backendFacts } from './backends.ts'
import { LoadBalancerLookupError } from './errors.ts'
import { readHealth, readListeners, readRegistrations } from './listeners.ts'
import { findByVip, readLoadBalancer } from './load-balancer.ts'

export { LoadBalancerLookupError } from './errors.ts'

/**
 * Everything the checks may need about one CLB, in as few calls and waves as the API allows. A call that is denied or
 * fails becomes a fact of that kind and stops nothing else; what depends on it is simply not asked for.
 *
 * @throws LoadBalancerLookupError when the CLB is not there or the name fits several
 * @throws CredentialsError when the API rejects the credentials
 */
export async function takeSnapshot(
  cloud: CloudSession,
  reference: ClbReference,
  region: string | null,
  when: { readonly takenAt: string; readonly alarmedAt: string | null },
): Promise<Snapshot> {
  if (region === null) throw new LoadBalancerLookupError('no-region', nameOf(reference), null)
  const subject = await locate(cloud, reference, region)
  const { id, wave } = subject

  const [found, listeners, registrations, health] = await Promise.all([
    subject.loadBalancer ?? readFact(readLoadBalancer(cloud, id, region)),
    readFact(readListeners(cloud, id, { region, wave })),
    readFact(readRegistrations(cloud, id, { region, wave })),
    readFact(readHealth(cloud, id, { region, wave })),
  ])
  refuseUnknown(id, region, [found, listeners, registrations, health])

  const backends = await backendFacts(cloud, {
    region: known(found)?.targetRegion ?? region,
    clbRegion: region,
    loadBalancer: known(found),
    vpcId: known(found)?.targetVpcId ?? known(found)?.vpcId ?? null,
    listeners: known(listeners) ?? [],
    registrations: known(registrations) ?? [],
    health: known(health) ?? [],
    wave: wave + 1,
  })

  return {
    snapshotVersion: 1,
    ...when,
    region,
    loadBalancerId: id,
    loadBalancer: found,
    listeners,
    registrations,
    health,
    ...backends,
    clusters: {},
    auditEvents: {},
    healthLogs: {},
    cost: { ...cloud.cost },
  }
}

/** With an id in hand the CLB itself is one of four calls in the first wave; by VIP it has to be found before. */
async function locate(
  cloud: CloudSession,
  reference: ClbReference,
  region: string,
): Promise<{ id: string; wave: number; loadBalancer: Fact<LoadBalancer> | null }> {
  if (reference.loadBalancerId !== null) return { id: reference.loadBalancerId, wave: 1, loadBalancer: null }
  if (reference.vip === null) throw new LoadBalancerLookupError('not-named', nameOf(reference), region)
  const owner = await findByVip(cloud, { ...reference, vip: reference.vip }, region).catch((error) => {
    if (!(error instanceof CloudError) || error.code !== NO_SUCH_REGION) throw error
    throw new LoadBalancerLookupError('unknown-region', nameOf(reference), region)
  })
  return { id: owner.id, wave: 2, loadBalancer: ok(owner) }
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

import { known } from '../model/fact.ts'
import { remembered } from '../model/memo.ts'
import type { LoadBalancer, SecurityGroup, SecurityRule, Snapshot } from '../model/snapshot.ts'
import type { EvaluatedTarget } from './target.ts'

interface Front {
  readonly listenerId: string
  readonly locationId: string | null
}

type Id = string | null | undefined

/** The ids of templates and template groups that these rules name. */
export const templatesIn = (rules: readonly SecurityRule[]): readonly string[] =>
  rules.flatMap(({ address, service }) =>
    [address?.id, address?.groupId, service?.id, service?.groupId].filter((id) => typeof id === 'string'),
  )

const templatesOf = remembered(({ ingress }: SecurityGroup) => templatesIn(ingress))

/** The ids of everything on the way of a probe to this target, from the CLB to the machine. */
export function waypointsOf(
  snapshot: Snapshot,
  balancer: LoadBalancer | undefined,
  { listenerId, locationId }: Front,
  target: EvaluatedTarget,
): ReadonlySet<string> {
  const location = target.location.isResolved ? target.location.value : null
  const cross = known(snapshot.crossTargets[target.ip])
  const groups = (location?.securityGroupIds ?? []).flatMap((id) => known(snapshot.securityGroups[id]) ?? [])
  const snatSubnets = target.type === 'CCN' ? (balancer?.snatIps ?? []).map(({ subnetId }) => subnetId) : []
  const ids: readonly Id[] = [
    snapshot.loadBalancerId,
    listenerId,
    locationId,
    target.targetGroupId,
    target.instanceId ?? cross?.instanceId,
    location?.eniId,
    ...(location?.securityGroupIds ?? []),
    ...groups.flatMap(templatesOf),
    ...[location?.subnetId, ...snatSubnets].flatMap((id) => [id, ...besideSubnet(snapshot, id)]),
    ...(target.type === 'CCN' ? [cross?.vpcId, ...behindCcn(snapshot, balancer)] : []),
  ]
  return new Set(ids.filter((id) => typeof id === 'string'))
}

function besideSubnet(snapshot: Snapshot, id: Id): readonly Id[] {
  const subnet = typeof id === 'string' ? known(snapshot.subnets[id]) : null
  return [subnet?.networkAclId, subnet?.routeTableId]
}

function behindCcn({ ccnAttachments }: Snapshot, balancer: LoadBalancer | undefined): readonly Id[] {
  const vpcId = balancer?.vpcId ?? null
  const attached = vpcId === null ? [] : (known(ccnAttachments[vpcId]) ?? [])
  return [vpcId, ...attached.map(({ ccnId }) => ccnId)]
}

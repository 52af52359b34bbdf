import type { Assessment } from '../../assessment/index.ts'
import type { FixLine, Placed } from '../check.ts'
import { tccli } from '../commands.ts'
import type { Trouble } from './trouble.ts'

/** What mends it in one call; nothing where it takes a decision, or more than one. */
export function commandsFor(
  { reason, resource, state }: Trouble,
  hits: readonly Placed[],
  assessment: Assessment,
): readonly FixLine[] {
  // SHUTDOWN is a machine on its way out, which cannot be started (SDK cvm_models, InstanceState).
  if (reason === 'not-running' && state === 'STOPPED')
    return [tccli('cvm StartInstances', resource.region ?? '', { InstanceIds: [resource.id] })]
  return reason === 'not-found' ? hits.flatMap((placed) => unbinding(placed, assessment)) : []
}

/** Members of target groups and backends of classic CLBs are unbound by calls of their own. */
function unbinding({ pool, target }: Placed, { snapshot, balancer }: Assessment): readonly FixLine[] {
  if (target.targetGroupId !== null || balancer?.generation !== 'application') return []
  const name = target.instanceId === null ? { EniIp: target.ip } : { InstanceId: target.instanceId }
  return [
    tccli('clb DeregisterTargets', snapshot.region, {
      LoadBalancerId: snapshot.loadBalancerId,
      ListenerId: pool.listenerId,
      ...(pool.locationId === null ? {} : { LocationId: pool.locationId }),
      Targets: [{ ...name, Port: target.port }],
    }),
  ]
}

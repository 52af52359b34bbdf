import type { Assessment } from '../assessment/index.ts'
import type { FixLine, Placed } from './check.ts'
import { tccli } from './commands.ts'

/** Backends that one call unbinds (SDK, `DeregisterTargetsRequest`). */
const MOST = 20

/** Unbinds those that are Dead: one command a listener or rule and twenty backends. */
export function unbinding(
  placed: readonly Placed[],
  { balancer, snapshot: { region, loadBalancerId } }: Assessment,
): readonly FixLine[] {
  // Members of target groups and backends of classic CLBs are unbound by calls of their own.
  if (balancer?.generation !== 'application') return []
  const dead = placed.filter(({ target }) => target.status === 'Dead' && target.targetGroupId === null)
  return [...new Set(dead.map(({ pool }) => pool))].flatMap((pool) => {
    const targets = dead
      .filter((one) => one.pool === pool)
      .map(({ target: { instanceId, ip, port } }) =>
        instanceId === null ? { EniIp: ip, Port: port } : { InstanceId: instanceId, Port: port },
      )
    return Array.from({ length: Math.ceil(targets.length / MOST) }, (_, i) =>
      tccli('clb DeregisterTargets', region, {
        LoadBalancerId: loadBalancerId,
        ListenerId: pool.listenerId,
        ...(pool.locationId === null ? {} : { LocationId: pool.locationId }),
        Targets: targets.slice(i * MOST, (i + 1) * MOST),
      }),
    )
  })
}

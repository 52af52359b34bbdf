import { chunksOf } from '../model/chunks.ts'
import { isIpv6 } from '../model/ip.ts'
import type { Paths } from '../path/index.ts'
import type { FixLine, PoolTarget } from './check.ts'
import { tccli } from './commands.ts'

/** The most backends that one call unbinds (SDK `DeregisterTargetsRequest`). */
const MOST = 20

/**
 * Commands that unbind the Dead targets, one per listener or rule and 20 backends. An instance id names only the
 * machine's primary IPv4 address (SDK `Target.InstanceId`), so other addresses are unbound by address.
 */
export function unbinding(
  poolTarget: readonly PoolTarget[],
  { balancer, snapshot: { region, loadBalancerId } }: Paths,
): readonly FixLine[] {
  // Members of target groups and backends of classic CLBs are unbound by other API actions.
  if (balancer?.generation !== 'application') return []
  const dead = poolTarget.filter(
    ({ target: { status, targetGroupId, type } }) =>
      status === 'Dead' && targetGroupId === null && type !== 'UNKNOWN',
  )
  return [...new Set(dead.map(({ pool }) => pool))].flatMap((pool) => {
    const targets = dead
      .filter((one) => one.pool === pool)
      .map(({ target: { instanceId, type, ip, port } }) =>
        instanceId !== null && type === 'CVM' && !isIpv6(ip)
          ? { InstanceId: instanceId, Port: port }
          : { EniIp: ip, Port: port },
      )
    return chunksOf(targets, MOST).map((some) =>
      tccli('clb DeregisterTargets', region, {
        LoadBalancerId: loadBalancerId,
        ListenerId: pool.listenerId,
        ...(pool.locationId === null ? {} : { LocationId: pool.locationId }),
        Targets: some,
      }),
    )
  })
}

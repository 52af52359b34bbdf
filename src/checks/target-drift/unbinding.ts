import type { Snapshot } from '../../model/snapshot.ts'
import type { FixLine, Placed } from '../check.ts'

/** Backends that one call unbinds (SDK, `DeregisterTargetsRequest`). */
const MOST = 20

const isPlain = (id: string): boolean => /^[\w-]+$/.test(id)

/** Unbinds those that are Dead: one command a listener or rule and twenty backends. */
export function unbinding(
  placed: readonly Placed[],
  { region, loadBalancerId }: Snapshot,
): readonly FixLine[] {
  const byPool = new Map<string, string[]>()
  for (const { pool, target } of placed) {
    const { listenerId, locationId } = pool
    const ids = [
      loadBalancerId,
      listenerId,
      target.instanceId ?? '',
      ...(locationId === null ? [] : [locationId]),
    ]
    // Members of a target group are unbound from the group.
    if (target.status !== 'Dead' || target.targetGroupId !== null || !ids.every(isPlain)) continue
    const rule = locationId === null ? '' : ` --LocationId ${locationId}`
    const head = `tccli clb DeregisterTargets --region ${region} --LoadBalancerId ${loadBalancerId} --ListenerId ${listenerId}${rule}`
    const own = byPool.get(head) ?? []
    byPool.set(head, [...own, JSON.stringify({ InstanceId: target.instanceId, Port: target.port })])
  }
  return [...byPool].flatMap(([head, all]) =>
    Array.from({ length: Math.ceil(all.length / MOST) }, (_, i) => ({
      tool: 'tccli' as const,
      line: `${head} --Targets '[${all.slice(i * MOST, (i + 1) * MOST).join(',')}]'`,
    })),
  )
}

import { known } from '../model/fact.ts'
import { hasPrefix } from '../model/ids.ts'
import { isIpv6 } from '../model/ip.ts'
import type { PathContext } from './path.ts'
import type { EvaluatedTarget } from './target.ts'

/**
 * In an account that pays for public bandwidth at the machines, a public CLB reaches only machines with public bandwidth
 * (platform facts F).
 * - `lacking`: this machine has none, in such an account
 * - `account-unread`, `bandwidth-unread`: what decides it was not read
 * - `not-applicable`: no machine of the CLB's own VPC behind a public IPv4 CLB, or a machine that does not exist
 */
export type PublicReach = 'open' | 'lacking' | 'account-unread' | 'bandwidth-unread' | 'not-applicable'

export function publicReachOf(
  { type, ip, instanceId }: EvaluatedTarget,
  { snapshot, balancer }: Pick<PathContext, 'snapshot' | 'balancer'>,
): PublicReach {
  const fact = hasPrefix(instanceId, 'ins') ? snapshot.instances[instanceId] : undefined
  const machine = known(fact)
  if (!fact || machine === null || type !== 'CVM' || isIpv6(ip)) return 'not-applicable'
  if (balancer?.networkType !== 'OPEN' || balancer.ipVersion !== 'ipv4') return 'not-applicable'
  if ((balancer.targetRegion ?? snapshot.region) !== snapshot.region) return 'not-applicable'
  if (machine?.vpcId && balancer.vpcId && machine.vpcId !== balancer.vpcId) return 'not-applicable'
  const bandwidth = machine?.publicBandwidth
  const account = known(snapshot.accountType)
  if (account === 'STANDARD' || (bandwidth !== undefined && bandwidth > 0)) return 'open'
  if (account === undefined) return 'account-unread'
  return bandwidth === 0 ? 'lacking' : 'bandwidth-unread'
}

import type { CallOptions, CloudSession, Kind } from '../cloud/index.ts'
import type { AccountType, ById, Snapshot } from '../model/snapshot.ts'
import { backendsOf } from './backends.ts'
import { malformed, readEach } from './collect.ts'
import { upper } from './fields.ts'
import { balancerOf } from './front.ts'
import { deepest, type Known, type Lead, single } from './known.ts'

const ACTION = 'vpc:DescribeNetworkAccountType'
const ACCOUNT: Kind = { action: ACTION, size: 1, keep: 50 }

/**
 * The region in which the type of the account is asked for. Only if it may decide: a public CLB has a Dead backend on a
 * machine that has no public bandwidth, or whose bandwidth was not read (platform facts F).
 */
export function accountLeads(known: Known): readonly Lead[] {
  const balancer = balancerOf(known)
  const backends = backendsOf(known)
  if (known.root.of !== 'clb' || !backends || balancer?.networkType !== 'OPEN') return []
  const { region } = known.root
  if (balancer.ipVersion !== 'ipv4' || (balancer.targetRegion ?? region) !== region) return []
  for (const { ip, instanceId, type } of backends.addresses) {
    // Only the registration says the type, and members of target groups are not in that list.
    if (!backends.dead.has(ip) || (type !== null && type !== 'CVM')) continue
    const machine = known.instances.get(instanceId ?? '')
    if (machine && mayLackBandwidth(machine.fact))
      return [{ id: region, depth: Math.max(backends.depth, deepest(machine)) }]
  }
  return []
}

/** A machine that does not exist needs no bandwidth. */
const mayLackBandwidth = (fact: Snapshot['instances'][string]): boolean =>
  fact.state !== 'ok' || (fact.value !== null && !fact.value.publicBandwidth)

export const readAccountType = (
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<AccountType>> =>
  readEach(cloud, { kind: ACCOUNT, ids, where }, async (_, at) => {
    const type = upper((await cloud.call(ACTION, {}, at)).NetworkAccountType)
    if (type !== 'STANDARD' && type !== 'LEGACY') throw malformed(ACTION, `the type is ${type}`)
    return type
  })

/** Left out if it was not asked for. */
export function accountOf(known: Known): Pick<Snapshot, 'accountType'> {
  const fact = single(known.accountType)?.fact
  return fact ? { accountType: fact } : {}
}

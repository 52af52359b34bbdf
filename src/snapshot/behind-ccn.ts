import { type Fact, ok, known as valueIn } from '../model/fact.ts'
import type { CrossTarget } from '../model/snapshot.ts'
import { backendsOf } from './backends.ts'
import { balancerOf } from './front.ts'
import { deepest, type Known, type Lead, leads, leadsAt, NOTHING_READ, single } from './known.ts'

// Backends that are behind CCN, or may be. They are in another VPC and possibly in another region.

/** The depth of the facts about backends behind CCN. Null until these facts are known. */
export function farOff(known: Known): { readonly depth: number } | null {
  const vpc = snatVpc(known)
  if (!vpc) return { depth: NOTHING_READ }
  const [ranges, targets] = [known.vpcs.get(vpc.id), known.crossTargets.get(vpc.id)]
  return ranges && targets ? { depth: deepest(ranges, targets) } : null
}

/** The VPC of the SNAT IPs. Null if no backend can be behind CCN. */
function snatVpc(known: Known): Lead | null {
  const backends = backendsOf(known)
  const id = balancerOf(known)?.vpcId ?? null
  return backends && backends.far.length > 0 && id !== null ? { id, depth: backends.depth } : null
}

export const snatVpcLeads = (known: Known): readonly Lead[] => {
  const vpc = snatVpc(known)
  return vpc ? [vpc] : []
}

/** The account's machine behind each address that is behind CCN. Null: the address is not a machine of the account. */
export function crossTargetsOf(known: Known): Record<string, Fact<CrossTarget | null>> {
  const fact = single(known.crossTargets)?.fact
  const far = backendsOf(known)?.far ?? []
  if (!fact) return {}
  if (fact.state !== 'ok') return Object.fromEntries(far.map((ip) => [ip, fact]))
  const byIp = new Map(fact.value.toReversed().map((target) => [target.ip, target]))
  return Object.fromEntries(far.map((ip) => [ip, ok(byIp.get(ip) ?? null)]))
}

/** Every VPC that a probe to a backend behind CCN leaves or enters. */
export const routedVpcLeads = (known: Known): readonly Lead[] =>
  known.root.of === 'machines'
    ? leadsAt(
        known.rootDepth,
        known.root.targets.map(({ vpcId }) => vpcId),
      )
    : snatVpcLeads(known)

export const ccnLeads = (known: Known): readonly Lead[] =>
  leads(known.ccnAttachments.values(), (attached) => attached.map(({ ccnId }) => ccnId))

type RemoteTarget = CrossTarget & { readonly region: string }

/** Backends in other VPCs that are machines of the account. */
export const remoteTargets = (known: Known): readonly RemoteTarget[] =>
  Object.values(crossTargetsOf(known)).flatMap((fact) => {
    const target = valueIn(fact)
    return target && target.region !== null ? [{ ...target, region: target.region }] : []
  })

export const remoteRegionLeads = (known: Known): readonly Lead[] =>
  leadsAt(
    deepest(single(known.crossTargets)),
    remoteTargets(known).map(({ region }) => region),
  )

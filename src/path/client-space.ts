import { known } from '../model/fact.ts'
import { remembered } from '../model/memo.ts'
import type { LoadBalancer, Snapshot } from '../model/snapshot.ts'
import {
  type AddressSet,
  emptySet,
  everything,
  type Family,
  intersect,
  isEmpty,
  parseAddresses,
  subtract,
  union,
} from '../rules/index.ts'

/** The addresses that the clients of a CLB may have. */
export interface ClientSpace {
  readonly addresses: AddressSet
  /** False if the clients may be only a part of these. Then only an answer that all addresses share is certain. */
  readonly isExact: boolean
}

/** The platform's own ranges: probes come from there, and no client does (platform facts C1). */
const PLATFORM = ['100.64.0.0/10', '169.254.0.0/16']

/**
 * Any address may be a client of a public CLB. Those of a private CLB are in its VPC and in what its CCN routes to. If
 * these ranges were not read, the clients are some part of all addresses.
 */
export function clientSpaceOf(snapshot: Snapshot, balancer: LoadBalancer, family: Family): ClientSpace {
  const others = notClients(balancer)[family]
  const anywhere = subtract(everything(family), others)
  if (balancer.networkType === 'OPEN') return { addresses: anywhere, isExact: true }
  const ranges = balancer.networkType === 'INTERNAL' ? privateRanges(snapshot, balancer) : null
  const own = ranges && subtract(unionOfTexts(ranges, family), others)
  return own === null || isEmpty(own)
    ? { addresses: anywhere, isExact: false }
    : { addresses: own, isExact: true }
}

/** The part of a set that the ranges of a subnet hold. */
export function partIn(set: AddressSet, cidr: string | null): AddressSet {
  const range = parseAddresses(cidr ?? '')
  return range ? intersect(set, range) : emptySet(set.family)
}

const notClients = remembered(({ vips }: LoadBalancer) => ({
  4: unionOfTexts([...vips, ...PLATFORM], 4),
  6: unionOfTexts(vips, 6),
}))

function unionOfTexts(texts: readonly string[], family: Family): AddressSet {
  return texts.reduce((all, text) => {
    const set = parseAddresses(text)
    return set?.family === family ? union(all, set) : all
  }, emptySet(family))
}

/** The ranges of the CLB's VPC and of everything that its CCN leads to. Null if some of them were not read. */
function privateRanges(snapshot: Snapshot, { vpcId }: LoadBalancer): readonly string[] | null {
  const vpc = vpcId === null ? null : known(snapshot.vpcs[vpcId])
  const attached = vpcId === null ? null : known(snapshot.ccnAttachments[vpcId])
  if (!vpc || !attached || vpc.cidrs.length === 0) return null
  const ranges = [...vpc.cidrs]
  for (const { ccnId, state } of attached) {
    if (state !== null && state !== 'ACTIVE') continue
    const routes = known(snapshot.ccnRoutes[ccnId])
    // A CCN has at least the routes of the CLB's own VPC. An empty list was therefore not read in full.
    if (state === null || !routes || routes.length === 0) return null
    for (const { cidr, enabled } of routes) {
      if (enabled === false) continue
      if (cidr === null || parseAddresses(cidr) === null) return null
      ranges.push(cidr)
    }
  }
  return ranges
}

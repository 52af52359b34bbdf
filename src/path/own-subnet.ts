import type { ProbeVia } from '../model/diagnosis.ts'
import type { LoadBalancer, Subnet } from '../model/snapshot.ts'
import { isEmpty, parseAddresses, sizeOf, subtract } from '../rules/index.ts'
import type { ProbeOrigin } from './probe.ts'
import { sharesSubnet } from './target-location.ts'

/** An origin, seen from the target's own subnet. No ACL filters within a subnet. */
export interface OriginParts {
  readonly via: ProbeVia
  /** The part that an ACL filters. Null if all addresses are inside the subnet. */
  readonly outside: ProbeOrigin | null
  /** Are there addresses inside the subnet? */
  readonly isInside: 'no' | 'in part' | 'unknown'
}

/** A VIP or SNAT IP may be inside the target's subnet. */
export function partsOf(
  origin: ProbeOrigin,
  balancer: LoadBalancer | undefined,
  subnet: Subnet,
): OriginParts {
  const { via, sources } = origin
  const outside: OriginParts = { via, outside: origin, isInside: 'no' }
  const isInVpc = balancer === undefined || balancer.vpcId === subnet.vpcId
  if (via === 'vip') {
    const shares = sharesSubnet(balancer, subnet)
    if (shares === null) return { ...outside, isInside: 'unknown' }
    return shares ? { via, outside: null, isInside: 'in part' } : outside
  }
  if (sources === null) {
    const isPublic = via === 'unknown' && balancer?.networkType === 'OPEN'
    return isInVpc && !isPublic ? { ...outside, isInside: 'unknown' } : outside
  }
  if (via !== 'snat' || !isInVpc) return outside
  const own = parseAddresses((sources.family === 6 ? subnet.ipv6Cidr : subnet.cidr) ?? '')
  const rest = own ? subtract(sources, own) : sources
  if (isEmpty(rest)) return { via, outside: null, isInside: 'in part' }
  return sizeOf(rest) === sizeOf(sources)
    ? outside
    : { via, outside: { via, sources: rest }, isInside: 'in part' }
}

import { known } from '../model/fact.ts'
import type { Family } from '../model/ip.ts'
import { remembered } from '../model/memo.ts'
import type { Route, Snapshot } from '../model/snapshot.ts'
import { type AddressSet, contains, parseAddresses, sizeOf } from '../rules/index.ts'

// Which route of a table or CCN an address takes.

export type Destination = Pick<Route, 'id' | 'cidr' | 'enabled'> & Partial<Pick<Route, 'ipv6Cidr'>>

/** The most specific enabled route to an address. */
export const best = <R extends Destination>(routes: readonly R[], address: AddressSet): R | undefined =>
  mostSpecific(routes, address, ({ enabled }) => enabled !== false)

/** The most specific disabled route to an address. Null without an id, because nobody could enable it by name. */
export function disabledIn(
  routes: readonly Destination[],
  address: AddressSet,
): { readonly id: string; readonly cidr: string | null } | null {
  const route = mostSpecific(routes, address, ({ enabled }) => enabled === false)
  return route?.id ? { id: route.id, cidr: route.cidr ?? route.ipv6Cidr ?? null } : null
}

function mostSpecific<R extends Destination>(
  routes: readonly R[],
  address: AddressSet,
  isWanted: (route: R) => boolean,
): R | undefined {
  for (const { at, range } of orderOf(routes)[address.family]) {
    const route = routes[at]
    if (route && isWanted(route) && contains(range, address)) return route
  }
  return undefined
}

interface Placed {
  /** The route's index in its list. */
  readonly at: number
  readonly range: AddressSet
}

/** Ranges that routes lead to, the smallest first. Computed once per list, because every target needs them. */
const orderOf = remembered((routes: readonly Destination[]): Record<Family, readonly Placed[]> => {
  const placed = (cidrOf: (route: Destination) => string | null | undefined): readonly Placed[] =>
    routes
      .flatMap((route, at) => {
        const range = parseAddresses(cidrOf(route) ?? '')
        return range ? [{ at, range, size: sizeOf(range) }] : []
      })
      .sort((a, b) => (a.size < b.size ? -1 : a.size > b.size ? 1 : 0))
  return { 4: placed(({ cidr }) => cidr), 6: placed(({ ipv6Cidr }) => ipv6Cidr) }
})

export function holdsAll(cidr: string | null, address: AddressSet): boolean {
  const range = parseAddresses(cidr ?? '')
  return range !== null && contains(range, address)
}

/** Does a CCN of the CLB's VPC route this address to another VPC (and not to a data centre)? */
export function isOfVpc(snapshot: Snapshot, ip: string): boolean {
  const address = parseAddresses(ip)
  return address !== null && best(everyCcnRoute(snapshot), address)?.instanceType === 'VPC'
}

const everyCcnRoute = remembered(({ ccnRoutes }: Snapshot) =>
  Object.values(ccnRoutes).flatMap((fact) => known(fact) ?? []),
)

/** Gateways that `vpc:CheckNetDetectState` can send over. */
const DETECTABLE = ['CCN', 'DIRECTCONNECT', 'VPN', 'PEERCONNECTION', 'NORMAL_CVM']

/** The next hop from a subnet to an address outside its VPC. Null if no route leads there, or over nothing private. */
export function nextHopOf(
  snapshot: Snapshot,
  vpcId: string,
  subnetId: string,
  ip: string,
): { readonly type: string; readonly id: string } | null {
  const address = parseAddresses(ip)
  const table = known(snapshot.subnets[subnetId])?.routeTableId ?? null
  const routes = known(snapshot.routeTables[vpcId])?.find(({ id }) => id === table)?.routes ?? []
  const { gatewayType, gatewayId } = (address && best(routes, address)) ?? {}
  return gatewayType && gatewayId && DETECTABLE.includes(gatewayType)
    ? { type: gatewayType, id: gatewayId }
    : null
}

/** The network of a CCN route or of a private route that leads to an address outside the account. */
export function farNetworkOf(snapshot: Snapshot, vpcId: string | null, ip: string): string | null {
  const address = parseAddresses(ip)
  if (address === null) return null
  const overCcn = best(everyCcnRoute(snapshot), address)?.cidr ?? null
  const tables = known(snapshot.routeTables[vpcId ?? '']) ?? []
  const cidr =
    overCcn ??
    best(
      tables.flatMap(({ routes }) => routes),
      address,
    )?.cidr ??
    null
  return cidr === null || cidr.endsWith('/0') ? null : cidr
}

import { failuresOf, known, type ReadFailure } from '../model/fact.ts'
import { hasPrefix } from '../model/ids.ts'
import type { CcnAttachment, LoadBalancer, Route, RouteTable, Snapshot } from '../model/snapshot.ts'
import { type AddressSet, parseAddresses } from '../rules/index.ts'
import type { Member } from './pools.ts'
import { best, type Destination, disabledIn, holdsAll } from './routes.ts'

// Follows route tables from the CLB's SNAT IPs over CCN or Direct Connect to a backend, and back (platform facts C5,
// D).

/** Where a route is missing. */
export interface Obstruction {
  readonly reason: 'ccn-not-attached' | 'ccn-route-missing' | 'return-route-missing'
  /** The VPC, CCN or route table that should have the route. */
  readonly at: { readonly type: 'vpc' | 'ccn' | 'route-table'; readonly id: string; readonly region: string }
  /** The address that the route should lead to. */
  readonly to: string
  /** A disabled route that would do if it were enabled. */
  readonly disabled: { readonly id: string; readonly cidr: string | null } | null
  /** The route that the packets take instead. It leads to the Internet. */
  readonly astray: string | null
  /** The state of the attachment if it is not ACTIVE. */
  readonly state: string | null
}

export type Leg =
  | { readonly verdict: 'pass' }
  | { readonly verdict: 'block'; readonly by: Obstruction }
  | { readonly verdict: 'unknown'; readonly failures: readonly ReadFailure[] }

/** The way from one SNAT IP to a target and back. */
export interface CcnRoundTrip {
  readonly snatIp: string
  readonly subnetId: string | null
  readonly out: Leg
  readonly back: Leg
}

const PASS: Leg = { verdict: 'pass' }
const unknown = (...failures: readonly ReadFailure[]): Leg => ({ verdict: 'unknown', failures })

/** One per SNAT IP. Empty for a backend that is not behind CCN and for an address in the CLB's own VPC. */
export function ccnRoundTripsTo(
  snapshot: Snapshot,
  balancer: LoadBalancer | undefined,
  member: Member,
): readonly CcnRoundTrip[] {
  const address = parseAddresses(member.ip)
  if (member.type !== 'CCN' || !balancer || address === null) return []
  const locality = localityOf(snapshot, balancer, member.ip, address)
  if (locality === 'local') return []
  return balancer.snatIps.flatMap(({ ip, subnetId }) => {
    if (ip === null) return []
    if (locality !== 'elsewhere') return [{ snatIp: ip, subnetId, out: locality, back: locality }]
    return [
      {
        snatIp: ip,
        subnetId,
        out: legOut(snapshot, balancer, subnetId, address, member.ip),
        back: legBack(snapshot, balancer, subnetId, ip, address, member),
      },
    ]
  })
}

/** An address in the CLB's own VPC needs no route. If the VPC's ranges were not read, the answer is an unknown leg. */
function localityOf(
  snapshot: Snapshot,
  { vpcId }: LoadBalancer,
  ip: string,
  address: AddressSet,
): 'local' | 'elsewhere' | Leg {
  const cross = known(snapshot.crossTargets[ip])
  if (cross?.vpcId) return cross.vpcId === vpcId ? 'local' : 'elsewhere'
  const fact = vpcId === null ? undefined : snapshot.vpcs[vpcId]
  const vpc = known(fact)
  if (!vpc) return unknown(...failuresOf([fact]))
  if (vpc.cidrs.length === 0) return unknown()
  return vpc.cidrs.some((cidr) => holdsAll(cidr, address)) ? 'local' : 'elsewhere'
}

/** Next hops over a CCN, and next hops that only lead to the Internet (SDK vpc_models.Route.GatewayType). */
const OVER_CCN = new Set(['CCN', 'USER_CCN'])
const TO_INTERNET = new Set(['NAT', 'EIP'])
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']

/** Where a route leads. Direct Connect, VPN and peering are followed to the border of the VPC only. */
function nextOf(route: Route | undefined, to: AddressSet): 'none' | 'ccn' | 'border' | 'open' {
  if (!route) return 'none'
  const { gatewayType, gatewayId } = route
  if (gatewayType === null) return 'open'
  if (OVER_CCN.has(gatewayType)) return gatewayId === null ? 'open' : 'ccn'
  if (!TO_INTERNET.has(gatewayType)) return 'border'
  return PRIVATE.some((cidr) => holdsAll(cidr, to)) ? 'none' : 'open'
}

/** A route to the Internet, written as the console shows it. */
const astrayOf = (route: Route | undefined): string | null =>
  route ? `${route.cidr ?? route.ipv6Cidr} → ${route.gatewayType} ${route.gatewayId ?? ''}`.trim() : null

function legOut(
  snapshot: Snapshot,
  balancer: LoadBalancer,
  subnetId: string | null,
  target: AddressSet,
  to: string,
): Leg {
  const { vpcId } = balancer
  const attached = vpcId === null ? undefined : snapshot.ccnAttachments[vpcId]
  if (vpcId === null || !attached) return unknown()
  if (attached.state !== 'ok') return unknown(attached.failure)
  const table = tableOf(snapshot, vpcId, subnetId)
  if ('failures' in table) return unknown(...table.failures)
  const route = best(table.routes, target)
  switch (nextOf(route, target)) {
    case 'ccn':
      return overCcn(snapshot, vpcId, attached.value, route?.gatewayId ?? '', target, to)
    case 'border':
      return PASS
    case 'open':
      return unknown()
    case 'none':
      if (attached.value.some(({ state }) => state === 'ACTIVE'))
        return missingRoute('ccn-route-missing', table, table.routes, target, to, route)
      return attached.value.some(({ state }) => state === null)
        ? unknown()
        : notAttached(vpcId, snapshot.region, attached.value, to)
  }
}

/** A leg without an enabled route to the address. Unknown if a route came without its destination. */
const missingRoute = (
  reason: Obstruction['reason'],
  { id, region }: { readonly id: string; readonly region: string },
  routes: readonly Destination[],
  target: AddressSet,
  to: string,
  instead?: Route,
): Leg => {
  const isCcn = hasPrefix(id, 'ccn')
  // A CCN has at least the routes of the CLB's own VPC. An empty list was therefore not read in full.
  if ((isCcn && routes.length === 0) || routes.some(lacksDestination)) return unknown()
  const at = { type: isCcn ? 'ccn' : 'route-table', id, region } as const
  const disabled = disabledIn(routes, target)
  return { verdict: 'block', by: { reason, at, to, disabled, astray: astrayOf(instead), state: null } }
}

const lacksDestination = ({ cidr, ipv6Cidr, enabled }: Destination): boolean =>
  enabled !== false && cidr === null && !ipv6Cidr

const notAttached = (
  vpcId: string,
  region: string,
  attachments: readonly CcnAttachment[],
  to: string,
): Leg => ({
  verdict: 'block',
  by: {
    reason: 'ccn-not-attached',
    at: { type: 'vpc', id: vpcId, region },
    to,
    disabled: null,
    astray: null,
    state: attachments[0]?.state ?? null,
  },
})

function overCcn(
  snapshot: Snapshot,
  vpcId: string,
  attachments: readonly CcnAttachment[],
  ccnId: string,
  target: AddressSet,
  to: string,
): Leg {
  const own = attachments.find((one) => one.ccnId === ccnId)
  // Tencent Cloud creates these routes for attached VPCs only. Another account may own the attachment.
  if (!own || own.state === null) return unknown()
  if (own.state !== 'ACTIVE') return notAttached(vpcId, snapshot.region, [own], to)
  return withinCcn('ccn-route-missing', snapshot, ccnId, target, to)
}

/** Does the CCN have a route to the address? */
function withinCcn(
  reason: Obstruction['reason'],
  { ccnRoutes, region }: Snapshot,
  id: string,
  address: AddressSet,
  to: string,
): Leg {
  const routes = ccnRoutes[id]
  if (!routes) return unknown()
  if (routes.state !== 'ok') return unknown(routes.failure)
  return best(routes.value, address) ? PASS : missingRoute(reason, { id, region }, routes.value, address, to)
}

/** The CCN needs a route back to the SNAT IP. So does the target's own subnet if the target is in the cloud. */
function legBack(
  snapshot: Snapshot,
  balancer: LoadBalancer,
  subnetId: string | null,
  snatIp: string,
  target: AddressSet,
  member: Member,
): Leg {
  const source = parseAddresses(snatIp)
  const table = balancer.vpcId === null ? null : tableOf(snapshot, balancer.vpcId, subnetId)
  if (source === null || table === null) return unknown()
  if ('failures' in table) return unknown(...table.failures)
  const out = best(table.routes, target)
  if (nextOf(out, target) === 'ccn') {
    const through = withinCcn('return-route-missing', snapshot, out?.gatewayId ?? '', source, snatIp)
    if (through.verdict !== 'pass') return through
  }
  const cross = snapshot.crossTargets[member.ip]
  if (!cross) return unknown()
  if (cross.state !== 'ok') return unknown(cross.failure)
  if (cross.value === null) return PASS
  const home = known(snapshot.interfaces[member.ip])?.subnetId ?? null
  if (cross.value.vpcId === null || home === null) return unknown()
  const far = tableOf(snapshot, cross.value.vpcId, home)
  if ('failures' in far) return unknown(...far.failures)
  const back = best(far.routes, source)
  switch (nextOf(back, source)) {
    case 'none':
      return missingRoute('return-route-missing', far, far.routes, source, snatIp, back)
    case 'open':
      return unknown()
    default:
      return PASS
  }
}

function tableOf(
  snapshot: Snapshot,
  vpcId: string,
  subnetId: string | null,
): RouteTable | { readonly failures: readonly ReadFailure[] } {
  const [subnet, tables] = [snapshot.subnets[subnetId ?? ''], snapshot.routeTables[vpcId]]
  const id = known(subnet)?.routeTableId
  const table = known(tables)?.find((one) => one.id === id)
  if (table) return table
  return { failures: failuresOf([subnet, tables]) }
}

import { known, type ReadFailure } from '../model/fact.ts'
import type { CcnAttachment, LoadBalancer, Route, RouteTable, Snapshot } from '../model/snapshot.ts'
import { type AddressSet, covers, parseAddresses, sizeOf } from '../network/index.ts'
import type { Member } from './pools.ts'

// From the CLB's SNAT IPs over CCN or Direct Connect to a backend, and back, as far as route tables tell
// (platform facts C5, D).

/** What a route is missing from. */
export interface Obstruction {
  readonly reason: 'ccn-not-attached' | 'ccn-route-missing' | 'return-route-missing'
  /** The VPC, CCN or route table in which it should be. */
  readonly at: { readonly type: 'vpc' | 'ccn' | 'route-table'; readonly id: string; readonly region: string }
  /** Where the traffic should be able to go. */
  readonly to: string
  /** A route that would do if it were enabled. */
  readonly disabled: string | null
  /** What the attachment's state is, where it is not ACTIVE. */
  readonly state: string | null
}

export type Leg =
  | { readonly verdict: 'pass' }
  | { readonly verdict: 'block'; readonly by: Obstruction }
  | { readonly verdict: 'unknown'; readonly failures: readonly ReadFailure[] }

/** One SNAT IP's way to a target; `local` needs none, being in one VPC. */
export interface Way {
  readonly snatIp: string
  readonly subnetId: string
  readonly out: Leg
  readonly back: Leg
}

const PASS: Leg = { verdict: 'pass' }
const unknown = (...failures: readonly (ReadFailure | undefined)[]): Leg => ({
  verdict: 'unknown',
  failures: failures.filter((failure) => failure !== undefined),
})

/** For each SNAT IP; empty for backends that are not behind CCN, and for a CLB without SNAT IPs. */
export function waysTo(
  snapshot: Snapshot,
  balancer: LoadBalancer | undefined,
  member: Member,
): readonly Way[] {
  const address = parseAddresses(member.ip)
  if (member.type !== 'CCN' || !balancer || address === null || isLocal(snapshot, balancer, member)) return []
  return balancer.snatIps.flatMap(({ ip, subnetId }) =>
    ip === null
      ? []
      : [
          {
            snatIp: ip,
            subnetId,
            out: legOut(snapshot, balancer, subnetId, address, member.ip),
            back: legBack(snapshot, balancer, subnetId, ip, address, member),
          },
        ],
  )
}

/** In the CLB's own VPC nothing has to be routed. */
export function isLocal(snapshot: Snapshot, balancer: LoadBalancer, { ip }: Member): boolean {
  const cross = known(snapshot.crossTargets[ip])
  if (cross) return cross.vpcId === balancer.vpcId
  const address = parseAddresses(ip)
  const vpc = balancer.vpcId === null ? undefined : known(snapshot.vpcs[balancer.vpcId])
  return (
    address !== null &&
    (vpc?.cidrs ?? []).some((cidr) => {
      const range = parseAddresses(cidr)
      return range !== null && range.family === address.family && covers(range, address)
    })
  )
}

function legOut(
  snapshot: Snapshot,
  balancer: LoadBalancer,
  subnetId: string,
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
  const at = { type: 'route-table', id: table.id, region: table.region } as const
  if (!route) {
    const isAlone = attached.value.every(({ state }) => state !== 'ACTIVE')
    return {
      verdict: 'block',
      by: isAlone
        ? notAttached(vpcId, snapshot.region, attached.value, to)
        : { reason: 'ccn-route-missing', at, to, disabled: disabledIn(table.routes, target), state: null },
    }
  }
  return route.gatewayType === 'CCN' && route.gatewayId !== null
    ? overCcn(snapshot, vpcId, attached.value, route.gatewayId, target, to)
    : PASS
}

const notAttached = (
  vpcId: string,
  region: string,
  attachments: readonly CcnAttachment[],
  to: string,
): Obstruction => ({
  reason: 'ccn-not-attached',
  at: { type: 'vpc', id: vpcId, region },
  to,
  disabled: null,
  state: attachments[0]?.state ?? null,
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
  if (own?.state === null) return unknown()
  if (own?.state !== 'ACTIVE')
    return {
      verdict: 'block',
      by: notAttached(vpcId, snapshot.region, own ? [own] : [], to),
    }
  const routes = snapshot.ccnRoutes[ccnId]
  if (!routes) return unknown()
  if (routes.state !== 'ok') return unknown(routes.failure)
  if (best(routes.value, target)) return PASS
  return {
    verdict: 'block',
    by: {
      reason: 'ccn-route-missing',
      at: { type: 'ccn', id: ccnId, region: snapshot.region },
      to,
      disabled: disabledIn(routes.value, target),
      state: null,
    },
  }
}

/** The CCN must know the way back to the SNAT IP, and so must the target's own subnet where that is in the cloud. */
function legBack(
  snapshot: Snapshot,
  balancer: LoadBalancer,
  subnetId: string,
  snatIp: string,
  target: AddressSet,
  member: Member,
): Leg {
  const source = parseAddresses(snatIp)
  const table = balancer.vpcId === null ? null : tableOf(snapshot, balancer.vpcId, subnetId)
  if (source === null || table === null) return unknown()
  if ('failures' in table) return unknown(...table.failures)
  const out = best(table.routes, target)
  if (out?.gatewayType === 'CCN' && out.gatewayId !== null) {
    const routes = snapshot.ccnRoutes[out.gatewayId]
    if (!routes) return unknown()
    if (routes.state !== 'ok') return unknown(routes.failure)
    if (!best(routes.value, source))
      return {
        verdict: 'block',
        by: {
          reason: 'return-route-missing',
          at: { type: 'ccn', id: out.gatewayId, region: snapshot.region },
          to: snatIp,
          disabled: disabledIn(routes.value, source),
          state: null,
        },
      }
  }
  const cross = known(snapshot.crossTargets[member.ip])
  const home = known(snapshot.interfaces[member.ip])?.subnetId ?? null
  if (!cross) return PASS
  if (cross.vpcId === null || home === null) return unknown()
  const far = tableOf(snapshot, cross.vpcId, home)
  if ('failures' in far) return unknown(...far.failures)
  if (best(far.routes, source)) return PASS
  return {
    verdict: 'block',
    by: {
      reason: 'return-route-missing',
      at: { type: 'route-table', id: far.id, region: far.region },
      to: snatIp,
      disabled: disabledIn(far.routes, source),
      state: null,
    },
  }
}

/** The route table of a subnet, or why it is not known. */
function tableOf(
  snapshot: Snapshot,
  vpcId: string,
  subnetId: string,
): RouteTable | { readonly failures: readonly ReadFailure[] } {
  const [subnet, tables] = [snapshot.subnets[subnetId], snapshot.routeTables[vpcId]]
  const id = known(subnet)?.routeTableId
  const table = known(tables)?.find((one) => one.id === id)
  if (table) return table
  return {
    failures: [subnet, tables].flatMap((fact) => (fact && fact.state !== 'ok' ? fact.failure : [])),
  }
}

type Destination = Pick<Route, 'id' | 'cidr' | 'enabled'> & Partial<Pick<Route, 'ipv6Cidr'>>

/** Of the enabled routes to an address the most specific. */
function best<R extends Destination>(routes: readonly R[], address: AddressSet): R | undefined {
  return leading(routes, address).find(({ enabled }) => enabled !== false)
}

const disabledIn = (routes: readonly Destination[], address: AddressSet): string | null =>
  leading(routes, address).find(({ enabled }) => enabled === false)?.id ?? null

function leading<R extends Destination>(routes: readonly R[], address: AddressSet): readonly R[] {
  return routes
    .flatMap((route) => {
      const range = parseAddresses((address.family === 6 ? route.ipv6Cidr : route.cidr) ?? '')
      return range && range.family === address.family && covers(range, address)
        ? [{ route, size: sizeOf(range) }]
        : []
    })
    .sort((a, b) => (a.size < b.size ? -1 : a.size > b.size ? 1 : 0))
    .map(({ route }) => route)
}

import type { FilterTexts, Host } from '../../filter/index.ts'
import { familyOf } from '../../model/ip.ts'
import {
  type AddressSet,
  contains,
  everything,
  type Family,
  parseAddresses,
  unionOf,
} from '../../rules/index.ts'
import type { GuestCheck } from '../evaluation.ts'
import type { GuestFacts } from '../facts.ts'
import { type Flow, type Routed, type RoutingTables, routesTo } from './lookup.ts'
import { nextHopIn, policyRulesIn, type Route, routesIn, USUAL_RULES } from './routes.ts'

/** What is known of the machine beside its rules and sockets: its addresses, its routes and the device of the probes. */
export interface Machine extends Host {
  readonly family: Family
  /** Its own addresses, without loopback. */
  readonly own: AddressSet
  /** Of its subnets. Nobody sends from there. */
  readonly broadcasts: AddressSet
  /** True if the target's address is on this machine. If nothing is known of the addresses, it is. */
  readonly isTargetHere: boolean
  /** `ip route` without a table does not print them. */
  readonly areAddressesRead: boolean
  /** On which the probes arrive. Null if it is not known. */
  readonly device: string | null
  readonly areRoutesRead: boolean
  readonly arePoliciesRead: boolean
  /** How packets from one of the machine's addresses, or through `iif`, get to these addresses. */
  readonly routesTo: (to: AddressSet, from: string, iif?: string) => readonly Routed[]
  /** What the rules and routes do with packets from these sources that come in for an address. `to` holds sources. */
  readonly cameTo: (address: string, sources: AddressSet, iif: string) => readonly Routed[]
  /** As the packet filters name the device of the probes. Null if it is not known. */
  readonly filterDevice: string | null
  /** The next hops of the routes over a device. */
  readonly hopsOver: (device: string) => readonly string[]
  readonly sysctl: (name: string) => number | null
}

const LOOPBACK = { 4: '127.0.0.0/8', 6: '::1/128' } as const
/** Devices that carry addresses and no packets of probes. */
const WITHOUT_CABLE = /^(?:lo$|dummy|kube-ipvs|nodelocaldns)/

export function machineOf(facts: GuestFacts, check: GuestCheck): Machine {
  const family = familyOf(check.ip)
  const texts = facts.filters.at(-1)?.texts ?? null
  const tables: RoutingTables = {
    family,
    routes: routesIn(facts.routes ?? '', family),
    rules: policyRulesIn(facts.policies ?? USUAL_RULES, family),
  }
  const canBeMarked = marksOf(texts)
  const route = (to: AddressSet, from: string, iif = 'lo'): readonly Routed[] => {
    const flow: Flow = { from, iif, canBeMarked }
    return routesTo(to, flow, tables)
  }
  const own = ownAddresses(facts, tables)
  const loopback = parseAddresses(LOOPBACK[family])
  const areAddressesRead = facts.devices !== null || tables.routes.some(({ type }) => type === 'local')
  const isLocal = (address: string): boolean => {
    const one = parseAddresses(address)
    if (one === null) return false
    if (!areAddressesRead && address === check.ip) return true
    return contains(own, one) || (loopback !== null && one.family === family && contains(loopback, one))
  }
  const deviceTo = (address: string): string | null => {
    const to = parseAddresses(address)
    return to === null || facts.routes === null ? null : inFilters(route(to, check.ip)[0]?.devices[0], facts)
  }
  const device = deviceOf(facts, check.ip, tables, route(everything(family), check.ip))
  return {
    family,
    own,
    broadcasts: unionOf(
      family,
      tables.routes.filter(({ type }) => type === 'broadcast').map(({ to }) => to),
    ),
    isLocal,
    deviceTo,
    isTargetHere: isLocal(check.ip),
    areAddressesRead,
    device,
    filterDevice: inFilters(device, facts),
    areRoutesRead: facts.routes !== null,
    arePoliciesRead: facts.policies !== null,
    routesTo: route,
    cameTo: (address, sources, iif) =>
      routesTo(sources, { from: address, iif, canBeMarked }, inwardTables(tables, address)),
    hopsOver: (name) => [
      ...new Set(
        tables.routes
          .filter(({ devices }) => devices.includes(name))
          .flatMap(({ text }) => nextHopIn(text) ?? []),
      ),
    ],
    sysctl: (name) => {
      const value = facts.sysctls[name]
      return value !== undefined && /^-?\d+$/.test(value.trim()) ? Number(value) : null
    },
  }
}

/** The same tables with sources and destinations exchanged: many sources send to one address. */
function inwardTables({ family, routes, rules }: RoutingTables, address: string): RoutingTables {
  const one = parseAddresses(address)
  const isOfLocal = ({ table }: Route): boolean => table === 'local' || table === '255'
  // `ip route` without a table does not print it. Every address of the machine stands there.
  const known = routes.some(isOfLocal) || one === null ? routes : [...routes, localRoute(address, one)]
  return {
    family,
    routes: known
      .filter(({ to }) => one !== null && contains(to, one))
      // A packet for the machine itself is one, whatever device has its address.
      .map((route) => ({
        ...route,
        to: everything(family),
        devices: route.type === 'local' ? [] : route.devices,
      })),
    rules: rules.map((rule) => ({ ...rule, from: rule.to, to: rule.from })),
  }
}

const localRoute = (address: string, to: AddressSet): Route => ({
  type: 'local',
  to,
  prefix: 128,
  table: 'local',
  metric: 0,
  devices: [],
  text: `local ${address}`,
})

/** Of the devices, and of the routes of type `local`. */
function ownAddresses({ devices }: GuestFacts, { family, routes }: RoutingTables): AddressSet {
  const ofDevices = (devices ?? [])
    .filter(({ name }) => name !== 'lo')
    .flatMap(({ addresses }) => addresses)
    .flatMap((cidr) => parseAddresses(cidr.split('/')[0] ?? '') ?? [])
  const longest = family === 4 ? 32 : 128
  const ofRoutes = routes.filter(
    ({ type, prefix, devices: [device] }) => type === 'local' && prefix === longest && device !== 'lo',
  )
  return unionOf(family, [...ofDevices, ...ofRoutes.map(({ to }) => to)])
}

/** The device that has the target's address, else the one that leads out of the machine. */
function deviceOf(
  { devices, routes }: GuestFacts,
  ip: string,
  tables: RoutingTables,
  out: readonly Routed[],
): string | null {
  const one = parseAddresses(ip)
  const holder =
    devices?.find(({ addresses }) => addresses.some((cidr) => isSame(cidr.split('/')[0] ?? '', one)))?.name ??
    tables.routes.find(
      ({ type, to, prefix }) => type === 'local' && prefix > 8 && one !== null && contains(to, one),
    )?.devices[0]
  if (holder !== undefined && !WITHOUT_CABLE.test(holder)) return holder
  if (routes === null) return null
  const [first, ...others] = new Set(
    out.filter(({ text }) => text.startsWith('default')).flatMap((routed) => routed.devices),
  )
  return first !== undefined && others.length === 0 ? first : null
}

/**
 * A filter sees a packet of a card in a VRF twice, first with the card, then with the VRF, and one of a card in a bridge
 * with the bridge. So which name a rule meets is not known.
 */
const inFilters = (name: string | null | undefined, { devices }: GuestFacts): string | null =>
  name == null || devices?.some((device) => device.name === name && device.master !== undefined) ? null : name

const isSame = (text: string, one: AddressSet | null): boolean => {
  const other = parseAddresses(text)
  return other !== null && one !== null && contains(other, one) && contains(one, other)
}

const OF_IPTABLES = /--(?:set-x?mark|tproxy-mark) (0x[\da-f]+|\d+)/gi
const OF_NFT = /mark set (.*)$/gim
/** A number, or the packet's own mark with bits changed. */
const PLAIN =
  /^(?:0x[\da-f]+|\d+|(?:meta )?mark(?: (?:and|&) 0x[\da-f]+)?(?: (?:or|xor|\||\^) 0x[\da-f]+)*)(?! (?:and|or|xor|&|\||\^|<<|>>) )(?![\w.])/i
const RESTORING = /--restore-mark/

/** Do the packet filters give this mark to packets? If the filters were not read, they may. Several rules may set its bits. */
function marksOf(texts: FilterTexts | null): Flow['canBeMarked'] {
  const all = Object.values(texts ?? {}).filter((text) => text !== null)
  if (texts === null || texts.nft === null || (texts.iptables === null && texts.iptablesLegacy === null))
    return () => true
  const native = all.flatMap((text) =>
    [...text.matchAll(OF_NFT)].map(([, value = '']) => PLAIN.exec(value)?.[0]),
  )
  if (native.includes(undefined) || all.some((text) => RESTORING.test(text))) return () => true
  const values = [
    ...all.flatMap((text) => [...text.matchAll(OF_IPTABLES)].map(([, value = '0']) => value)),
    ...native.flatMap((value) => value?.match(/(?<!(?:and|&) )\b(?:0x[\da-f]+|\d+)\b/gi) ?? []),
  ]
  const bits = values.reduce((sum, value) => sum | Number(value), 0)
  return (value, mask) => (value & mask & ~bits) === 0
}

import {
  type AddressSet,
  contains,
  difference,
  everything,
  intersect,
  intersection,
  isEmpty,
  type PortSet,
  PROBER_PORTS,
  parseAddresses,
  subtract,
  unionOf,
} from '../rules/index.ts'
import { isReply, ownOf } from './flow.ts'
import { anyOf, both, type Matched, matchedOf, not } from './matched.ts'
import { ICMP_TYPES, NEIGHBOUR_TYPES } from './names.ts'
import type { Flow, Test } from './program.ts'

// What a rule can ask of a packet, the same for iptables and nft.

export const MAYBE: Test = () => 'maybe'
export const NEVER: Test = () => false
export const ALWAYS: Test = () => true

export const notTest =
  (test: Test): Test =>
  (flow) =>
    not(test(flow), flow.sources)

export const inverted = (test: Test, isInverted: boolean): Test => (isInverted ? notTest(test) : test)

export const allTests =
  (tests: readonly Test[]): Test =>
  (flow) => {
    let matched: Matched = true
    for (const test of tests) {
      matched = both(matched, test(flow))
      if (matched === false) return false
    }
    return matched
  }

export const anyTest =
  (tests: readonly Test[]): Test =>
  (flow) =>
    anyOf(lazily(tests, flow), flow.sources)

function* lazily(tests: readonly Test[], flow: Flow): Generator<Matched> {
  for (const test of tests) yield test(flow)
}

/** Sure if every possible value is in the set, impossible if none is. */
const inPorts = (ports: PortSet, set: PortSet): Matched =>
  intersection(ports, set).length === 0 ? false : difference(ports, set).length === 0 ? true : 'maybe'

const peerIn = (set: AddressSet, flow: Flow): Matched => {
  if (!flow.hidesPeer) return matchedOf(set, flow.sources)
  // The address in the packet is one of the machine.
  return isEmpty(set) ? false : contains(set, everything(set.family)) || 'maybe'
}

const ownIn = (set: AddressSet, { own }: Flow): Matched =>
  own === null ? 'maybe' : !isEmpty(intersect(own, set))

export type Side = 'source' | 'destination'

/** Is this side of the packet the prober's? */
const isPeer = (flow: Flow, side: Side): boolean => (side === 'source') !== isReply(flow)

export const addressIn =
  (side: Side, set: AddressSet): Test =>
  (flow) =>
    isPeer(flow, side) ? peerIn(set, flow) : ownIn(set, flow)

/** The prober's port is any of 1024–65535. */
export const portIn =
  (side: Side, set: PortSet): Test =>
  (flow) =>
    inPorts(isPeer(flow, side) ? PROBER_PORTS : flow.ports, set)

export const eitherPortIn = (set: PortSet): Test =>
  anyTest([portIn('source', set), portIn('destination', set)])

export const protocolIs =
  (number: number): Test =>
  ({ trip }) =>
    trip.protocol === null ? 'maybe' : trip.protocol === number

export const familyIs =
  (family: 4 | 6): Test =>
  ({ trip }) =>
    trip.family === family

/** The name of a device, or the beginning of one. */
export interface DeviceName {
  readonly name: string
  readonly isPrefix: boolean
}

export const deviceIs =
  (side: 'input' | 'output', { name, isPrefix }: DeviceName): Test =>
  (flow) => {
    const device = flow[side]
    if (isPrefix && name === '') return true
    // A device that is not known is one that leads to the probers, and loopback does not.
    if (device === null) return name === 'lo' && !isPrefix ? false : 'maybe'
    return isPrefix ? device.startsWith(name) : device === name
  }

export const CT_STATES = { INVALID: 1, ESTABLISHED: 2, RELATED: 4, NEW: 8, UNTRACKED: 64 } as const

/** A number in a packet of which some bits may not be known. */
export interface Bits {
  readonly on: number
  readonly unsure: number
}

const ALL_BITS = 0xffffffff
const bits = (on: number, unsure = 0): Bits => ({ on, unsure })

/** Does the packet belong to a connection? */
export const isTracked: Test = ({ ct }) =>
  ct === null ? 'maybe' : ct === 'new' || ct === 'established' || ct === 'related'

export function ctStateOf({ ct }: Flow): Bits {
  if (ct === null) return bits(0, 127)
  // Before conntrack, a packet counts as invalid.
  return bits(CT_STATES[ct === 'none' ? 'INVALID' : (ct.toUpperCase() as keyof typeof CT_STATES)])
}

/** Does the packet go against the first one of its connection? The answer to an untracked request may open one. */
export const isOfReply = (flow: Flow): boolean => isReply(flow) && flow.ct !== 'new'

/** The bits of the kernel: SEEN_REPLY 2, ASSURED 4, CONFIRMED 8, SRC_NAT 16, DST_NAT 32, SRC_NAT_DONE, DST_NAT_DONE. */
export function ctStatusOf({ ct, isDnat, isSnat, leg, notice, connection }: Flow): Bits {
  if (ct === null) return bits(0, ALL_BITS)
  const on = 128 | 256 | (isSnat ? 16 : 0) | (isDnat ? 32 : 0)
  if (connection !== 'answered') return bits(on)
  if (notice !== null || leg === 'answer') return bits(on | 2 | 8, 4)
  return bits(on | 2 | 8 | (leg === 'data' ? 4 : 0))
}

/** FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32. */
export function tcpFlagsOf({ trip, leg, notice }: Flow): Bits {
  if (trip.destination === null) return bits(0, 255)
  // A reset acknowledges a packet that acknowledges nothing itself.
  if (notice === 'reset' || notice === 'closed') return bits(4, 16)
  return leg === 'request' ? bits(2) : leg === 'reply' ? bits(2 | 16) : bits(16, 8)
}

/** ICMP: the packet's type. Null: any. */
export function icmpTypeOf({ trip, leg, notice }: Flow): number | null {
  if (trip.destination === null) return null
  const { request, reply, unreachable } = trip.isNeighbour ? NEIGHBOUR_TYPES : ICMP_TYPES[trip.family]
  return notice === 'icmp' ? unreachable : leg === 'reply' ? reply : request
}

export const markOf = ({ mark }: Flow): Bits => (mark === null ? bits(0, ALL_BITS) : bits(mark))
export const ctMarkOf = ({ ctMark }: Flow): Bits => (ctMark === null ? bits(0, ALL_BITS) : bits(ctMark))

/** Is the number under the mask this value? */
export function bitsAre({ on, unsure }: Bits, value: number, mask = ALL_BITS): Matched {
  if (((on ^ value) & mask & ~unsure) !== 0) return false
  return (unsure & mask) === 0 ? true : 'maybe'
}

/** Is one of these bits on? */
export function hasBit({ on, unsure }: Bits, some: number): Matched {
  if ((on & some & ~unsure) !== 0) return true
  return (unsure & some) === 0 ? false : 'maybe'
}

export const addressTypeIs =
  (side: Side, type: string): Test =>
  (flow) => {
    const known = isPeer(flow, side) ? peerTypes(flow) : ownTypes(flow)
    return known(type.toUpperCase())
  }

const ELSEWHERE = new Set([
  'UNICAST',
  'UNREACHABLE',
  'BLACKHOLE',
  'PROHIBIT',
  'THROW',
  'NAT',
  'XRESOLVE',
  'UNSPEC',
])

/** A prober is never an address of the machine. Whether a route refuses it is not the filter's question. */
const peerTypes =
  ({ hidesPeer }: Flow) =>
  (type: string): Matched =>
    hidesPeer ? 'maybe' : type === 'UNICAST' ? true : ELSEWHERE.has(type) ? 'maybe' : false

const ownTypes =
  ({ own, address, trip }: Flow) =>
  (type: string): Matched => {
    if (own === null) return 'maybe'
    if (isLocal(trip.host, address)) return type === 'LOCAL'
    return type === 'UNICAST' ? true : ELSEWHERE.has(type) ? 'maybe' : false
  }

const LOOPBACK = ['127.0.0.0/8', '::1'].flatMap((text) => parseAddresses(text) ?? [])

export function isLocal(host: { isLocal: (address: string) => boolean }, address: string): boolean {
  const set = parseAddresses(address)
  return host.isLocal(address) || LOOPBACK.some((range) => set !== null && !isEmpty(intersect(set, range)))
}

/** Does the route back to the source lead out of the device on which it came in? `isLoose`: any device. */
export const comesByItsRoute =
  (isLoose: boolean): Test =>
  (flow) => {
    const { trip, sources, input } = flow
    if (isReply(flow) || trip.destination === null) return 'maybe'
    const parts = (wanted: (device: string | null) => boolean): AddressSet =>
      unionOf(
        sources.family,
        trip.devices.filter(({ device }) => wanted(device)).map(({ set }) => intersect(sources, set)),
      )
    const open = parts((device) => device === null || (input === null && !isLoose))
    const yes = parts((device) => device !== null && (isLoose || device === input))
    if (isEmpty(open)) return matchedOf(yes, sources)
    return { yes: subtract(yes, open), maybe: open }
  }

type Tuple = 'original' | 'reply'

/** The tuple of the request, as this code knows it. */
const tupleOf = (of: Tuple, flow: Flow): Tuple =>
  isReply(flow) && !isOfReply(flow) ? (of === 'original' ? 'reply' : 'original') : of

/** Of the connection: the addresses and ports of the request as it was sent, and of the answer as it is expected. */
export const connectionAddressIn =
  (tuple: Tuple, side: Side, set: AddressSet): Test =>
  (flow) => {
    if (flow.ct === null) return 'maybe'
    const of = tupleOf(tuple, flow)
    const isProber = (of === 'original') === (side === 'source')
    if (isProber) return of === 'reply' && flow.isSnat ? 'maybe' : matchedOf(set, flow.sources)
    const { destination } = flow.trip
    return ownIn(set, of === 'original' && destination ? { ...flow, own: ownOf(destination.address) } : flow)
  }

export const connectionPortIn =
  (tuple: Tuple, side: Side, set: PortSet): Test =>
  (flow) => {
    if (flow.ct === null) return 'maybe'
    const of = tupleOf(tuple, flow)
    if ((of === 'original') === (side === 'source'))
      return inPorts(of === 'reply' && flow.isSnat ? [0, 65536] : PROBER_PORTS, set)
    return inPorts((of === 'original' ? flow.trip.destination?.ports : null) ?? flow.ports, set)
  }

import { familyOf } from '../model/ip.ts'
import {
  type AddressSet,
  emptySet,
  intersect,
  parseAddresses,
  toCidrs,
  union,
  unionOf,
} from '../rules/index.ts'
import type { Filters } from './filters.ts'
import { ownOf, portOf } from './flow.ts'
import { runHook } from './hooks.ts'
import { nextOf, runLeg } from './legs.ts'
import { protocolNumber } from './names.ts'
import { notify } from './notices.ts'
import { partsOf } from './parts.ts'
import type { Flow, PacketLeg, Trip } from './program.ts'
import type { FilterPart, Host, ProbePackets, SentOn } from './types.ts'
import { Walk } from './walk.ts'
import { located } from './wording.ts'

/** Follows the request, the answer and what the prober sends after it. */
export function evaluateFilters(filters: Filters, packets: ProbePackets, host: Host): readonly FilterPart[] {
  const walk = new Walk()
  const run = (leg: PacketLeg, flows: readonly Flow[]): readonly Flow[] => {
    const before = walk.decisions.length
    const passed = runLeg(walk, filters, leg, flows)
    if (leg !== 'reply') for (const one of walk.decisions.splice(before)) notify(walk, filters, one)
    return passed
  }
  const legs: readonly Exclude<PacketLeg, 'request'>[] =
    packets.protocol === 'tcp' ? ['reply', 'data', 'answer'] : ['reply']
  const done = legs.reduce(
    (flows, leg) =>
      run(
        leg,
        flows.map((flow) => nextOf(flow, leg)),
      ),
    run('request', [startOf(packets, host)]),
  )
  for (const flow of done) walk.decide(flow, 'pass', null)
  const family = familyOf(packets.destination)
  const missing = filters.missing.filter((one) => one.family === null || one.family === family)
  return partsOf(
    walk,
    packets.sources,
    missing.map(({ layer }) => layer),
  )
}

/**
 * Where the machine's own requests to the destination go: nat of OUTPUT alone is asked, never that of PREROUTING. Several
 * if chance decides. Empty: nowhere.
 */
export function ownRequestsGoTo(filters: Filters, packets: ProbePackets, host: Host): readonly SentOn[] {
  const start = { ...startOf(packets, host), input: '', output: packets.device }
  return runHook(new Walk(), filters, 'output', [start]).map((flow) => ({
    address: flow.address,
    port: portOf(flow),
    rule: flow.sentBy && located(flow.sentBy),
  }))
}

/**
 * Do the machine's own packets to another host, for example a pod behind it, get out, and the answers in? Probes that are
 * passed on meet FORWARD in place of OUTPUT and INPUT.
 */
export function ownRequestsPass(filters: Filters, packets: ProbePackets, host: Host): boolean {
  const walk = new Walk()
  const device = host.deviceTo(packets.destination)
  const send = (flows: readonly Flow[]): readonly Flow[] => {
    const leaving = flows.map((flow): Flow => ({ ...flow, input: '', output: device }))
    return runHook(walk, filters, 'postrouting', runHook(walk, filters, 'output', leaving))
  }
  const receive = (flows: readonly Flow[]): readonly Flow[] => {
    const coming = flows.map((flow): Flow => ({ ...flow, input: device, output: '' }))
    return runHook(walk, filters, 'input', runHook(walk, filters, 'prerouting', coming))
  }
  const then = (flows: readonly Flow[], leg: 'reply' | 'data' | 'answer'): readonly Flow[] =>
    flows.map((flow) => nextOf(flow, leg))
  const open = receive(then(send([startOf(packets, host)]), 'reply'))
  receive(then(send(then(open, 'data')), 'answer'))
  return walk.decisions.length === 0
}

/** Multicast addresses of which each machine listens to its own (RFC 4291, solicited-node). */
const ASKED_BY_NEIGHBOURS = parseAddresses('ff02::1:ff00:0/104') ?? emptySet(6)

function startOf(packets: ProbePackets, host: Host): Flow {
  const { sources, destination: address, port, device } = packets
  const ports = port === null ? [] : [port, port + 1]
  const trip: Trip = {
    family: familyOf(address),
    protocol: protocolNumber(packets.protocol),
    isNeighbour: packets.isNeighbour === true,
    destination: { address, ports },
    device,
    host,
    devices: devicesOf(sources, device, host),
  }
  return {
    trip,
    sources,
    leg: 'request',
    notice: null,
    address,
    own: packets.isNeighbour ? union(ownOf(address), ASKED_BY_NEIGHBOURS) : ownOf(address),
    ports,
    input: device,
    output: '',
    mark: 0,
    ctMark: 0,
    ct: 'none',
    connection: 'none',
    zone: 0,
    connectionZone: 0,
    isDnat: false,
    isSnat: false,
    isNatDone: false,
    hidesPeer: false,
    isForwarded: false,
    target: { address, ports },
    sentBy: null,
    doubts: [],
  }
}

/** More ranges than this are taken to be answered through the device on which they arrive. */
const MOST_RANGES = 1024

/** The host is asked for the first address of each range. */
function devicesOf(sources: AddressSet, arrival: string | null, host: Host): Trip['devices'] {
  const cidrs = toCidrs(sources)
  // The machine's own requests come and go over loopback.
  if (arrival === 'lo' || cidrs.length > MOST_RANGES) return [{ set: sources, device: arrival }]
  const found = new Map<string | null, AddressSet[]>()
  for (const cidr of cidrs) {
    const device = host.deviceTo(cidr.split('/')[0] as string) ?? arrival
    found.set(device, [...(found.get(device) ?? []), parseAddresses(cidr) ?? emptySet(sources.family)])
  }
  return [...found].map(([device, sets]) => ({
    device,
    set: intersect(unionOf(sources.family, sets), sources),
  }))
}

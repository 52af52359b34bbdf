import { intersect, isEmpty } from '../rules/index.ts'
import type { Filters } from './filters.ts'
import { isReply, ownOf } from './flow.ts'
import { runHook } from './hooks.ts'
import type { Flow, Hook, PacketLeg } from './program.ts'
import { isLocal, isTracked } from './tests.ts'
import type { Walk } from './walk.ts'

/** What happens to the packets of one leg. Gives the flows that get through. */
export function runLeg(
  walk: Walk,
  filters: Filters,
  leg: PacketLeg,
  flows: readonly Flow[],
): readonly Flow[] {
  const at = (hook: Hook, some: readonly Flow[]): readonly Flow[] => runHook(walk, filters, hook, some)
  return isReply({ leg }) ? outward(at, flows) : inward(at, flows)
}

type At = (hook: Hook, flows: readonly Flow[]) => readonly Flow[]

const own = (flows: readonly Flow[]): readonly Flow[] => flows.filter(({ isForwarded }) => !isForwarded)
const foreign = (flows: readonly Flow[]): readonly Flow[] => flows.filter(({ isForwarded }) => isForwarded)

/** A packet from the prober to the machine, or through it. */
function inward(at: At, start: readonly Flow[]): readonly Flow[] {
  const arrived = at('prerouting', at('ingress', start)).map(routed)
  const leaving = at('postrouting', at('forward', foreign(arrived)))
  return [...at('input', own(arrived)), ...at('egress', leaving)]
}

function routed(flow: Flow): Flow {
  const { host } = flow.trip
  if (isLocal(host, flow.address)) return { ...flow, isForwarded: false }
  return { ...flow, isForwarded: true, output: host.deviceTo(flow.address) }
}

/** The answer: from the machine itself, or from where it sent the request. */
function outward(at: At, start: readonly Flow[]): readonly Flow[] {
  const sent = at('output', own(start).flatMap(routedBack))
  const arrived = at('prerouting', at('ingress', foreign(start)))
  const passed = at('forward', arrived.flatMap(routedBack))
  return at('egress', at('postrouting', [...sent, ...passed]))
}

/** The device that leads to a prober is known for each part of the probers. */
const routedBack = (flow: Flow): readonly Flow[] =>
  flow.trip.devices
    .map(({ set, device }) => ({ ...flow, sources: intersect(flow.sources, set), output: device }))
    .filter(({ sources }) => !isEmpty(sources))

/** The next packet of the same connection, where it begins. */
export function nextOf(flow: Flow, leg: Exclude<PacketLeg, 'request'>): Flow {
  const { trip, target, isForwarded, isSnat } = flow
  const packet = { leg, notice: null, mark: 0, ct: 'none', zone: 0, isNatDone: false, output: '' } as const
  if (leg === 'data') {
    const { address, ports } = trip.destination ?? target
    return { ...flow, ...packet, address, ports, own: ownOf(address), hidesPeer: false, input: trip.device }
  }
  return { ...flow, ...packet, hidesPeer: isSnat, input: isForwarded ? trip.host.deviceTo(flow.address) : '' }
}

/** What the machine sends to the prober if it rejects a packet of this flow. */
export function noticeOf(flow: Flow, notice: 'icmp' | 'reset'): Flow {
  const { trip, isForwarded, own, ports } = flow
  const isIcmp = notice === 'icmp'
  return {
    ...flow,
    notice,
    trip: isIcmp ? { ...trip, protocol: ICMP[trip.family] } : trip,
    leg: 'reply',
    // ICMP about a packet that is passed on comes from one of the machine's own addresses.
    own: isIcmp && isForwarded ? null : own,
    ports: isIcmp ? [] : ports,
    ct: isTracked(flow) === true ? 'related' : 'none',
    mark: 0,
    input: '',
    isForwarded: false,
    hidesPeer: false,
  }
}

/** A reset, as if from the prober, to the machine's own end of a connection, or to where it sent the request. */
export function toOwnEnd(walk: Walk, filters: Filters, flow: Flow): readonly Flow[] {
  const { isForwarded, trip, address } = flow
  const at = (hook: Hook, some: readonly Flow[]): readonly Flow[] => runHook(walk, filters, hook, some)
  const sent: Flow = {
    ...flow,
    leg: 'data',
    notice: 'reset',
    ct: isTracked(flow) === true ? 'related' : 'none',
    mark: 0,
    input: '',
    output: isForwarded ? trip.host.deviceTo(address) : 'lo',
  }
  const out = at('egress', at('postrouting', at('output', [sent])))
  if (isForwarded) return out
  const back = out.map((one): Flow => ({ ...one, input: 'lo', output: '' }))
  return at('input', at('prerouting', at('ingress', back)))
}

const ICMP = { 4: 1, 6: 58 } as const

import {
  type AddressSet,
  emptySet,
  intersect,
  parseAddresses,
  subtract,
  union,
  unionOf,
} from '../../rules/index.ts'
import type { GuestReason } from '../evaluation.ts'
import { deviceNamed, failureOf, linkDown } from './cards.ts'
import { movedBy } from './counters.ts'
import type { Given } from './given.ts'
import type { Routed } from './lookup.ts'
import type { Machine } from './machine.ts'
import { hasConnected } from './probes.ts'
import { reasonOf } from './reasons.ts'
import { isTiny, rangesIn } from './sets.ts'
import { inDoubt, NOTHING, stoppedBy, type Verdicts, verdictsOf } from './stops.ts'
import { wayIn } from './way-in.ts'

// Where the answers go. The kernel looks for the route back when a packet arrives (rp_filter), and again to answer it.
// Without a route, or with one that leads to the machine itself, the prober hears nothing, whatever a filter or a socket
// answers.

/** Devices that lead into a tunnel or to nobody. What goes there does not come to a prober of the CLB. */
const AWAY = /^(?:tailscale|tun|tap|wg|utun|zt|ppp|wt|nordlynx|CloudflareWARP|dummy|ifb)/i

/** No packet that comes over a cable has such a source. */
const NOT_ON_CABLES = {
  4: parseAddresses('127.0.0.0/8') ?? emptySet(4),
  6: parseAddresses('::1/128') ?? emptySet(6),
} as const

/** `from`: the address that answers, behind DNAT that of the pod. */
export function returnPath(sources: AddressSet, from: string, given: Given): Verdicts {
  const { machine } = given
  if (!machine.areRoutesRead)
    return inDoubt({
      sources,
      stage: 'guest-firewall',
      decidedBy: null,
      notSeen: [],
    })
  const foreign = subtract(
    subtract(sources, unlikelyOwn(sources, union(machine.own, machine.broadcasts))),
    NOT_ON_CABLES[sources.family],
  )
  const unread = machine.arePoliciesRead
    ? NOTHING
    : inDoubt({ sources: foreign, stage: 'guest-firewall', decidedBy: null, notSeen: [] })
  const routed = machine.routesTo(foreign, from)
  const found = verdictsOf([
    wayIn(foreign, from, given),
    ...joined(routed).map((one) =>
      isLost(one)
        ? stoppedBy(noRouteBack(one, certaintyOf(one, given), given))
        : (overDeadCard(one, given) ?? ofDevice(one, given)),
    ),
  ])
  return machine.arePoliciesRead ? found : verdictsOf([onlyPossible(found), unread])
}

/** A policy route that was not read may lead another way. */
const onlyPossible = ({ stops, reasons, notSeen }: Verdicts): Verdicts => ({
  stops: stops.map((stop) =>
    stop.outcome === 'unknown' ? stop : { ...stop, outcome: 'unknown', could: [stop.outcome] },
  ),
  reasons: reasons.map((reason) => ({ ...reason, certainty: 'possible' })),
  notSeen,
})

/**
 * The machine's own addresses and its broadcasts in a wide range of sources. No prober has them. If there are hardly any
 * other sources they count: a VIP on a node of a cluster.
 */
function unlikelyOwn(sources: AddressSet, own: AddressSet): AddressSet {
  const ranges = [...rangesIn(sources)]
  return unionOf(
    sources.family,
    ranges.map((range) => intersect(own, range)).filter((part, i) => isTiny(part, ranges[i] ?? sources)),
  )
}

/** Pieces that one route decides, together. */
function joined(all: readonly Routed[]): readonly Routed[] {
  const found = new Map<string, Routed>()
  for (const one of all) {
    const key = JSON.stringify([one.kind, one.devices, one.text])
    const other = found.get(key)
    found.set(key, other === undefined ? one : { ...other, to: union(other.to, one.to) })
  }
  return [...found.values()]
}

const isLost = ({ kind, devices }: Routed): boolean =>
  kind !== 'unknown' &&
  (kind !== 'unicast' || (devices.length > 0 && devices.every((name) => AWAY.test(name))))

/** The routes over a card that is down are gone. So a card that was not read may be the cause. */
const certaintyOf = ({ kind }: Routed, { facts }: Given): GuestReason['certainty'] =>
  kind === 'none' && facts.notSeen.some(({ layer }) => layer === 'devices') ? 'possible' : 'likely'

/** Null if a card of the route works. Of several, chance takes one. */
function overDeadCard({ to, devices, text }: Routed, given: Given): Verdicts | null {
  const failures = devices.flatMap((device) => {
    const failure = failureOf(deviceNamed(device, given))
    return failure === null || device === given.machine.device ? [] : [{ device, failure, isBack: true }]
  })
  const [first] = failures
  if (first === undefined) return null
  if (failures.length === devices.length) return stoppedBy(linkDown(to, first, given))
  return elsewhere(to, `ip route: ${text}`)
}

function noRouteBack(
  { to, kind, text, devices }: Routed,
  certainty: GuestReason['certainty'],
  given: Given,
): GuestReason {
  return reasonOf(given, {
    code: 'guest-kernel/no-route-back',
    stage: 'guest-firewall',
    sources: to,
    outcome: 'timeout',
    certainty,
    decidedBy: `ip route: ${text}`,
    params: { route: text, ...(kind === 'none' ? { way: 'none' } : {}) },
    evidence: [
      { fact: 'route', value: text },
      ...devices.map((device) => ({ fact: 'device', value: device })),
    ],
  })
}

/**
 * An answer that leaves through another device than that of the requests carries an address that is not of its card, and
 * the VPC drops it.
 */
function ofDevice(routed: Routed, given: Given): Verdicts {
  const { to, kind, devices, text } = routed
  const { machine } = given
  const { device } = machine
  if (kind === 'unknown') return elsewhere(to, `ip rule: ${text}`)
  if (device === null) return elsewhere(to, `ip route: ${text}`)
  if (devices.length > 0 && devices.every((name) => name === device)) return NOTHING
  // The kernel chooses one of several next hops for each prober.
  if (devices.length === 0 || devices.includes(device)) return elsewhere(to, `ip route: ${text}`)
  const mode = rpFilterOf(device, machine)
  if (machine.family === 6 || mode?.value === 0 || mode?.value === 2)
    // A connection from there shows that answers over the other device arrive.
    return hasConnected(to, given) ? NOTHING : stoppedBy(noRouteBack(routed, 'possible', given))
  if (mode === null)
    return inDoubt({
      sources: to,
      stage: 'guest-firewall',
      decidedBy: `ip route: ${text}`,
      code: 'guest-kernel/rp-filter',
      notSeen: [],
    })
  return stoppedBy(strict(routed, mode, given))
}

const elsewhere = (sources: AddressSet, decidedBy: string): Verdicts =>
  inDoubt({
    sources,
    stage: 'guest-firewall',
    decidedBy,
    code: 'guest-kernel/no-route-back',
    notSeen: [{ layer: 'routes', why: 'not-understood', what: decidedBy }],
  })

interface RpFilter {
  readonly value: number
  /** Those that are 1. */
  readonly sysctls: readonly string[]
}

/** The larger of both values holds (Documentation/networking/ip-sysctl.rst). Null if it cannot be told. */
function rpFilterOf(device: string, { sysctl }: Machine): RpFilter | null {
  const names = ['all', device].map((name) => `net.ipv4.conf.${name}.rp_filter`)
  const values = names.map(sysctl)
  const known = values.filter((value) => value !== null)
  if (known.includes(2)) return { value: 2, sysctls: [] }
  if (known.length < names.length) return null
  return { value: Math.max(...known), sysctls: names.filter((_, i) => values[i] === 1) }
}

function strict(routed: Routed, { sysctls }: RpFilter, { facts, check, machine }: Given): GuestReason {
  const moved = movedBy(facts, 'IPReversePathFilter')
  return reasonOf(
    { facts, check },
    {
      code: 'guest-kernel/rp-filter',
      stage: 'guest-firewall',
      sources: routed.to,
      outcome: 'timeout',
      certainty: 'likely',
      decidedBy: `${sysctls[0] ?? 'rp_filter'} = 1, ip route: ${routed.text}`,
      params: {
        device: machine.device ?? '',
        back: routed.devices[0] ?? '',
        sysctls: [`net.ipv4.conf.${machine.device}.rp_filter`],
        route: routed.text,
      },
      evidence: [
        ...sysctls.map((name) => ({ fact: name, value: 1 })),
        { fact: 'route', value: routed.text },
        ...(moved === null ? [] : [{ fact: 'IPReversePathFilter', value: moved }]),
      ],
    },
  )
}

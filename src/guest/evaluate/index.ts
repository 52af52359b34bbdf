import type { SentOn } from '../../filter/index.ts'
import { type AddressSet, emptySet, isEmpty, subtract, union, unionOf } from '../../rules/index.ts'
import type { GuestCheck, GuestEvaluation, GuestReason } from '../evaluation.ts'
import type { GuestFacts } from '../facts.ts'
import { application } from './application.ts'
import { type Arrival, arrivalsOf } from './arrivals.ts'
import { together, toldOf, withoutPruned } from './asked.ts'
import { cards } from './cards.ts'
import { conntrack } from './conntrack.ts'
import { aboutOtherMachine, isNodeOfPod, isOtherMachine } from './elsewhere.ts'
import { filtered, filtersOf, forArrival } from './filters.ts'
import { firewall, isOfKubeProxy } from './firewall.ts'
import { forwarding } from './forwarding.ts'
import type { Given } from './given.ts'
import { handshake } from './handshake.ts'
import { ping } from './icmp.ts'
import { toLoopback } from './loopback.ts'
import { machineOf } from './machine.ts'
import { explained, relevantOf } from './not-seen.ts'
import { observed, probesSeen } from './probes.ts'
import { programs } from './programs.ts'
import { isPing } from './reasons.ts'
import { recycle } from './recycle.ts'
import { returnPath } from './return-path.ts'
import { partsOf, type Verdicts, verdictsOf } from './stops.ts'

/**
 * What the probes from `sources` meet on the machine, in the order in which the kernel meets a packet: programs of tc and
 * XDP, the connection table, the route back, the switches of forwarding, the packet filters, the socket, the application.
 */
export function evaluateGuest(facts: GuestFacts, check: GuestCheck, sources: AddressSet): GuestEvaluation {
  const told = toldOf(facts, check, sources)
  const rest = subtract(sources, told)
  const whole = isEmpty(rest) ? facts : withoutPruned(facts, check)
  if (whole === facts || isEmpty(told)) return evaluated(whole, check, sources)
  return joinedOf(together(evaluated(facts, check, told), evaluated(whole, check, rest)))
}

function evaluated(facts: GuestFacts, check: GuestCheck, sources: AddressSet): GuestEvaluation {
  const machine = machineOf(facts, check)
  const given: Given = { facts, check, machine, filters: filtersOf(facts) }
  if (sources.family !== machine.family) return ofOtherFamily(given, sources)
  const parts = filtered(sources, given)
  const walls = parts.map((part) => ({ part, verdicts: firewall(part, sources, given) }))
  const ofLeg = (isData: boolean): readonly Verdicts[] =>
    walls.filter(({ part }) => (part.leg === 'data') === isData).map(({ verdicts }) => verdicts)
  const arrivals = arrivalsOf(parts, given)
  // kube-proxy says that nothing is behind the port. No socket is missed there.
  const awaited = arrivalsOf(
    parts.filter((part) => !isOfKubeProxy(part)),
    given,
  )
  if (isOtherMachine(arrivals, given)) return aboutOtherMachine(sources, given)
  const sentOn = distinct(parts.flatMap((part) => part.sentOn))
  const ports = [check.port, ...sentOn.map(({ port }) => port)].filter((port) => port !== null)
  // A filter that stops the ACK leaves a half-open connection, and the prober's handshake is done all the same.
  const ackless = unionOf(
    sources.family,
    parts.filter(({ leg }) => leg === 'data').map((part) => part.sources),
  )
  const ofCards = cards(sources, given)
  // The routes over a card that is down have gone with it.
  const isDown = ofCards.reasons.some(({ code }) => code === 'guest-kernel/link-down')
  const all = verdictsOf([
    ofCards,
    programs(sources, given),
    conntrack(sources, given),
    recycle(sources, given),
    ...(isDown ? [] : arrivals.map((arrival) => onTheRoute(arrival, given))),
    ...ofLeg(false),
    ...(isPing(check)
      ? arrivals.map((arrival) => ping(arrival, given))
      : awaited.map((arrival) => handshake(arrival, forArrival(arrival, given)))),
    ...ofLeg(true),
    ...awaited.map((arrival) => application(arrival, forArrival(arrival, given))),
    observed(subtract(sources, ackless), ports, given),
  ])
  const outcomes = partsOf(sources, all.stops)
  return {
    facts,
    isOfNode: isNodeOfPod(given),
    parts: outcomes,
    reasons: joinedReasons(all.reasons),
    seen: probesSeen(sources, ports, given),
    notSeen: explained(outcomes, relevantOf(given, all.notSeen)),
    sentOn,
  }
}

const joinedOf = (all: GuestEvaluation): GuestEvaluation => ({
  ...all,
  reasons: joinedReasons(all.reasons),
  sentOn: distinct(all.sentOn),
})

/** IPv4 does not come from IPv6 probers. */
function ofOtherFamily(given: Given, sources: AddressSet): GuestEvaluation {
  const nothing = emptySet(sources.family)
  return {
    facts: given.facts,
    isOfNode: false,
    parts: [{ sources, outcome: 'unknown', stage: null, decidedBy: null, code: null }],
    reasons: [],
    seen: { connected: nothing, halfOpen: nothing },
    notSeen: relevantOf(given, []),
    sentOn: [],
  }
}

/** The routes back, and what it takes to send the packets on. */
const onTheRoute = (arrival: Arrival, given: Given): Verdicts => {
  const { sources, isForwarded, endpoints } = arrival
  const froms = isForwarded ? endpoints.map(({ address }) => address) : [given.check.ip]
  return verdictsOf([
    ...froms.slice(0, 1).map((from) => returnPath(sources, from, given)),
    toLoopback(arrival, given),
    ...(isForwarded ? [forwarding(arrival, given)] : []),
  ])
}

function joinedReasons(all: readonly GuestReason[]): readonly GuestReason[] {
  const found = new Map<string, GuestReason>()
  for (const reason of all) {
    if (isEmpty(reason.sources)) continue
    const key = JSON.stringify([reason.code, reason.decidedBy, reason.outcome, reason.params.leg ?? null])
    const other = found.get(key)
    found.set(key, other === undefined ? reason : { ...other, sources: union(other.sources, reason.sources) })
  }
  return [...found.values()]
}

function distinct(all: readonly SentOn[]): readonly SentOn[] {
  const found = new Map(all.map((one) => [`${one.address} ${one.port}`, one]))
  return [...found.values()]
}

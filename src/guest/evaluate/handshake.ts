import { type AddressSet, isEmpty } from '../../rules/index.ts'
import type { Listening, NotSeen } from '../facts.ts'
import type { Arrival, Endpoint } from './arrivals.ts'
import { backlog } from './backlog.ts'
import { isLetInLocally } from './filters.ts'
import type { Given } from './given.ts'
import { probesSeen } from './probes.ts'
import { programsOn } from './programs.ts'
import { protocolOf, reasonOf } from './reasons.ts'
import { handshakeOf } from './requests.ts'
import { isOfLoopback, listenersOf, socketText } from './sockets.ts'
import { ANY_REFUSAL, inDoubt, NOTHING, stoppedBy, type Verdicts, verdictsOf } from './stops.ts'

// Who takes the packet that a filter let through: a socket, a virtual service of IPVS, a pod, or nobody.

export function handshake(arrival: Arrival, given: Given): Verdicts {
  const { virtual, endpoints, sources, isForwarded } = arrival
  if (virtual !== null && virtual.servers.length === 0) return withoutServers(arrival, given)
  if (isForwarded) return ofPods(arrival, given)
  const [first, ...others] = endpoints.map((to) => ofSockets(arrival, to, given))
  if (first === undefined) return nobodyKnows(sources)
  if (others.length === 0) return first
  const all = verdictsOf([first, ...others])
  const isSame = [first, ...others].every(({ stops }) => stops[0]?.outcome === first.stops[0]?.outcome)
  if (isSame || all.stops.length === 0) return all
  // Chance takes one of several places, and not all of them answer.
  const could = all.stops.flatMap((stop) => (stop.outcome === 'unknown' ? stop.could : [stop.outcome]))
  return { ...all, stops: all.stops.map((stop) => ({ ...stop, outcome: 'unknown' as const, could })) }
}

/** The sockets of a pod cannot be read here. The machine's own request goes to one of the pods, too. */
function ofPods({ sources, endpoints }: Arrival, given: Given): Verdicts {
  const asked = handshakeOf(given)
  if (asked === 'open') return NOTHING
  const pods = endpoints.map(({ address, port }) => `${address}:${port}`).join(', ')
  if (asked !== 'refused') return nobodyKnows(sources, pods, { layer: 'sockets', why: 'unasked', what: pods })
  return refused(sources, `${pods}: connection refused`, {}, given)
}

/** The machine's own request was refused although somebody should take it. */
const refused = (
  sources: AddressSet,
  decidedBy: string,
  params: { readonly listening?: readonly string[] },
  given: Given,
): Verdicts =>
  stoppedBy(
    reasonOf(given, {
      code: 'guest-http/refused',
      stage: 'listener',
      sources,
      outcome: 'refused',
      certainty: 'likely',
      decidedBy,
      params: { end: 'refused', ...params },
      evidence: [{ fact: 'request', value: 'refused' }],
    }),
  )

function ofSockets(arrival: Arrival, to: Endpoint, given: Given): Verdicts {
  const { facts } = given
  const { sources } = arrival
  if (facts.listening === null) return nobodyKnows(sources)
  const { taking, doubtful, beside } = listenersOf(to, given)
  if (taking.length > 0) return taken(taking, arrival, to, given)
  const asked = handshakeOf(given)
  if (doubtful.length > 0) {
    // The machine's own request meets the same socket, unless that is of one device.
    if (asked === 'open') return taken(doubtful, arrival, to, given)
    if (asked !== 'refused' || doubtful.some(({ device }) => device !== null)) return nobodyKnows(sources)
    return nobodyListens([...beside, ...doubtful.map(onlySix)], arrival, to, given)
  }
  if (asked === 'open') return nobodyKnows(sources, `port ${to.port}: no socket, and still something answers`)
  // A NodePort never has a socket. Without the table nat, a refusal of an own request does not tell what probes meet there.
  const isNodePortUnseen = !arrival.isKnown && !isPlainPort(to)
  return isEverythingRead(arrival, to, given) ||
    (asked === 'refused' && !isNodePortUnseen) ||
    (isPlainPort(to) && isWhole(given, to))
    ? nobodyListens(beside, arrival, to, given)
    : nobodyKnows(sources)
}

const onlySix = (socket: Listening): Listening => ({ ...socket, isDualStack: false })

/** True if no socket of this port can be missing from the list. */
const isWhole = ({ facts }: Given, { port }: Endpoint): boolean =>
  !facts.notSeen.some(
    ({ layer }) => layer === 'sockets' || (layer === 'otherSockets' && port !== facts.target?.port),
  )

/** The ports that Kubernetes gives to Services. There a packet may be sent on although nothing listens. */
const isPlainPort = ({ port }: Endpoint): boolean => port < 30_000 || port > 32_767

const nobodyKnows = (
  sources: AddressSet,
  decidedBy: string | null = null,
  missing: NotSeen | null = null,
): Verdicts =>
  inDoubt({
    sources,
    stage: 'listener',
    decidedBy,
    could: ANY_REFUSAL,
    notSeen: missing === null ? [] : [missing],
  })

const withoutServers = ({ sources, endpoints }: Arrival, given: Given): Verdicts => {
  const text = endpoints.map(({ address, port }) => `${address}:${port}`).join(', ')
  return stoppedBy(
    reasonOf(given, {
      code: 'tke-pod/no-endpoints',
      stage: 'listener',
      sources,
      outcome: 'refused',
      certainty: 'certain',
      decidedBy: `ipvs ${text}: no real server`,
      evidence: [{ fact: 'ipvs', value: text }],
    }),
  )
}

/** May something take the packet beside the sockets: DNAT, IPVS, or a program that runs before them? */
function isEverythingRead({ isKnown }: Arrival, to: Endpoint, given: Given): boolean {
  const { facts } = given
  const hasIpvs =
    facts.ipvs === null && facts.devices?.some(({ name }) => name.startsWith('kube-ipvs')) !== false
  return isWhole(given, to) && isKnown && programsOn(given).length === 0 && (!hasIpvs || isPlainPort(to))
}

/** A program on the device may take a NodePort in place of kube-proxy, and `tc` does not list each (tcx, netkit). */
const isCertainOfNobody = (arrival: Arrival, to: Endpoint, given: Given): boolean =>
  isPlainPort(to) && isEverythingRead(arrival, to, given)

function nobodyListens(beside: readonly Listening[], arrival: Arrival, to: Endpoint, given: Given): Verdicts {
  const { facts } = given
  const protocol = protocolOf(given.check, facts)
  const { sources } = arrival
  const kind =
    beside.length === 0 ? 'not-listening' : beside.every(isOfLoopback) ? 'loopback-only' : 'other-address'
  const own =
    beside.length > 0 ? beside : (facts.listening ?? []).toSorted((a, b) => rank(a, to) - rank(b, to))
  const listening = textsOf(own)
  const process = beside[0]?.process?.name
  // A rule that was not read may send the packets to another port, and a socket that was not read may stand at another address.
  const isKnown = arrival.isKnown && (beside.length > 0 || isWhole(given, to))
  const text = beside.length > 0 ? `only ${listening.join(', ')}` : `no ${protocol.toUpperCase()} socket`
  return stoppedBy(
    reasonOf(given, {
      code: `guest-port/${kind}`,
      stage: 'listener',
      sources,
      outcome: 'refused',
      certainty: isCertainOfNobody(arrival, to, given) ? 'certain' : isKnown ? 'likely' : 'possible',
      decidedBy: `port ${to.port}: ${text}`,
      params: {
        port: to.port,
        listening: listening.slice(0, MOST_SOCKETS),
        ...(process === undefined ? {} : { process }),
        ...(arrival.isKnown ? {} : { ways: 'unread' }),
      },
      evidence: [{ fact: 'sockets', value: listening.slice(0, MOST_SOCKETS).join(' ') }],
    }),
  )
}

const MOST_SOCKETS = 12

/** A socket of the same port in the other protocol is the nearest. */
const rank = (socket: Listening, { port }: Endpoint): number => (socket.port === port ? 0 : 1)

/** The queue decides. If it has room, and the machine itself is not taken all the same, something else is in the way. */
function taken(taking: readonly Listening[], { sources }: Arrival, to: Endpoint, given: Given): Verdicts {
  const full = backlog(taking, sources, to, given)
  const isOfDevice = taking.some(({ device }) => device !== null)
  const asked = handshakeOf(given)
  if (full !== NOTHING) return full
  if (asked === null) return untried(taking, sources, to, given)
  if (isOfDevice || asked === 'open' || !isLetInLocally(given)) return NOTHING
  const sockets = textsOf(taking)
  if (asked === 'silent')
    return inDoubt({
      sources,
      stage: 'listener',
      decidedBy: `${sockets.join(', ')} listens, and a connection of the machine itself was not answered`,
      observed: { kind: 'unanswered', peers: [] },
      notSeen: [],
    })
  const decidedBy = `${sockets.join(', ')} listens, and a connection was refused`
  // Only ss tells the device on which a socket listens.
  if (taking.some(({ protocol, backlog: most }) => protocol === 'tcp' && most === null))
    return nobodyKnows(sources, decidedBy, { layer: 'sockets', why: 'tool', what: 'ss' })
  return refused(sources, decidedBy, { listening: sockets }, given)
}

const textsOf = (sockets: readonly Listening[]): readonly string[] => [...new Set(sockets.map(socketText))]

/** A program may filter on its own socket, and no list shows that. A connection proves that it does not. */
function untried(taking: readonly Listening[], sources: AddressSet, to: Endpoint, given: Given): Verdicts {
  const { check, facts } = given
  const isAsked = !facts.notSeen.some(({ layer }) => layer === 'request')
  if (check.kind !== 'tcp' || isAsked || !isEmpty(probesSeen(sources, [to.port], given).connected))
    return NOTHING
  return inDoubt({
    sources,
    stage: 'listener',
    decidedBy: `${textsOf(taking).join(', ')} listens, and nobody has tried to connect`,
    notSeen: [{ layer: 'request', why: 'unasked', what: `TCP ${check.ip}:${to.port}` }],
  })
}

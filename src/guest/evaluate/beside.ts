import type { GuestOutcome } from '../../model/guest.ts'
import { type AddressSet, contains, intersect, isEmpty, parseAddresses } from '../../rules/index.ts'
import type { NotSeen } from '../facts.ts'
import type { Given } from './given.ts'
import { isPing, protocolOf } from './reasons.ts'
import { nextHopIn } from './routes.ts'
import { inDoubt, NOTHING, type Verdicts, verdictsOf } from './stops.ts'

// What may take a packet or its answer beside filters, routes and sockets: IPsec, queues, next hops that do not answer. What
// it does to a probe is not followed, so the outcome is unknown, and the reader is told what may decide.

export const beside = (sources: AddressSet, given: Given): Verdicts =>
  verdictsOf([
    ...given.facts.xfrm.map((line) => policy(line, sources, given)),
    ...given.facts.queues.map((line) => queue(line, sources, given)),
    ...nextHops(sources, given),
    ...(['xfrm', 'neighbours', 'arp'] as const).map((layer) => unread(layer, sources, given)),
  ])

const doubtful = (
  sources: AddressSet,
  layer: NotSeen['layer'],
  decidedBy: string,
  could: readonly GuestOutcome[] = ['timeout', 'http-timeout'],
): Verdicts =>
  inDoubt({
    sources,
    stage: 'guest-firewall',
    decidedBy,
    could,
    notSeen: [{ layer, why: 'not-understood', what: decidedBy }],
  })

/** The probe names the layer itself. */
const unread = (layer: 'xfrm' | 'neighbours' | 'arp', sources: AddressSet, { facts }: Given): Verdicts =>
  facts.notSeen.some((one) => one.layer === layer) && !(layer === 'arp' && sources.family === 6)
    ? inDoubt({ sources, stage: 'guest-firewall', decidedBy: null, notSeen: [] })
    : NOTHING

/** `src 100.64.0.0/10 dst 10.0.1.16/32 proto tcp \\ dir in action block …`: it blocks, or takes only what is encrypted. */
function policy(line: string, sources: AddressSet, { check, facts }: Given): Verdicts {
  const [, src = '', dst = ''] = /^src (\S+) dst (\S+)/.exec(line) ?? []
  const [, way] = /\bdir (in|out|fwd)\b/.exec(line) ?? []
  const isAsking = /\baction block\b/.test(line) || (/\btmpl\b/.test(line) && !/\blevel use\b/.test(line))
  if (way === undefined || !isAsking || isOfOther(line, isPing(check) ? 'icmp' : protocolOf(check, facts)))
    return NOTHING
  const [peers, own] = (way === 'out' ? [dst, src] : [src, dst]).map((text) => parseAddresses(text))
  const target = parseAddresses(check.ip)
  if (!peers || !own || !target || peers.family !== sources.family || own.family !== sources.family)
    return NOTHING
  // What is sent on to a pod has another address.
  if (way !== 'fwd' && !contains(own, target)) return NOTHING
  const met = intersect(sources, peers)
  return isEmpty(met)
    ? NOTHING
    : doubtful(met, 'xfrm', `ip xfrm policy: ${line.replace(/[\\\s]+/g, ' ').trim()}`)
}

function isOfOther(line: string, protocol: string): boolean {
  const own = /^src \S+ dst \S+ proto (\S+)/.exec(line)?.[1]
  return own !== undefined && !own.includes(protocol) && /^[a-z]/.test(own)
}

/** Every queue of these kinds loses or holds packets, whatever it has counted. */
const LOSING = /^(?:netem|blackhole)$/

function queue(line: string, sources: AddressSet, { machine }: Given): Verdicts {
  const [device = '', lost = '', kind = '', ...rest] = line.split(' ')
  if (device !== machine.device || (Number(lost) === 0 && !LOSING.test(kind))) return NOTHING
  return doubtful(
    sources,
    'tc',
    `tc qdisc on ${device}: ${[kind, ...rest].join(' ').trim()} (dropped ${lost})`,
  )
}

/** The next hops of the answers. Where one of several does not answer, some answers are lost. */
function nextHops(sources: AddressSet, { facts, check, machine }: Given): readonly Verdicts[] {
  const silent = new Map(facts.neighbours.map((line) => [line.split(' ')[0] ?? '', line]))
  if (silent.size === 0 || !machine.areRoutesRead) return []
  return machine.routesTo(sources, check.ip).flatMap(({ to, text }) => {
    const line = silent.get(nextHopIn(text) ?? '')
    return line === undefined ? [] : [doubtful(to, 'routes', `ip neigh: ${line}`, ['timeout'])]
  })
}

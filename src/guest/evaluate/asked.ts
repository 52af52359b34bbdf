import {
  type AddressSet,
  emptySet,
  type Family,
  intersect,
  isEmpty,
  parseAddresses,
  union,
  unionOf,
} from '../../rules/index.ts'
import type { GuestCheck, GuestEvaluation } from '../evaluation.ts'
import type { GuestFacts, NotSeen } from '../facts.ts'
import { LEFT_OUT } from '../facts-of/probe-filters.ts'
import { distinct } from './not-seen.ts'
import { isPing, protocolOf } from './reasons.ts'

// The script leaves out of long lists what cannot meet the probes that it was asked about. Of other probes such a list
// says nothing.

/** The sources that the script was told of. None, if it was asked about another address, port or protocol. */
export function toldOf(facts: GuestFacts, check: GuestCheck, sources: AddressSet): AddressSet {
  const { target } = facts
  // Recorded commands leave nothing out.
  if (target === null) return sources
  const { ip, port, protocol } = target
  const isSame =
    ip === check.ip && (isPing(check) || port === check.port) && isOfProtocol(protocol, check, facts)
  return isSame ? intersect(sources, rangeOf(target.sources ?? [], sources.family)) : emptySet(sources.family)
}

const isOfProtocol = (
  protocol: NonNullable<GuestFacts['target']>['protocol'],
  check: GuestCheck,
  facts: GuestFacts,
): boolean =>
  isPing(check) ? protocol === 'icmp' || protocol === 'icmpv6' : protocol === protocolOf(check, facts)

const rangeOf = (cidrs: readonly string[], family: Family): AddressSet =>
  unionOf(
    family,
    cidrs.flatMap((cidr) => parseAddresses(cidr) ?? []).filter((set) => set.family === family),
  )

/** The same facts without the lists that something was left out of. The very same if nothing was. */
export function withoutPruned(facts: GuestFacts, { port }: GuestCheck): GuestFacts {
  const lost: NotSeen[] = []
  const left = (layer: NotSeen['layer'], what: string): null => {
    if (!lost.some((one) => one.layer === layer)) lost.push({ layer, why: 'pruned', what })
    return null
  }
  const filters = facts.filters.map((sample) => ({ ...sample, texts: unprunedIn(sample.texts, facts, left) }))
  const isMarked = facts.pruned.includes('routes') || facts.pruned.includes('policies')
  const hasRoutes = facts.routes === null || (OF_EVERY_MACHINE.test(facts.routes) && !isMarked)
  const routes = hasRoutes ? facts.routes : left('routes', 'ip route show table all')
  const policies = hasRoutes ? facts.policies : left('policies', 'ip rule')
  // Of IPVS it keeps the services of the port.
  const isOfPort = !facts.ipvs || port === facts.target?.port
  const ipvs = isOfPort ? facts.ipvs : left('ipvs', '/proc/net/ip_vs')
  if (facts.pruned.includes('xfrm')) left('xfrm', 'ip xfrm policy')
  if (lost.length === 0) return facts
  return { ...facts, filters, routes, policies, ipvs, notSeen: [...facts.notSeen, ...lost] }
}

/** The script leaves these out first, if it leaves out any route. */
const OF_EVERY_MACHINE = /^(?:broadcast|multicast|anycast) /m

type Texts = GuestFacts['filters'][number]['texts']

function unprunedIn(
  texts: Texts,
  { pruned }: GuestFacts,
  left: (layer: NotSeen['layer'], what: string) => null,
): Texts {
  const of = (layer: keyof Texts): string | null => {
    const text = texts[layer]
    return text !== null && (isPruned(layer, text) || pruned.includes(layer)) ? left(layer, layer) : text
  }
  const [iptables, ip6tables] = [of('iptables'), of('ip6tables')]
  const isListed = iptables === texts.iptables && ip6tables === texts.ip6tables
  return {
    iptables,
    ip6tables,
    iptablesLegacy: of('iptablesLegacy'),
    ip6tablesLegacy: of('ip6tablesLegacy'),
    ipset: of('ipset'),
    // The script takes out of it what the list of iptables shows.
    nft: isListed ? texts.nft : null,
  }
}

/** Of sets it keeps only the members that a probe can have. Those of nft stay whole. */
const isPruned = (layer: keyof Texts, text: string): boolean =>
  layer === 'ipset' ? text.trim() !== '' : text.includes(LEFT_OUT)

/** Two evaluations of one machine, for disjoint sources. */
export function together(one: GuestEvaluation, other: GuestEvaluation): GuestEvaluation {
  return {
    ...one,
    parts: [...one.parts, ...other.parts].filter(({ sources }) => !isEmpty(sources)),
    reasons: [...one.reasons, ...other.reasons],
    seen: {
      connected: union(one.seen.connected, other.seen.connected),
      halfOpen: union(one.seen.halfOpen, other.seen.halfOpen),
    },
    notSeen: distinct([...one.notSeen, ...other.notSeen]),
    sentOn: [...one.sentOn, ...other.sentOn],
  }
}

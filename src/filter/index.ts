// filter/ evaluates the packet filters of a Linux machine on text: iptables of both backends, ip6tables, nftables and
// ipset. guest/ calls it. It is pure. For a set of sources it says which part gets through and which rule stops the rest.
// A rule that it does not understand makes what the rule could decide unknown. It may not know a target's health.

export { evaluateFilters, ownRequestsGoTo, ownRequestsPass } from './evaluate.ts'
export { type Filters, packetsOf, parseFilters } from './filters.ts'
export {
  type FilterLayer,
  type FilterPart,
  type FilterRule,
  type FilterTexts,
  type Host,
  type Leg,
  type ProbePackets,
  type SentOn,
  UNREAD_TEXTS,
} from './types.ts'
export { toolOf } from './wording.ts'

// rules/ evaluates one rule list against one set of packets: address sets, ports, first match, security group, ACL.
// path/, checks/ and diagnosis/ call it. It is pure and exact. It returns the rule that decides and the ranges that it
// decides. It may not know a target, a finding or a language. A rule that it does not understand gives unknown, never
// pass.

export {
  type AddressSet,
  cidrsOfAll,
  contains,
  emptySet,
  everything,
  type Family,
  intersect,
  isEmpty,
  PROBE_100_64,
  PROBE_169_254,
  PROBER_RANGES,
  parseAddresses,
  sizeOf,
  subtract,
  toCidrs,
  union,
  unionOf,
} from './addresses.ts'
export { firstBlockingRule } from './blocking-rule.ts'
export { createEvaluator, type Evaluator } from './evaluator.ts'
export { largest, type Outcome, openAddresses, type Piece, type Remainder } from './first-match.ts'
export { difference, intersection, uniteAll } from './intervals.ts'
export type { PortReading } from './network-acl.ts'
export { joinedLetIn, type LetIn, newlyLetIn } from './newly-let-in.ts'
export type { OrderConflict } from './order.ts'
export { appendCell, canvasOf, cellsOf, paint } from './painting.ts'
export { ALL_PORTS, formatPorts, type PortSet, PROBER_PORTS, portRanges } from './ports.ts'
export type { References } from './references.ts'
export type { Decider } from './rule-list.ts'
export { shadowedAllow } from './shadow.ts'
export type { Probe } from './terms.ts'
export type { UnclearPart } from './unclear.ts'
export { aclEntryWords, securityRuleWords } from './words.ts'

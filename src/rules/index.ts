export {
  type AddressSet,
  cidrsOfAll,
  contains as covers,
  emptySet,
  type Family,
  isEmpty,
  PROBE_100_64,
  PROBE_169_254,
  parseAddresses,
  sizeOf,
  subtract,
  toCidrs,
  union,
} from './addresses.ts'
export { firstBlockingRule as firstObstacle } from './blocking-rule.ts'
export { createEvaluator, type Evaluator } from './evaluator.ts'
export { largest, type Outcome, type Piece } from './first-match.ts'
export type { PortReading } from './network-acl.ts'
export type { OrderConflict } from './order.ts'
export type { References } from './references.ts'
export type { Decider } from './rule-list.ts'
export { shadowedAllow } from './shadow.ts'
export type { Probe } from './terms.ts'

export {
  type AddressSet,
  covers,
  emptySet,
  type Family,
  isEmpty,
  PROBE_100_64,
  PROBE_169_254,
  parseAddresses,
  sizeOf,
  toCidrs,
  union,
} from './addresses.ts'
export { createEvaluator, type Evaluator } from './evaluator.ts'
export type { Decider, Outcome, Piece } from './first-match.ts'
export type { PortReading } from './network-acl.ts'
export type { OrderConflict, TemplateSource } from './security-group.ts'
export type { Probe } from './terms.ts'

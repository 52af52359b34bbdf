// delivery/ tells people. Each receiver has a folder: it renders and sends a message once and returns the outcome. Each
// has a lane (lanes/), which takes what waits for it from the store and decides what follows an outcome. Only app/ calls
// it. It may not read the cloud or change what a diagnosis says.

export { isSame, ReceiverError } from './address.ts'
export { type Hint, hintOf } from './hint.ts'
export {
  type Composed,
  type Composition,
  claimOf,
  createLanes,
  type Entry,
  entryOf,
  type Group,
  heldUntilOf,
  type LaneOptions,
  type LaneReport,
  type Lanes,
  laneStateKey,
  lanesOf,
  moveLane,
  type Occasion,
  outboxOf,
  type RunningLanes,
  tryAtOnce,
  waiting,
} from './lanes/index.ts'
export type { Outcome } from './receiver.ts'
export { parseReceiverAddresses, type ReceiverAddress } from './receivers.ts'
export { sendOnce } from './send-once.ts'

// delivery/ sends a message to every receiver: one folder per receiver, and around each the stages dedup → retry → record.
// Only app/ calls it. A receiver renders and sends once, and says how that went; the stages decide what to do then.
// It may not read the cloud or change what a diagnosis says.

export { ReceiverError } from './address.ts'
export { createDispatcher, type DeliveryReport, type Dispatcher } from './dispatch.ts'
export { parseReceiverAddresses, type ReceiverAddress } from './receivers.ts'

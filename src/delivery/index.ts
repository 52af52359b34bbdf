// delivery/ sends a message to every receiver. Each receiver has a folder and runs within the stages dedup → retry →
// record. Only app/ calls it. A receiver renders and sends once and returns the outcome; the stages decide what
// follows. It may not read the cloud or change what a diagnosis says.

export { ReceiverError } from './address.ts'
export { createDispatcher, type DeliveryReport, type Dispatcher } from './dispatch.ts'
export { parseReceiverAddresses, type ReceiverAddress } from './receivers.ts'

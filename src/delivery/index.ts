export { parseReceiverAddresses, type ReceiverAddress, ReceiverError } from './address.ts'
export { createDispatcher, type DeliveryReport, type Dispatcher } from './dispatch.ts'

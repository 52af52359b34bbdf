export { createDispatcher, type DeliveryReport, type Dispatcher } from './dispatch.ts'

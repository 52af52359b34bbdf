import type { Diagnosis } from './diagnosis.ts'
import type { Scan } from './scan.ts'

/** The content of a message to receivers: one diagnosis, or the result of a scan. */
export type Message = Diagnosis | Scan

export const isScan = (message: Message): message is Scan => 'loadBalancers' in message

import type { Diagnosis } from './diagnosis.ts'
import type { Digest, IncidentNotice, OperatorNote, TestMessage } from './incident.ts'
import type { Scan } from './scan.ts'

/** The content of a message to receivers. */
export type Message = Diagnosis | Scan | IncidentNotice | Digest | TestMessage | OperatorNote

type Kind = 'diagnosis' | 'scan' | 'incident' | 'digest' | 'test' | 'note'

/** A Diagnosis and a Scan have a schema of their own, which has no `kind`. */
export const kindOf = (message: Message): Kind =>
  'kind' in message ? message.kind : 'loadBalancers' in message ? 'scan' : 'diagnosis'

export const isScan = (message: Message): message is Scan => kindOf(message) === 'scan'
export const isDiagnosis = (message: Message): message is Diagnosis => kindOf(message) === 'diagnosis'
export const isNotice = (message: Message): message is IncidentNotice => kindOf(message) === 'incident'
export const isDigest = (message: Message): message is Digest => kindOf(message) === 'digest'

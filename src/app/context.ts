import type { Cloud } from '../cloud/index.ts'
import type { Lanes } from '../delivery/index.ts'
import type { ClusterReader } from '../kube/index.ts'
import type { Clock } from '../model/clock.ts'
import type { IncidentNotice } from '../model/incident.ts'
import type { Language } from '../model/language.ts'
import type { Log } from '../model/log.ts'
import type { Store } from '../store/index.ts'
import type { Config } from './config.ts'
import type { Instances } from './instances.ts'
import type { Names } from './known-receivers/names.ts'

/** `dx` a diagnosis, `sc` a scan, `in` an incident, `no` a notice, `dg` a digest, `te` a test, `on` a note. */
export type IdKind = 'dx' | 'sc' | 'in' | 'no' | 'dg' | 'te' | 'on'

/** The configuration, connections, records, clock and log of a run. Tests replace them. */
export interface AppContext {
  readonly config: Config
  readonly cloud: Cloud
  /** Reads the cluster of the kubeconfig. Left out: none is set. */
  readonly cluster?: ClusterReader
  /** Waiting alarms, incidents and what was told to whom. */
  readonly store: Store
  readonly lanes: Lanes
  /** Whether the store keeps the addresses of this process under their names. */
  readonly names: Names
  /** The id of this process in claims. */
  readonly holder: string
  /** Those that share the store. */
  readonly instances: Instances
  /** False for a process that does not live on and shares no store: nothing is put off. */
  readonly canWait: boolean
  /** The signed pages of an incident. Null: there are none. */
  readonly pagesOf: (incident: string, language: Language) => IncidentNotice['pages']
  readonly clock: Clock
  readonly log: Log
  readonly newId: (kind: IdKind) => string
}

import type { Console } from '../model/console.ts'
import type { Diagnosis, Stats } from '../model/diagnosis.ts'
import type { ExpectedFinding } from '../model/expected.ts'
import type { Language } from '../model/language.ts'

/** What a diagnosis needs besides the facts. */
export interface Circumstances {
  /** Begins with `dx-`. */
  readonly id: string
  /** ISO 8601. */
  readonly createdAt: string
  readonly language: Language
  /** The zone of times in texts, an IANA name. Null: the zone of the language. */
  readonly timeZone: string | null
  readonly console: Console
  readonly trigger: Diagnosis['trigger']
  readonly stats: Stats
  /** Findings that the user expects. Entries that ended before `createdAt` have no effect. */
  readonly expected: readonly ExpectedFinding[]
}

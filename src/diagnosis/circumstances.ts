import type { Diagnosis, Stats } from '../model/diagnosis.ts'
import type { ExpectedFinding } from '../model/expected.ts'
import type { Language } from '../model/language.ts'

/** What a diagnosis needs beside the facts. */
export interface Circumstances {
  /** `dx-…` */
  readonly id: string
  /** ISO 8601. */
  readonly createdAt: string
  readonly language: Language
  readonly trigger: Diagnosis['trigger']
  readonly stats: Stats
  /** Findings that the user expects; whether they still do is decided by `createdAt`. */
  readonly expected: readonly ExpectedFinding[]
}

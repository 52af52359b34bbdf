import type { Language } from '../../model/language.ts'
import { type TimeZone, zonedMinuteFor } from '../../text/index.ts'

/** How the texts of fixes are written. */
export interface Wording {
  readonly language: Language
  /** When the diagnosis was made, ISO 8601. */
  readonly createdAt: string
  readonly timeZone: TimeZone
}

/** `06:52`, with the day if it is another one than that of the diagnosis. */
export const momentFor = (at: string, { language, createdAt, timeZone }: Wording): string =>
  zonedMinuteFor(at, createdAt, language, timeZone)

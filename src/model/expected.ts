/** A finding that the user expects. It is a note, not a cause, until the acceptance ends. */
export interface ExpectedFinding {
  /** Position in the file, from 1. */
  readonly entry: number
  /** `<check>/<reason>`. The code may not exist in this version. */
  readonly code: string
  /** The exact id of one of the finding's resources. */
  readonly resource: string
  readonly reason: string
  /** A calendar date in UTC (inclusive), or an ISO 8601 time with its zone, as the user wrote it. */
  readonly until: string
}

/** The file that holds the entries. */
export const CONFIG_FILE = 'clb-doctor.json'

const DATE = /^\d{4}-\d\d-\d\d$/
const TIME = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

const DAY_MS = 24 * 3600_000

export const isCalendarDate = (until: string): boolean => DATE.test(until)

/** The last millisecond of an acceptance as Unix time. Null if `until` is not a date or time. */
export function endOf(until: string): number | null {
  const date = isCalendarDate(until) ? until : TIME.exec(until)?.[1]
  if (date === undefined) return null
  // Date.parse takes 30 February for 2 March.
  const start = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(start) || !new Date(start).toISOString().startsWith(date)) return null
  const end = isCalendarDate(until) ? start + DAY_MS - 1 : Date.parse(until)
  return Number.isNaN(end) ? null : end
}

/** A finding that somebody expects: until the day has passed it is a note, not a cause. */
export interface ExpectedFinding {
  /** Its place in the file, from 1. */
  readonly entry: number
  /** `<check>/<reason>`, perhaps none that we know. */
  readonly code: string
  /** The exact id of one of the finding's resources. */
  readonly resource: string
  readonly reason: string
  /** A calendar date in UTC, which belongs to it, or an ISO 8601 time with its zone: as it was written. */
  readonly until: string
}

/** Where entries are kept. */
export const CONFIG_FILE = 'clb-doctor.json'

const DATE = /^\d{4}-\d\d-\d\d$/
const TIME = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

const DAY_MS = 24 * 3600_000

export const isCalendarDate = (until: string): boolean => DATE.test(until)

/** The last millisecond of an acceptance, Unix time; null where `until` is neither a date nor a time. */
export function endOf(until: string): number | null {
  const date = isCalendarDate(until) ? until : TIME.exec(until)?.[1]
  if (date === undefined) return null
  // 30 February would be taken for 2 March.
  const start = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(start) || !new Date(start).toISOString().startsWith(date)) return null
  const end = isCalendarDate(until) ? start + DAY_MS - 1 : Date.parse(until)
  return Number.isNaN(end) ? null : end
}

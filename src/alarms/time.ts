import { text } from '../model/untrusted.ts'

// Alarm times come in three forms: "2017-03-09 07:00:00" without an offset, which is Beijing time; epoch seconds or
// milliseconds, as digits or a number; and "2024-07-09 14:35:00 (UTC+08:00)". "0" means no time (intake facts 1.1, 1.5,
// 3). So does Alertmanager's "0001-01-01T00:00:00Z".
const EARLIEST = Date.UTC(2000, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)
const BEIJING_MINUTES = 8 * 60
const FIRST_MILLISECONDS = 100_000_000_000

const WRITTEN =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|\(?(?:UTC)?[+-]\d{1,2}(?::?\d{2})?\)?)?$/i

/** Minutes east of UTC for an offset such as `Z`, `+08:00`, `(UTC+08:00)` or `UTC+8`. Null if it is out of range. */
function offsetMinutes(written: string | undefined): number | null {
  if (written === undefined) return BEIJING_MINUTES
  if (written.toUpperCase() === 'Z') return 0
  const [, sign, hours, minutes] = /([+-])(\d{1,2}):?(\d{2})?/.exec(written) ?? []
  const total = Number(hours) * 60 + Number(minutes ?? 0)
  if (!(total <= 14 * 60) || Number(minutes ?? 0) > 59) return null
  return sign === '-' ? -total : total
}

function writtenTime(value: string): number | null {
  const match = WRITTEN.exec(value)
  if (match === null) return null
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0))
  const milliseconds = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  const offset = offsetMinutes(match[8])
  const parts = [year ?? 0, (month ?? 0) - 1, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0] as const
  const date = new Date(Date.UTC(...parts, milliseconds))
  // Date.UTC turns 31 February into a day of March. A date that changes this way is invalid.
  const same =
    date.getUTCFullYear() === parts[0] &&
    date.getUTCMonth() === parts[1] &&
    date.getUTCDate() === parts[2] &&
    date.getUTCHours() === parts[3] &&
    date.getUTCMinutes() === parts[4] &&
    date.getUTCSeconds() === parts[5]
  return offset === null || !same ? null : date.getTime() - offset * 60_000
}

function epochTime(value: string): number | null {
  if (!/^\d{1,14}(?:\.\d{1,9})?$/.test(value)) return null
  const number = Number(value)
  return Math.trunc(number < FIRST_MILLISECONDS ? number * 1_000 : number)
}

/**
 * Parses a time in any form that alarms use, to ISO 8601 in UTC. Null for "no time" (`0`, `"0"`, `""`), for an invalid
 * time, and for a time outside 2000–2099.
 */
export function instant(value: unknown): string | null {
  const written = text(value, 64)
  if (written === null) return null
  const time = epochTime(written) ?? writtenTime(written)
  return time !== null && time >= EARLIEST && time < LATEST ? new Date(time).toISOString() : null
}

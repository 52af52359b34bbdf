import { isCalendarDate } from '../model/expected.ts'
import type { Language, Text } from '../model/language.ts'
import { kept } from '../model/memo.ts'
import { CUSTOMS, OWN } from './own-texts.ts'
import { withAside } from './punctuation.ts'
import { filled, t } from './t.ts'

/** An IANA name, e.g. `Asia/Shanghai`. Absent: the zone of the language, which is Beijing time for zh-CN, as in the console. */
export type TimeZone = string | null | undefined

/** Formatters are costly to make, and a process needs one or two. */
const formatters = new Map<string, Intl.DateTimeFormat>()

const formatterFor = (zone: string): Intl.DateTimeFormat =>
  kept(
    formatters,
    zone,
    () => new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }),
  )

/** `2026-11-20 07:00:00` in the zone. Null if the text is not a time. */
function wallClock(iso: string, zone: TimeZone, language: Language): string | null {
  const ms = Date.parse(iso)
  return Number.isNaN(ms) ? null : formatterFor(zone ?? CUSTOMS[language].zone).format(ms)
}

/** An ISO time with the name of its zone. A text that is no time is returned as it is. */
export function timeFor(iso: string, language: Language, zone: TimeZone): string {
  const time = wallClock(iso, zone, language)
  if (time === null) return iso
  return zone ? withAside(time, zone, language) : t(OWN.time, { time }, language)
}

/** `07:01:12`, and the name of the zone if the language does not imply it. */
export function clockFor(iso: string, language: Language, zone: TimeZone): string {
  const time = wallClock(iso, zone, language)?.slice(11)
  if (time === undefined) return iso
  return zone ? withAside(time, zone, language) : zoned(time, language, zone)
}

/** A time with the zone of the language, if its readers need it. A zone of the user's own stands beside the look. */
const zoned = (time: string, language: Language, zone: TimeZone): string =>
  zone ? time : t(OWN.clock, { time }, language)

/** `06:52`, or `11-19 23:58` if it is another day than `beside`. */
export function minuteFor(iso: string, beside: string, language: Language, zone: TimeZone): string {
  const time = wallClock(iso, zone, language)
  if (time === null) return iso
  const isSameDay = wallClock(beside, zone, language)?.slice(0, 10) === time.slice(0, 10)
  return time.slice(isSameDay ? 11 : 5, 16)
}

/** The end of an expected finding: a day such as `2026-12-31 (UTC)`, or a time. */
export const untilFor = (until: string, language: Language, zone: TimeZone): string =>
  isCalendarDate(until) ? t(OWN.date, { date: until }, language) : timeFor(until, language, zone)

/** The minute with the zone of the language, if its readers need it: `11-19 23:58 UTC`. */
export const zonedMinuteFor = (iso: string, beside: string, language: Language, zone: TimeZone): string =>
  zoned(minuteFor(iso, beside, language, zone), language, zone)

const UNITS = [
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
] as const

/** A duration, rounded down. The unit is the largest that gives at least 2, e.g. 119 minutes, but 2 hours. */
export function lengthOf(seconds: number): Text {
  const [unit, size] = UNITS.find(([, one]) => seconds >= 2 * one) ?? (['seconds', 1] as const)
  return filled(OWN.length[unit], { count: Math.floor(seconds / size) })
}

import { isCalendarDate } from '../model/expected.ts'
import type { Language, Text } from '../model/language.ts'
import { CUSTOMS, OWN } from './own-texts.ts'
import { filled, t } from './t.ts'

const HOUR_MS = 3600_000

/** An ISO time in the time zone of the language, with the zone's name. zh-CN is Beijing time, as in the console. */
export function timeFor(iso: string, language: Language): string {
  const ms = Date.parse(iso)
  if (Number.isNaN(ms)) return iso
  const shifted = new Date(ms + CUSTOMS[language].hoursFromUtc * HOUR_MS).toISOString()
  return t(OWN.time, { time: shifted.slice(0, 19).replace('T', ' ') }, language)
}

/** The end of an expected finding: a day such as `2026-12-31 (UTC)`, or a time. */
export const untilFor = (until: string, language: Language): string =>
  isCalendarDate(until) ? t(OWN.date, { date: until }, language) : timeFor(until, language)

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

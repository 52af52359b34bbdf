import { isCalendarDate } from '../model/expected.ts'
import type { Language, Text } from '../model/language.ts'
import { CUSTOMS, OWN } from './own-texts.ts'
import { filled, t } from './t.ts'

const HOUR_MS = 3600_000

/** A time in the time zone of the language's readers, with the zone's name. Zh-CN is Beijing time, as on the console. */
export function timeFor(iso: string, language: Language): string {
  const ms = Date.parse(iso)
  if (Number.isNaN(ms)) return iso
  const shifted = new Date(ms + CUSTOMS[language].hoursFromUtc * HOUR_MS).toISOString()
  return t(OWN.time, { time: shifted.slice(0, 19).replace('T', ' ') }, language)
}

/** Until when a finding is expected: `2026-12-31 (UTC)`, or a time. */
export const untilFor = (until: string, language: Language): string =>
  isCalendarDate(until) ? t(OWN.date, { date: until }, language) : timeFor(until, language)

const UNITS = [
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
] as const

/** A length of time in the largest unit that fits twice, rounded down. */
export function lengthOf(seconds: number): Text {
  const [unit, size] = UNITS.find(([, one]) => seconds >= 2 * one) ?? (['seconds', 1] as const)
  return filled(OWN.length[unit], { count: Math.floor(seconds / size) })
}

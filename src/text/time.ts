import { isCalendarDate } from '../model/expected.ts'
import type { Language, Text } from '../model/language.ts'

const BEIJING_MS = 8 * 3600_000

/** Beijing time for zh-CN, as the console shows it; UTC for en. Both labelled. */
export function timeFor(iso: string, language: Language): string {
  const ms = Date.parse(iso)
  if (Number.isNaN(ms)) return iso
  const shifted = new Date(language === 'zh-CN' ? ms + BEIJING_MS : ms).toISOString()
  const text = shifted.slice(0, 19).replace('T', ' ')
  return language === 'zh-CN' ? `${text}（北京时间）` : `${text} UTC`
}

/** Until when something is accepted: `2026-12-31 (UTC)`, or a time. */
export function untilFor(until: string, language: Language): string {
  if (!isCalendarDate(until)) return timeFor(until, language)
  return language === 'zh-CN' ? `${until}（UTC）` : `${until} (UTC)`
}

const UNITS = [
  [86_400, '天', 'days'],
  [3_600, '小时', 'hours'],
  [60, '分钟', 'minutes'],
  [1, '秒', 'seconds'],
] as const

/** A length of time in the largest unit of which there are two at least, rounded down. */
export function lengthOf(seconds: number): Text {
  const [size, zh, en] = UNITS.find(([unit]) => seconds >= 2 * unit) ?? UNITS[3]
  const count = Math.floor(seconds / size)
  return { 'zh-CN': `${count} ${zh}`, en: count === 1 ? '1 second' : `${count} ${en}` }
}

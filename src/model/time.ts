import { isCalendarDate } from './acceptance.ts'
import type { Language } from './language.ts'

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

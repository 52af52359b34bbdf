import type { Language } from '../model/language.ts'
import { enumerated, moreOf, t } from '../text/index.ts'
import { TEXTS } from './texts.ts'

/** At most `most` of a list, the rest counted. */
export function some(list: readonly string[], most: number, language: Language): string {
  const shown = enumerated(list.slice(0, most), language)
  const rest = list.length - most
  if (rest <= 0) return shown
  return `${shown} ${t(TEXTS.words.more, { count: moreOf(list.length, most, language) }, language)}`
}

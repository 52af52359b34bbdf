import type { Language } from '../model/language.ts'
import { enumerated, moreOf, t } from '../text/index.ts'
import { TEXTS } from './texts.ts'

/** Shows at most `most` items of a list, then the number of the others. */
export function some(list: readonly string[], most: number, language: Language): string {
  const shown = enumerated(list.slice(0, most), language)
  if (list.length <= most) return shown
  return t(TEXTS.words.more, { shown, count: moreOf(list.length, most, language) }, language)
}

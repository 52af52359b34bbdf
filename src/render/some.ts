import type { Language } from '../model/language.ts'
import { fill } from './messages.ts'

/** At most `most` of a list, the rest counted. */
export function some(list: readonly string[], most: number, language: Language): string {
  const shown = list.slice(0, most).join(language === 'en' ? ', ' : '、')
  const rest = list.length - most
  if (rest <= 0) return shown
  return `${shown} ${fill('more', language, { count: language === 'en' ? rest : list.length })}`
}

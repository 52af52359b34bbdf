import type { Params } from '../checks/index.ts'
import { filled, type Language, type Text } from '../model/language.ts'

const isList = (value: unknown): value is readonly string[] => Array.isArray(value)

/** How many items of a list a sentence carries; the rest is counted. */
const SPOKEN = 6

/** A text filled with parameters in the reader's language; an unknown name is a programming error. */
export function say(text: Text, params: Params, language: Language): string {
  return filled(text[language], (name) => {
    const value = params[name]
    if (value === undefined) throw new Error(`text needs {${name}}: ${text.en}`)
    return spoken(value, language)
  })
}

function spoken(value: Params[string], language: Language): string | number {
  if (typeof value === 'string' || typeof value === 'number') return value
  if (!isList(value)) return value[language]
  if (value.length === 0) return language === 'en' ? 'none' : '无'
  const rest = value.length - SPOKEN
  const shown = value.slice(0, SPOKEN).join(language === 'en' ? ', ' : '、')
  if (rest <= 0) return shown
  return language === 'en' ? `${shown} and ${rest} more` : `${shown} 等 ${value.length} 项`
}

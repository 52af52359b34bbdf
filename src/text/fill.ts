import { LANGUAGES, type Language, type Text } from '../model/language.ts'

const PLACE = /\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g

/** Fills `{name}`, and by number `{count|one backend|# backends}`. */
export const fill = (template: string, valueFor: (name: string) => string | number): string =>
  template.replace(PLACE, (_, name: string, one?: string, many?: string) => {
    const value = valueFor(name)
    if (one === undefined || many === undefined) return String(value)
    return (value === 1 ? one : many).replaceAll('#', String(value))
  })

/** One text in every language. */
export function inEachLanguage(make: (language: Language, index: number) => string): Text {
  const text: Partial<Record<Language, string>> = {}
  for (const [i, language] of LANGUAGES.entries()) text[language] = make(language, i)
  if (!isWhole(text)) throw new Error('a text lacks a language')
  return text
}

const isWhole = (text: Partial<Text>): text is Text => LANGUAGES.every((language) => language in text)

/** No words at all. */
export const NOTHING: Text = inEachLanguage(() => '')

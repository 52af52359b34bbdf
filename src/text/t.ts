import type { Language, Text } from '../model/language.ts'
import { fill, inEachLanguage } from './fill.ts'
import { listed } from './punctuation.ts'
import type { TextOf } from './texts.ts'

/** A value for a place in a text. A `Text` is shown in the reader's language, an array as a list. */
export type Param = string | number | readonly string[] | Text
export type Params = Readonly<Record<string, Param>>

/**
 * Returns a text in one language with its places filled: `{name}`, or `{count|one backend|# backends}` for a singular
 * and a plural.
 * @throws Error if a place has no value
 */
export function t<Name extends string>(
  text: TextOf<Name>,
  params: Params & Readonly<Record<Name, Param>>,
  language: Language,
): string {
  const values: Params = params
  return fill(text, language, (name) => {
    const value = values[name]
    if (value === undefined) throw new Error(`text needs {${name}}: ${text[language]}`)
    return isList(value) ? listed(value, language) : value
  })
}

const isList = (value: Param): value is readonly string[] => Array.isArray(value)

/** Fills a text in every language. The result can be a value for another text. */
export const filled = <Name extends string>(
  text: TextOf<Name>,
  params: Params & Readonly<Record<Name, Param>>,
): Text => inEachLanguage((language) => t(text, params, language))

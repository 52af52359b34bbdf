import type { Language, Text } from '../model/language.ts'
import { fill, inEachLanguage } from './fill.ts'
import { listed } from './punctuation.ts'
import type { TextOf } from './texts.ts'

/** A value for a place in a text. A `Text` is written in the reader's language, a list item by item. */
export type Param = string | number | readonly string[] | Text
export type Params = Readonly<Record<string, Param>>

/**
 * A text in one language with its places filled: `{name}`, or `{count|one backend|# backends}` where the form depends on a
 * number. A place without a value is a programming error.
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
    if (typeof value === 'string' || typeof value === 'number') return value
    return isList(value) ? listed(value, language) : value[language]
  })
}

const isList = (value: Param): value is readonly string[] => Array.isArray(value)

/** A text with its places filled in every language, to stand in another text. */
export const filled = <Name extends string>(
  text: TextOf<Name>,
  params: Params & Readonly<Record<Name, Param>>,
): Text => inEachLanguage((language) => t(text, params, language))

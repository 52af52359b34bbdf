import { LANGUAGES, type Language, type Text } from '../model/language.ts'
import { kept, remembered } from '../model/memo.ts'

/** A place in a text: `{name}`, or `{count|one backend|# backends}` with a singular and a plural. */
interface Place {
  readonly name: string
  readonly one?: string
  readonly many?: string
}

const PLACE = /\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g

/** Each text is parsed once per language, because a report fills the same few texts thousands of times. */
const partsOf = remembered((_: Text) => new Map<Language, readonly (string | Place)[]>())

function partsIn(template: string): readonly (string | Place)[] {
  const parts: (string | Place)[] = []
  let at = 0
  for (const { 0: all, 1: name = '', 2: one, 3: many, index } of template.matchAll(PLACE)) {
    parts.push(
      template.slice(at, index),
      one === undefined || many === undefined ? { name } : { name, one, many },
    )
    at = index + all.length
  }
  return [...parts, template.slice(at)]
}

/** Fills the places of a text. In `{count|one backend|# backends}` 1 takes the first form, and `#` is the value. */
export function fill(text: Text, language: Language, valueFor: (name: string) => string | number): string {
  let filled = ''
  for (const part of kept(partsOf(text), language, () => partsIn(text[language])))
    filled += typeof part === 'string' ? part : atPlace(part, valueFor(part.name))
  return filled
}

function atPlace({ one, many }: Place, value: string | number): string {
  if (one === undefined || many === undefined) return String(value)
  return (value === 1 ? one : many).replaceAll('#', String(value))
}

/** Makes one text for every language. `index` is the position in `LANGUAGES`. */
export function inEachLanguage(make: (language: Language, index: number) => string): Text {
  const text: Partial<Record<Language, string>> = {}
  for (const [i, language] of LANGUAGES.entries()) text[language] = make(language, i)
  if (!isWhole(text)) throw new Error('a text lacks a language')
  return text
}

const isWhole = (text: Partial<Text>): text is Text => LANGUAGES.every((language) => language in text)

/** The empty text. */
export const NOTHING: Text = inEachLanguage(() => '')

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
export function fill(
  text: Text,
  language: Language,
  valueFor: (name: string) => string | number | Text,
): string {
  let filled = ''
  // The end of what is filled is a text of ours, and perhaps the space behind it.
  let isBehindText = false
  for (const part of kept(partsOf(text), language, () => partsIn(text[language]))) {
    const value = typeof part === 'string' ? part : valueFor(part.name)
    const isText = typeof value === 'object'
    const piece = typeof part === 'string' ? part : atPlace(part, isText ? value[language] : value)
    if (isBehindText && SPACE_IN_HAN.test(filled.slice(-2) + piece.slice(0, 2)))
      filled = filled.trimEnd() + piece.trimStart()
    else filled = joined(filled, piece)
    if (piece.trim() !== '') isBehindText = isText
  }
  return filled
}

/** No space stands between two Chinese words. A template has one because most values of the place are ids. */
const SPACE_IN_HAN = /\p{Script=Han} +\p{Script=Han}/u
const LATIN = /[A-Za-z0-9]/
const HAN = /\p{Script=Han}/u
const WIDE_MARK = /[（）「」“”、，。：；]/

/** Puts a space between Latin and Chinese characters, and none after a full-width mark. */
function joined(before: string, after: string): string {
  const last = before.at(-1) ?? ''
  const first = after.at(0) ?? ''
  if ((HAN.test(first) && LATIN.test(last)) || (LATIN.test(first) && HAN.test(last)))
    return `${before} ${after}`
  return first === ' ' && WIDE_MARK.test(last) ? before + after.slice(1) : before + after
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

const isWhole = (text: object): text is Text => LANGUAGES.every((language) => language in text)

/** True for a value in every language, as params may have. */
export const isText = (value: unknown): value is Text =>
  typeof value === 'object' && value !== null && isWhole(value)

/** The empty text. */
export const NOTHING: Text = inEachLanguage(() => '')

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
  for (const part of kept(partsOf(text), language, () => partsIn(text[language]))) {
    if (typeof part === 'string') filled = joined(filled, part)
    else {
      const value = valueFor(part.name)
      filled = joined(filled, atPlace(part, typeof value === 'object' ? value[language] : value))
    }
  }
  return filled
}

const LATIN = /[A-Za-z0-9]/
const HAN = /\p{Script=Han}/u
/** The mark has its own space. */
const WIDE_MARK = /[（）「」“”、，。：；]/

/**
 * Puts a space between Latin and Chinese characters, and none between two Chinese words or beside a full-width mark. A
 * template has a space beside a place because most values of the place are ids.
 */
function joined(before: string, after: string): string {
  const [head, tail] = [before.trimEnd(), after.trimStart()]
  const last = head.at(-1) ?? ''
  const first = tail.at(0) ?? ''
  if (head !== before || tail !== after) {
    const isSolid = WIDE_MARK.test(last) || (HAN.test(last) && (HAN.test(first) || WIDE_MARK.test(first)))
    return isSolid && first !== '' ? head + tail : before + after
  }
  const isApart = (HAN.test(first) && LATIN.test(last)) || (LATIN.test(first) && HAN.test(last))
  return isApart ? `${before} ${after}` : before + after
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

import type { Language, Text } from '../model/language.ts'
import { fill, inEachLanguage } from './fill.ts'
import { CUSTOMS, OWN } from './own-texts.ts'

type Mark = keyof typeof OWN.marks

/** A punctuation mark in the given language, with the space that follows it. */
export const mark = (name: Mark, language: Language): string => OWN.marks[name][language]

const joinedBy =
  (name: Mark) =>
  (parts: readonly string[], language: Language): string =>
    parts.join(mark(name, language))

/** `a、b、c`, never shortened. */
export const enumerated = joinedBy('listComma')
/** `a，b`: parts of one sentence. */
export const clauses = joinedBy('comma')
/** `a；b`. */
export const semicolons = joinedBy('semicolon')
/** Joins sentences. Each ends with its own full stop. */
export const sentences = joinedBy('gap')

/**
 * Joins sentences so that they can be appended to another one: each starts with the space that it needs. Empty texts are
 * left out.
 */
export const following = (texts: readonly Text[]): Text =>
  inEachLanguage((language) =>
    texts
      .map((text) => text[language])
      .filter((sentence) => sentence !== '')
      .map((sentence) => mark('gap', language) + sentence)
      .join(''),
  )

/** `web (10.0.1.16)` */
export const withAside = (main: string, aside: string, language: Language): string =>
  fill(OWN.aside, language, (place) => (place === 'main' ? main : aside))

/** A list in a sentence shows at most so many items. */
const MOST = 6

/** The number after a list that shows only `most` items: all items or the items left out, as the language counts. */
export const moreOf = (total: number, most: number, language: Language): number =>
  CUSTOMS[language].moreCounts === 'all' ? total : total - most

/** `a、b`. Of a long list: the first `most` items and a number (see `moreOf`). Of an empty list: the word for none. */
export function listed(items: readonly string[], language: Language, most = MOST): string {
  if (items.length === 0) return OWN.none[language]
  const shown = enumerated(items.slice(0, most), language)
  if (items.length <= most) return shown
  const count = moreOf(items.length, most, language)
  return fill(OWN.more, language, (place) => (place === 'shown' ? shown : count))
}

/** `广州`, or the code of the region if the language has no name for it. */
export const regionName = (region: string, language: Language): string =>
  CUSTOMS[language].regions[region] ?? region

/**
 * The name that people give a thing, unless it is in a script that the reader may not read. Then its technical name, if
 * the reader can read that one.
 */
export const readableName = (shown: string, technical: string, language: Language): string =>
  isChinese(shown) && !isChinese(technical) && !CUSTOMS[language].readsChinese ? technical : shown

const isChinese = (text: string): boolean => /\p{Script=Han}/u.test(text)

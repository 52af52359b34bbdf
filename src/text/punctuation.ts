import type { Language, Text } from '../model/language.ts'
import { fill, inEachLanguage } from './fill.ts'
import { CUSTOMS, OWN } from './own-texts.ts'

type Mark = keyof typeof OWN.marks

/** The mark as the language writes it, with its space. */
export const mark = (name: Mark, language: Language): string => OWN.marks[name][language]

const joinedBy =
  (name: Mark) =>
  (parts: readonly string[], language: Language): string =>
    parts.join(mark(name, language))

/** `a、b、c`: all items. */
export const enumerated = joinedBy('listComma')
/** `a，b`: parts of one sentence. */
export const clauses = joinedBy('comma')
/** `a；b`. */
export const semicolons = joinedBy('semicolon')
/** Sentences that bring their full stops. */
export const sentences = joinedBy('gap')

/** Sentences to stand behind another one. */
export const following = (texts: readonly Text[]): Text =>
  inEachLanguage((language) => texts.map((text) => mark('gap', language) + text[language]).join(''))

/** `web (10.0.1.16)` */
export const withAside = (main: string, aside: string, language: Language): string =>
  fill(OWN.aside, language, (place) => (place === 'main' ? main : aside))

/** Items that a sentence carries; those beyond are counted. */
const MOST = 6

/** The number behind a list of which only `most` items are shown: of all items, or of those left out. */
export const moreOf = (total: number, most: number, language: Language): number =>
  CUSTOMS[language].moreCounts === 'all' ? total : total - most

/** `a、b`; the first few of many items, and how many there are. */
export function listed(items: readonly string[], language: Language, most = MOST): string {
  if (items.length === 0) return OWN.none[language]
  const shown = enumerated(items.slice(0, most), language)
  if (items.length <= most) return shown
  const count = moreOf(items.length, most, language)
  return fill(OWN.more, language, (place) => (place === 'shown' ? shown : count))
}

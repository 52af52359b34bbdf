/** Control characters, line breaks, invisible characters and direction overrides. They must not reach a message. */
const UNWANTED = /[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu

/** The text on one line, without unwanted characters and lone surrogates. */
export const oneLine = (text: string): string =>
  (PRINTABLE_ASCII.test(text) ? text : text.toWellFormed().replace(UNWANTED, ' ')).trim()

/** Most texts match this. They skip the slower replacement. */
const PRINTABLE_ASCII = /^[ -~]*$/

/** Applies `safe` to a line of code and keeps its indentation. */
export const indented = (line: string, safe: (text: string) => string): string =>
  `${/^ */.exec(line)?.[0] ?? ''}${safe(line)}`

/** Like `oneLine`, but keeps line breaks. */
export const lines = (text: string): string =>
  text.includes('\n') ? text.split(/\r?\n/).map(oneLine).join('\n') : oneLine(text)

/** Cuts a text to at most `most` code points. A text that was cut ends with `…`. */
export function clip(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}

/** Control characters, line breaks and bidirectional overrides must not reach a message. */
const UNWANTED = /[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu

/** One line of well-formed text. */
export const oneLine = (text: string): string =>
  (PRINTABLE_ASCII.test(text) ? text : text.toWellFormed().replace(UNWANTED, ' ')).trim()

/** Most text is that, and needs no further look. */
const PRINTABLE_ASCII = /^[ -~]*$/

/** A line of code made safe. It keeps the blanks at its start. */
export const indented = (line: string, safe: (text: string) => string): string =>
  `${/^ */.exec(line)?.[0] ?? ''}${safe(line)}`

/** Like `oneLine`, with the line breaks kept. */
export const lines = (text: string): string =>
  text.includes('\n') ? text.split(/\r?\n/).map(oneLine).join('\n') : oneLine(text)

/** At most `most` characters, cut between code points and marked. */
export function clip(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}

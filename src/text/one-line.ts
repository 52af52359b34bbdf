/** Control characters, line breaks, invisible characters and direction overrides. They must not reach a message. */
const UNWANTED = /[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu

/** The text on one line, without unwanted characters and lone surrogates. */
export const oneLine = (text: string): string =>
  (PRINTABLE_ASCII.test(text) ? text : text.toWellFormed().replace(UNWANTED, ' ')).trim()

/** Most texts match this. They skip the slower replacement. */
const PRINTABLE_ASCII = /^[ -~]*$/

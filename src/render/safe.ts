/** Control characters, line breaks, bidirectional overrides and half surrogates: none may pass into a message. */
const UNWANTED = /[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu

/** One line of well-formed text. */
export const oneLine = (text: string): string => text.toWellFormed().replace(UNWANTED, ' ').trim()

/** A line of code made safe, with the blanks that it begins with. */
export const indented = (line: string, safe: (text: string) => string): string =>
  `${/^ */.exec(line)?.[0] ?? ''}${safe(line)}`

/** Like `oneLine`, with the line breaks kept. */
export const lines = (text: string): string => text.split(/\r?\n/).map(oneLine).join('\n')

/** At most `most` characters, cut between code points and marked. */
export function clip(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}

export const escapeHtml = (text: string): string =>
  lines(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

/** GitHub-flavoured markdown: nothing in the text can start markup, a link, HTML or a mention. */
export const escapeMarkdown = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*_{}[\]()#+!|~]/g, (character) => `\\${character}`)
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '@\u2060')

/** WeCom knows no escapes: what could be markup or a mention is replaced by a look-alike. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  '<': '‹',
  '>': '›',
  '`': '´',
  '*': '∗',
}

export const plainWecom = (text: string): string =>
  oneLine(text)
    .replace(/[<>`*]/g, (character) => LOOK_ALIKES[character] ?? '')
    // Brackets alone are harmless, and IPv6 addresses need them; a link needs its address behind them.
    .replace(/\](?=\()/g, '］')
    .replace(/^#+/, '')

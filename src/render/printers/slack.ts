import type { Report, Tone } from '../blocks.ts'
import type { Printed } from './chat.ts'
import { type ChatOptions, chatLines, defusedMarkdown, type Markup, titleText } from './chat-summary.ts'

/** In characters (delivery facts 3). The limit of all blocks is not documented. About 13,200 are refused. */
const LIMITS = { header: 150, section: 3_000, blocks: 50, all: 12_000, text: 300 }
/** The JSON around a section, and the fewest characters of two sections together, shared by each of them. */
const FRAME = 100
const HALF = LIMITS.section / 2

/** Signs in the header, which has no colours. */
const SIGNS: Readonly<Record<Tone, string>> = { red: '🔴', amber: '🟠', green: '🟢', grey: '⚪' }

/** Prints the body of a Slack message: a header, sections within Slack's limits, and the text of the notification. */
export function printSlack(report: Report, options: ChatOptions = {}, limit = LIMITS.all): Printed {
  const header = `${SIGNS[report.title.tone]} ${titleText(report, LIMITS.header - 10)}`
  const { lines, incidents } = chatLines(report, MARKUP, {
    ...options,
    room: limit - JSON.stringify(headerOf(header)).length - 2 * FRAME,
    costOf: (line) =>
      line.length > LIMITS.section
        ? Number.POSITIVE_INFINITY
        : Math.ceil((JSON.stringify(`${line}\n`).length - 2) * (1 + FRAME / HALF)),
  })
  const blocks = [
    headerOf(header),
    ...sections(lines)
      .slice(0, LIMITS.blocks - 1)
      .map(sectionOf),
  ]
  const text = clipped(MARKUP.plain(report.notification), LIMITS.text)
  return { text: JSON.stringify({ text, blocks, unfurl_links: false, unfurl_media: false }), incidents }
}

const headerOf = (text: string) => ({ type: 'header', text: { type: 'plain_text', text, emoji: false } })

/** `verbatim`: Slack looks for no addresses, channels or people in the text. */
const sectionOf = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } })

/** As many lines in a section as it takes. */
function sections(lines: readonly string[]): readonly string[] {
  const texts: string[] = []
  for (const line of lines) {
    const last = texts.at(-1)
    if (last !== undefined && last.length + line.length + 1 <= LIMITS.section)
      texts[texts.length - 1] = `${last}\n${line}`
    else texts.push(line)
  }
  return texts
}

/** An entity such as `&amp;` is not cut in the middle. */
const clipped = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text
        .slice(0, most - 1)
        .replace(/&[a-z]*$/, '')
        .toWellFormed()}…`

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const MARKUP: Markup = {
  plain: (text) => escaped(defusedMarkdown(text)),
  bold: (text) => `*${text}*`,
  small: (text) => text,
  link: (text, url) => `<${escaped(url)}|${text.replaceAll('|', '｜')}>`,
  quote: (text) => `> ${text}`,
  code: (line) => (line.includes('`') ? null : `\`${escaped(line)}\``),
  mention(person) {
    if (/^[UW][A-Z0-9]{2,20}$/.test(person)) return `<@${person}>`
    if (/^S[A-Z0-9]{2,20}$/.test(person)) return `<!subteam^${person}>`
    return /^@?(here|channel|everyone)$/.test(person) ? `<!${person.replace('@', '')}>` : null
  },
}

import type { Report, Title, Tone } from '../blocks.ts'
import { type Printed, piece } from './chat.ts'
import {
  type ChatOptions,
  chatLines,
  cut,
  defused,
  type Markup,
  markdownCode,
  markdownLink,
} from './chat-summary.ts'

/** The most UTF-8 bytes of a WeCom markdown message. WeCom refuses longer messages (delivery facts 1.1). */
const LIMIT = 4096

const COLORS: Readonly<Record<Tone, 'info' | 'comment' | 'warning'>> = {
  green: 'info',
  amber: 'warning',
  red: 'warning',
  grey: 'comment',
}

/**
 * Prints a WeCom `markdown` message (v1: headings, bold, links, inline code, quotes, three colours) of at most `limit`
 * bytes. Commands are never cut. The last line counts what was left out.
 */
export function printWecom(report: Report, limit = LIMIT, options: ChatOptions = {}): Printed {
  const { title } = report
  const { lines, incidents } = chatLines(report, MARKUP, {
    ...options,
    head: piece(title.brief, titleLine(title)),
    room: limit,
    costOf: (line) => Buffer.byteLength(line) + 1,
  })
  return { text: lines.join('\n'), incidents }
}

const titleLine = ({ tone, state, name, brief }: Title): string =>
  `# ${colored(tone, state)} ${cut(name, brief, MARKUP)}`.trimEnd()

const colored = (tone: Tone, text: string): string => `<font color="${COLORS[tone]}">${text}</font>`

const MARKUP: Markup = {
  plain: defused,
  bold: (text, tone) => `**${tone === undefined ? text : colored(tone, text)}**`,
  small: (text) => colored('grey', text),
  link: markdownLink,
  quote: (text) => `> ${text}`,
  code: markdownCode,
  // `markdown` knows single members alone, not everybody (delivery facts 1.1).
  mention: (person) => (/^[\w.@-]{1,64}$/.test(person) && person !== '@all' ? `<@${person}>` : null),
}

import { widthOf } from '../../text/index.ts'
import type { Brief, Link, Part, Report, Step, Title, Tone } from '../blocks.ts'
import { countedOnly, fitting, type Piece, piece } from './chat.ts'
import { aroundLink } from './linked.ts'
import { clip, oneLine } from './safe.ts'

/** The most UTF-8 bytes of a WeCom markdown message. WeCom refuses longer messages (delivery facts 1.1). */
const LIMIT = 4096
/** Longer lines are left out and counted. Half a line could say the opposite. */
const LONGEST_LINE = 1_500
/** In columns: about two lines on a phone. */
const LONGEST_COMMAND = 100
/** The last line has room for counts up to this number. */
const MOST_LEFT = 99_999

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
export function printWecom(report: Report, limit = LIMIT): string {
  const { title, summary, place, foot } = report
  const omitted = (count: number): string => comment(report.omitted(count))
  const costOf = (line: string): number => bytes(line) + 1
  const pieces = [
    ...piece(title.brief, titleLine(title)),
    ...summary.flatMap(partPieces),
    ...piece(foot.brief, comment(cut(place, foot.brief))),
  ]
  const { lines, left } = fitting(pieces, limit - costOf(omitted(MOST_LEFT)), costOf)
  return [...lines, ...(left > 0 ? [omitted(left)] : [])].join('\n')
}

const titleLine = ({ tone, state, name, brief }: Title): string =>
  `# ${colored(tone, state)} ${cut(name, brief)}`.trimEnd()

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8')
const colored = (tone: Tone, text: string): string => `<font color="${COLORS[tone]}">${text}</font>`
const comment = (text: string): string => colored('grey', text)
const cut = (text: string, { most }: Brief): string =>
  most === undefined ? plain(text) : clip(plain(text), most)

/** One line as a piece. If the text must not be cut and is too long for a line, it is only counted. */
const whole = (brief: Brief, line: string): readonly Piece[] =>
  brief.most !== undefined || bytes(line) <= LONGEST_LINE ? piece(brief, line) : countedOnly(brief.items)

/** `**label** text`, then quotes, numbered steps and links. Each step and quote can be left out by itself. */
function partPieces({
  label,
  tone,
  text,
  link,
  quotes = [],
  steps = [],
  links = [],
  brief,
}: Part): readonly Piece[] {
  const lead = label === undefined ? '' : `**${tone === undefined ? label : colored(tone, label)}** `
  const line = `${lead}${linked(cut(text, brief), link)}`.trim()
  const after = (more: number): Brief => ({ rank: brief.rank + more, items: 1 })
  return [
    ...(line === '' ? [] : whole(brief, line)),
    ...quotes.flatMap((quote) => whole(after(0.1), `> ${plain(quote)}`)),
    ...steps.flatMap((step, i) =>
      stepPieces(step, steps.length > 1 ? `${i + 1}. ` : '', after(0.2 + i / 10)),
    ),
    ...(links.length > 0
      ? piece(brief, links.map(({ text, url }) => `[${plain(text)}](${url})`).join(' · '))
      : []),
  ]
}

function linked(text: string, link: Link | undefined): string {
  const parts = aroundLink(text, link && { ...link, text: plain(link.text) })
  return parts ? `${parts.before}[${parts.link.text}](${parts.link.url})${parts.after}` : text
}

/** A command is shown only if it is the whole answer and short enough to be read on a phone. */
function stepPieces(
  { text, asides, commands, isGuess = false }: Step,
  number: string,
  brief: Brief,
): readonly Piece[] {
  const lines = commands.flatMap(({ language, lines }) => (language === 'shell' && !isGuess ? lines : []))
  const short = lines.filter((line) => isCodeable(line) && widthOf(line) <= LONGEST_COMMAND)
  const shown = text === '' || lines.length === 1 ? short : []
  return [
    ...(text === '' ? [] : whole(brief, `${number}${plain(text)}`)),
    ...asides.flatMap((aside) => whole({ ...brief, rank: brief.rank + 0.05 }, `> ${plain(aside)}`)),
    ...shown.flatMap((line) => piece({ ...brief, rank: brief.rank + 0.06 }, `\`${line}\``)),
  ]
}

/** True if the text can stand in inline code unchanged. */
const isCodeable = (command: string): boolean =>
  bytes(command) <= LONGEST_LINE && command !== '' && command === oneLine(command) && !/[`<]/.test(command)

/** WeCom has no escapes. So characters that could start markup or a mention become similar ones. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  '<': '‹',
  '>': '›',
  '`': '´',
  '*': '∗',
}

const plain = (text: string): string =>
  oneLine(text)
    .replace(/[<>`*]/g, (character) => LOOK_ALIKES[character] ?? '')
    // IPv6 addresses need brackets. Only `](` starts the address of a link.
    .replace(/\](?=\()/g, '］')
    .replace(/^#+/, '')

import { mark } from '../../text/index.ts'
import type {
  Brief,
  Cell,
  ListItem,
  Paragraph,
  Part,
  Report,
  Row,
  Step,
  Table,
  Title,
  Tone,
} from '../blocks.ts'
import { countedOnly, fitting, inChatOrder, type Leaf, type Left, type Piece, piece } from './chat.ts'
import { clip, oneLine } from './safe.ts'
import { within } from './within.ts'

/** The most UTF-8 bytes of a WeCom markdown message. WeCom refuses longer messages (delivery facts 1.1). */
const LIMIT = 4096
/** Longer lines are left out and counted. Half a line could say the opposite. */
const LONGEST_LINE = 1_500
const LONGEST_NAME = 80
/** About two lines on a phone. */
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
  const omitted = ({ rows, items }: Left): string =>
    comment(
      [...(rows > 0 ? [report.omittedRows(rows)] : []), ...(items > 0 ? [report.omitted(items)] : [])].join(
        ' · ',
      ),
    )
  const costOf = (line: string): number => bytes(line) + 1
  const footText = report.isWide ? `${foot.id} · ${foot.cost}` : place
  const pieces = [
    ...piece(title.brief, titleLine(title)),
    ...summary.flatMap(partPieces),
    ...inChatOrder(report).flatMap((leaf) => piecesOf(leaf, report)),
    ...piece(foot.brief, comment(cut(footText, foot.brief))),
  ]
  const fittingBeside = (most: Left) => fitting(pieces, limit - costOf(omitted(most)), costOf)
  const hasRows = pieces.some(({ isRow }) => isRow)
  // A scan drops rows first, so the last line usually counts only rows. Rarely it needs room for both counts.
  const usual = fittingBeside(hasRows ? { rows: MOST_LEFT, items: 0 } : { rows: 0, items: MOST_LEFT })
  const isUnusual = hasRows && usual.left.items > 0
  const { lines, left } = isUnusual ? fittingBeside({ rows: MOST_LEFT, items: MOST_LEFT }) : usual
  return [...lines, ...(left.rows + left.items > 0 ? [omitted(left)] : [])].join('\n')
}

const titleLine = ({ tone, state, name, brief }: Title): string =>
  `# ${colored(tone, state)} ${cut(name, brief)}`

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8')
const colored = (tone: Tone, text: string): string => `<font color="${COLORS[tone]}">${text}</font>`
const comment = (text: string): string => colored('grey', text)
const cut = (text: string, { most }: Brief): string =>
  most === undefined ? plain(text) : clip(plain(text), most)

/** One line as a piece. If the text must not be cut and is too long for a line, it is only counted. */
const whole = (brief: Brief, line: string): readonly Piece[] =>
  brief.most !== undefined || bytes(line) <= LONGEST_LINE ? piece(brief, line) : countedOnly(brief.items)

function piecesOf({ block, label }: Leaf, report: Report): readonly Piece[] {
  switch (block.kind) {
    case 'section':
    case 'proof':
    case 'action':
    case 'code':
      return []
    case 'list':
      return [
        ...block.items.flatMap((item) => itemPieces(item, label, report)),
        ...(block.rest ? paragraphPieces(block.rest) : []),
      ]
    case 'table':
      return block.rows.flatMap((row) => rowPieces(row, block))
    case 'paragraph':
      return paragraphPieces(block)
  }
}

/** `**label** text`, then quotes, numbered steps and links. Each step and quote can be left out by itself. */
function partPieces({
  label,
  tone,
  text,
  quotes = [],
  steps = [],
  links = [],
  brief,
}: Part): readonly Piece[] {
  const lead = label === undefined ? '' : `**${tone === undefined ? label : colored(tone, label)}** `
  const line = `${lead}${cut(text, brief)}`.trim()
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

/** A command is shown only if it is the whole answer and short enough to be read on a phone. */
function stepPieces({ text, asides, commands }: Step, number: string, brief: Brief): readonly Piece[] {
  const lines = commands.flatMap(({ language, lines }) => (language === 'shell' ? lines : []))
  const short = lines.filter((line) => isCodeable(line) && bytes(line) <= LONGEST_COMMAND)
  const shown = text === '' || lines.length === 1 ? short : []
  return [
    ...(text === '' ? [] : whole(brief, `${number}${plain(text)}`)),
    ...asides.flatMap((aside) => whole({ ...brief, rank: brief.rank + 0.05 }, `> ${plain(aside)}`)),
    ...shown.flatMap((line) => piece({ ...brief, rank: brief.rank + 0.06 }, `\`${line}\``)),
  ]
}

function paragraphPieces({ text, style, brief }: Paragraph): readonly Piece[] {
  if (!brief) return []
  return style === 'small' ? piece(brief, comment(cut(text, brief))) : whole(brief, cut(text, brief))
}

function itemPieces({ text, isPlain, brief }: ListItem, label: string, report: Report): readonly Piece[] {
  if (!brief) return []
  const line = isPlain
    ? `${label}${mark('colon', report.language)}${cut(text, brief)}`
    : `**${label}** ${cut(text, brief)}`
  return whole(brief, line)
}

/** `Down **shop-front (lb-7dpmqwcu)** · 2/5 dead`, and below it the first finding. */
function rowPieces({ cells, notes, brief }: Row, { columns }: Table): readonly Piece[] {
  if (!brief) return []
  const shown = cells.filter((_, i) => !columns[i]?.isSame)
  const rest = shown.filter(({ tone, id }) => tone === undefined && id === undefined)
  const lead = shown.flatMap((cell) => leadText(cell) ?? []).join(' ')
  const line = [lead, ...rest.map(({ text }) => plain(text))].join(' · ')
  const lines = [line, ...notes.slice(0, 1).map((note) => `> ${cut(note, brief)}`)]
  return piece(brief, ...lines).map((own) => ({ ...own, isRow: true }))
}

function leadText(cell: Cell): string | null {
  if (cell.tone !== undefined) return colored(cell.tone, plain(cell.text))
  return cell.id === undefined ? null : `**${plain(within(cell, LONGEST_NAME))}**`
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

import { mark, t, widthOf } from '../../text/index.ts'
import type { Brief, Link, Part, Report, Step, Tone } from '../blocks.ts'
import { TEXTS } from '../texts.ts'
import { countedOnly, fitting, type Piece, piece } from './chat.ts'
import { aroundLink } from './linked.ts'
import { clip, oneLine } from './safe.ts'

// For all printers of chat messages: the summary of a report as lines, in the markup of one chat.

/** Longer lines, in bytes, are left out and counted. Half a line could say the opposite. */
const LONGEST_LINE = 1_500
/** In columns: about two lines on a phone. */
const LONGEST_COMMAND = 100
const MOST_MENTIONS = 30
/** The last line has room for counts up to this number. */
const MOST_LEFT = 99_999

/** The markup of one chat. Each function but `plain` takes text that `plain` made safe. */
export interface Markup {
  /** The text on one line, without anything that the chat would show as markup, a link or a mention. */
  plain(text: string): string
  bold(text: string, tone?: Tone): string
  small(text: string): string
  link(text: string, url: string): string
  quote(text: string): string
  /** Null: this code cannot be shown unchanged. It gets the text as it is. */
  code(line: string): string | null
  /** Null: the chat does not know this person. */
  mention(person: string): string | null
}

/** What a chat message has besides the report. */
export interface ChatOptions {
  /** Whom to mention, in the receiver's own form. */
  readonly mentions?: readonly string[]
  /** An earlier attempt may have arrived. */
  readonly mayRepeat?: boolean
}

/**
 * The lines that fit into `room`, which has the unit of `costOf`, and the incidents that they name. The last line counts
 * what was left out.
 */
export function chatLines(
  report: Report,
  markup: Markup,
  {
    room,
    costOf,
    head = [],
    mentions = [],
    mayRepeat = false,
  }: ChatOptions & {
    readonly room: number
    readonly costOf: (line: string) => number
    /** The line with the state, if the chat has no other place for it. */
    readonly head?: readonly Piece[]
  },
): { readonly lines: readonly string[]; readonly incidents: readonly string[] } {
  const { summary, place, foot, language } = report
  const omitted = (count: number): string => markup.small(report.omitted(count))
  const people = mentions.slice(0, MOST_MENTIONS).flatMap((person) => markup.mention(person) ?? [])
  const first = { rank: -1, items: 0 }
  const pieces = [
    ...head,
    ...(mayRepeat ? piece(first, markup.small(t(TEXTS.words.mayRepeat, {}, language))) : []),
    ...summary.flatMap((part) => partPieces(part, markup)),
    ...piece(foot.brief, markup.small(cut(place, foot.brief, markup))),
    ...(people.length > 0 ? piece(first, people.join(' ')) : []),
  ]
  const { lines, incidents, left } = fitting(pieces, room - costOf(omitted(MOST_LEFT)), costOf)
  return { lines: [...lines, ...(left > 0 ? [omitted(left)] : [])], incidents }
}

export function cut(text: string, { most }: Brief, { plain }: Markup): string {
  const safe = plain(text)
  return most === undefined || [...safe].length <= most ? safe : plain(clip(oneLine(text), most))
}

/** One line as a piece. If the text must not be cut and is too long for a line, it is only counted. */
const whole = (brief: Brief, line: string): readonly Piece[] =>
  brief.most !== undefined || Buffer.byteLength(line) <= LONGEST_LINE
    ? piece(brief, line)
    : countedOnly(brief.items)

/** `**label** text`, then quotes, numbered steps and links. Each step and quote can be left out by itself. */
function partPieces(
  { label, tone, text, link, quotes = [], steps = [], links = [], brief }: Part,
  markup: Markup,
): readonly Piece[] {
  const lead = label === undefined ? '' : `${markup.bold(label, tone)} `
  const line = `${lead}${linked(cut(text, brief, markup), link, markup)}`.trim()
  const after = (more: number): Brief => ({ rank: brief.rank + more, items: 1 })
  return [
    ...(line === '' ? [] : whole(brief, line)),
    ...quotes.flatMap((quote) => whole(after(0.1), markup.quote(markup.plain(quote)))),
    ...steps.flatMap((step, i) =>
      stepPieces(step, steps.length > 1 ? `${i + 1}. ` : '', after(0.2 + i / 10), markup),
    ),
    ...(links.length > 0
      ? piece(brief, links.map(({ text, url }) => markup.link(markup.plain(text), url)).join(' · '))
      : []),
  ]
}

function linked(text: string, link: Link | undefined, { plain, link: linkTo }: Markup): string {
  const parts = aroundLink(text, link && { ...link, text: plain(link.text) })
  return parts ? `${parts.before}${linkTo(parts.link.text, parts.link.url)}${parts.after}` : text
}

/** A command is shown only if it is the whole answer and short enough to be read on a phone. */
function stepPieces(
  { text, asides, commands, isGuess = false }: Step,
  number: string,
  brief: Brief,
  markup: Markup,
): readonly Piece[] {
  const lines = commands.flatMap(({ language, lines }) => (language === 'shell' && !isGuess ? lines : []))
  const short = lines.flatMap((line) => codeOf(line, markup))
  const shown = text === '' || lines.length === 1 ? short : []
  return [
    ...(text === '' ? [] : whole(brief, `${number}${markup.plain(text)}`)),
    ...asides.flatMap((aside) =>
      whole({ ...brief, rank: brief.rank + 0.05 }, markup.quote(markup.plain(aside))),
    ),
    ...shown.flatMap((line) => piece({ ...brief, rank: brief.rank + 0.06 }, line)),
  ]
}

function codeOf(line: string, { code }: Markup): readonly string[] {
  const isShort = widthOf(line) <= LONGEST_COMMAND && Buffer.byteLength(line) <= LONGEST_LINE
  const shown = isShort && line !== '' && line === oneLine(line) ? code(line) : null
  return shown === null ? [] : [shown]
}

/** `1/3 backends down: shop-front`, for chats that have a field for the title. */
export function titleText({ title, language }: Report, most: number): string {
  const name = clip(oneLine(title.name), title.brief.most ?? most)
  return clip(
    defusedMarkdown([title.state, name].filter((part) => part !== '').join(mark('colon', language))),
    most,
  )
}

/** Chats have no escapes. So characters that could start markup or a mention become similar ones. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  '<': '‹',
  '>': '›',
  '`': '´',
  '*': '∗',
}

/**
 * A dot that a chat may read as the dot of a host name: something stands before it, and two letters behind it. Any two
 * letters, because each year brings new endings, and behind `www` anything. `。` ends a sentence in Chinese, so it counts
 * only between Latin letters. No host name ends in `json` or `podIP`, which our own texts need as they are.
 */
const DOT =
  /(?<=[^\s/.])[.．․﹒](?=\p{L}[\p{L}\p{M}])(?!(?:json|podip)(?![\p{L}\p{N}_-]))|(?<=[\p{Script=Latin}\p{N}_-])[。｡](?=\p{Script=Latin}{2})|(?<=\bwww)[.．。｡․﹒]/giu

/** A text on one line that no chat shows as markup, a link or a mention. */
export const defused = (text: string): string =>
  unlinked(
    oneLine(text)
      .replace(/[<>`*]/g, (character) => LOOK_ALIKES[character] ?? '')
      // IPv6 addresses need brackets. Only `](` starts the address of a link.
      .replace(/\](?=\()/g, '］')
      .replace(/^#+/, ''),
  )

/** Like `defused`, for chats that know more of Markdown: lists, `_italic_` and `~~struck~~`. */
export const defusedMarkdown = (text: string): string =>
  defused(text)
    .replace(/^([-+])(?=\s|\1)/, (sign) => (sign === '-' ? '–' : '＋'))
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '＿')
    .replaceAll('~', '∼')

/** The text of a link cannot hold the brackets around it. */
export const markdownLink = (text: string, url: string): string =>
  `[${text.replaceAll('[', '［').replaceAll(']', '］')}](${url})`

/** Null: the line has what ends the code or begins a tag. */
export const markdownCode = (line: string): string | null => (/[`<]/.test(line) ? null : `\`${line}\``)

/** An invisible joiner keeps `https://…` and `example.com` from becoming links. They look the same. */
export const unlinked = (text: string): string =>
  text.replace(/:(?=\/\/)/g, `:${JOINER}`).replace(DOT, (dot) => `${dot}${JOINER}`)

const JOINER = '\u2060'

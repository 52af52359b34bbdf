import { mark, t } from '../../text/index.ts'
import { type Block, type Code, footLine, type Link, type Part, type Report, type Table } from '../blocks.ts'
import { fittingBlocks } from '../fitting.ts'
import { some } from '../some.ts'
import { TEXTS } from '../texts.ts'
import { aroundLink } from './linked.ts'

// For all printers of tickets: what a ticket and a comment say, as simple nodes. Each printer has the marks of one system.

/** A piece of a line. Its text is not escaped. */
export interface Piece {
  readonly text: string
  readonly isStrong?: boolean
  readonly url?: string
}

export type TicketNode =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3 | 4; readonly text: string }
  | { readonly kind: 'paragraph' | 'quote' | 'item'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'code'; readonly language: Code['language']; readonly lines: readonly string[] }

export type Extent = 'whole' | 'summary' | 'news'

export interface TicketOptions {
  /** `whole`: the report. `summary`: without its proof. `news`: what is new, and the state. */
  readonly extent: Extent
  /** An earlier attempt may have arrived. */
  readonly mayRepeat?: boolean
  /** The body may be so long, in the unit of `costOf`. */
  readonly room: number
  readonly costOf: (node: TicketNode) => number
}

const MOST_VALUES = 20
const MOST_ROWS = 60
/** The line that counts what was left out has room for counts up to this number. */
const MOST_LEFT = 99_999

/** The nodes that fit into the room. The last lines are always there and count what was left out. */
export function ticketNodes(
  report: Report,
  { extent, mayRepeat = false, room, costOf }: TicketOptions,
): readonly TicketNode[] {
  const { summary, details, place, foot, language, isWide } = report
  const isWhole = extent === 'whole'
  const head: readonly TicketNode[] = [
    { kind: 'heading', level: isWhole ? 1 : 3, text: headLine(report) },
    ...(mayRepeat ? [paragraph(t(TEXTS.words.mayRepeat, {}, language))] : []),
  ]
  const body = [
    ...summary.filter(({ topic }) => extent !== 'news' || NEWS.has(topic)).flatMap(partNodes),
    ...(isWhole && !isWide ? details.flatMap((block) => blockNodes(block, 2, report)) : []),
  ]
  const lines = [place, ...(isWhole ? foot.lines : []), footLine(foot)].filter((line) => line !== '')
  const tail = lines.map(paragraph)
  const omitted = (count: number): TicketNode => paragraph(report.omitted(count))
  const fixed = [...head, ...tail, omitted(MOST_LEFT)].reduce((sum, node) => sum + costOf(node), 0)
  const { shown, left } = fittingBlocks(body, room - fixed, costOf)
  return [...head, ...shown, ...(left > 0 ? [omitted(left)] : []), ...tail]
}

const NEWS: ReadonlySet<Part['topic']> = new Set(['news', 'handling', 'impact', 'members', 'links'])

const LONGEST_NAME = 200

/** `3/5 backends down: shop-front` */
const headLine = ({ title: { state, name }, language }: Report): string =>
  [state, [...name].slice(0, LONGEST_NAME).join('')]
    .filter((text) => text !== '')
    .join(mark('colon', language))

const paragraph = (text: string): TicketNode => ({ kind: 'paragraph', pieces: [{ text }] })

const hasText = ({ pieces }: { readonly pieces: readonly Piece[] }): boolean =>
  pieces.some(({ text }) => text.trim() !== '')

/** `**label** text`, then quotes, numbered steps with their commands, and links. */
function partNodes(part: Part): readonly TicketNode[] {
  const { label, text, link, quotes = [], steps = [], links = [] } = part
  const pieces = [
    ...(label === undefined ? [] : [{ text: label, isStrong: true }, { text: ' ' }]),
    ...linked(text, link),
  ]
  return [
    ...(hasText({ pieces }) ? [{ kind: 'paragraph', pieces } as const] : []),
    ...quotes.map((quote): TicketNode => ({ kind: 'quote', pieces: [{ text: quote }] })),
    ...steps.flatMap(({ text, asides, commands }, i): readonly TicketNode[] => [
      ...(text === '' ? [] : [paragraph(steps.length > 1 ? `${i + 1}. ${text}` : text)]),
      ...asides.map((aside): TicketNode => ({ kind: 'quote', pieces: [{ text: aside }] })),
      ...commands,
    ]),
    ...(links.length > 0 ? [{ kind: 'paragraph', pieces: listed(links) } as const] : []),
  ]
}

function linked(text: string, link: Link | undefined): readonly Piece[] {
  const parts = aroundLink(text, link)
  if (!parts) return [{ text }]
  return [{ text: parts.before }, { text: parts.link.text, url: parts.link.url }, { text: parts.after }]
}

const listed = (links: readonly Link[]): readonly Piece[] =>
  links.flatMap(({ text, url }, i) => [...(i === 0 ? [] : [{ text: ' · ' }]), { text, url }])

function blockNodes(block: Block, level: 2 | 3 | 4, report: Report): readonly TicketNode[] {
  const { language } = report
  const labelled = (label: string | undefined, text: string): string =>
    label === undefined ? text : `${label}${mark('colon', language)}${text}`
  switch (block.kind) {
    case 'section':
      return [
        { kind: 'heading', level, text: labelled(block.heading.label, block.heading.text) },
        ...block.blocks.flatMap((inner) => blockNodes(inner, level === 2 ? 3 : 4, report)),
      ]
    case 'paragraph':
      return [{ kind: 'paragraph', pieces: [{ text: block.text, isStrong: block.style === 'strong' }] }]
    case 'proof':
      return [item(labelled(block.label, some(block.values, MOST_VALUES, language)))]
    case 'action':
      return [
        { kind: 'paragraph', pieces: [{ text: block.label, isStrong: true }, { text: ` ${block.text}` }] },
        ...block.asides.map((aside): TicketNode => ({ kind: 'quote', pieces: [{ text: aside }] })),
      ]
    case 'code':
      return [block]
    case 'list':
      return block.items.flatMap(({ text, steps }) => [
        item(text),
        ...(steps ? [{ kind: 'code', language: 'shell', lines: steps.lines } as const] : []),
      ])
    case 'table':
      return tableNodes(block, report)
  }
}

const item = (text: string): TicketNode => ({ kind: 'item', pieces: [{ text }] })

/** A row is an item: each system has another kind of table, and a phone has no room for one. */
function tableNodes({ caption, columns, rows, legend }: Table, report: Report): readonly TicketNode[] {
  const { language } = report
  const shown = rows.toSorted((a, b) => a.order - b.order).slice(0, MOST_ROWS)
  const hasSigns = rows.some(({ cells }) => cells.some(({ isSign }) => isSign))
  const texts = shown.map(({ cells, stops, notes }) =>
    [
      ...cells.flatMap(({ text, alone, isSign }, i) => (isSign || columns[i]?.isSame ? [] : (alone ?? text))),
      ...(stops === undefined ? [] : [stops]),
      ...notes,
    ]
      .filter((text) => text !== '')
      .join(' · '),
  )
  return [
    ...(caption
      ? [paragraph(`${caption.label}${mark('colon', language)}${some(caption.values, 6, language)}`)]
      : []),
    ...texts.map(item),
    ...(rows.length > shown.length ? [paragraph(report.omittedRows(rows.length - shown.length))] : []),
    ...(legend === undefined || hasSigns ? [] : [paragraph(legend)]),
  ]
}

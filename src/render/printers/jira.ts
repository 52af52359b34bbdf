import type { Report } from '../blocks.ts'
import { indented, oneLine } from './safe.ts'
import { subjectLine } from './subject.ts'
import { type Extent, type Piece, type TicketNode, ticketNodes } from './ticket.ts'

/** Jira takes 32,767 characters (delivery facts 4). No document says what it counts, so the whole body counts here. */
const LIMIT = 32_000

export interface JiraOptions {
  readonly extent: Extent
  readonly mayRepeat?: boolean
}

interface AdfNode {
  readonly type: string
  readonly attrs?: Readonly<Record<string, unknown>>
  readonly text?: string
  readonly marks?: readonly Readonly<Record<string, unknown>>[]
  readonly content?: readonly AdfNode[]
}

/** A document in the Atlassian Document Format. */
export interface Adf extends AdfNode {
  readonly type: 'doc'
  readonly version: 1
}

export const jiraTitle = (report: Report): string => subjectLine(report)

/** Prints the report as an ADF document. A text in it is only text, so nothing in it becomes markup or a mention. */
export function printJira(report: Report, options: JiraOptions): Adf {
  const nodes = ticketNodes(report, { ...options, room: LIMIT, costOf })
  return { type: 'doc', version: 1, content: adfNodes(nodes) }
}

const costOf = (node: TicketNode): number => JSON.stringify(adfNodes([node])).length

/** Items that follow each other are one list. */
function adfNodes(nodes: readonly TicketNode[]): readonly AdfNode[] {
  const all: AdfNode[] = []
  for (const node of nodes) {
    const made = adfNode(node)
    const last = all.at(-1)
    if (made.type === 'bulletList' && last?.type === 'bulletList')
      all[all.length - 1] = { ...last, content: [...(last.content ?? []), ...(made.content ?? [])] }
    else all.push(made)
  }
  return all
}

function adfNode(node: TicketNode): AdfNode {
  switch (node.kind) {
    case 'heading':
      return { type: 'heading', attrs: { level: node.level }, content: textsOf([{ text: node.text }]) }
    case 'paragraph':
      return paragraph(node.pieces)
    case 'quote':
      return { type: 'blockquote', content: [paragraph(node.pieces)] }
    case 'item':
      return { type: 'bulletList', content: [{ type: 'listItem', content: [paragraph(node.pieces)] }] }
    case 'code': {
      const text = node.lines.map((line) => indented(line, oneLine)).join('\n')
      const attrs = node.language === 'shell' ? { attrs: { language: 'shell' } } : {}
      return { type: 'codeBlock', ...attrs, content: text === '' ? [] : [{ type: 'text', text }] }
    }
  }
}

const paragraph = (pieces: readonly Piece[]): AdfNode => ({ type: 'paragraph', content: textsOf(pieces) })

/** A text node must not be empty. `oneLine` would cut the spaces between two pieces. */
const textsOf = (pieces: readonly Piece[]): readonly AdfNode[] =>
  pieces.flatMap(({ text, isStrong, url }) => {
    const safe = spaced(text)
    if (safe === '') return []
    const marks = [
      ...(isStrong ? [{ type: 'strong' }] : []),
      ...(url === undefined ? [] : [{ type: 'link', attrs: { href: url } }]),
    ]
    return [{ type: 'text', text: safe, ...(marks.length > 0 ? { marks } : {}) }]
  })

const spaced = (text: string): string => {
  const safe = oneLine(text)
  if (safe === '') return text === ' ' ? ' ' : ''
  return `${/^ /.test(text) ? ' ' : ''}${safe}${/ $/.test(text) ? ' ' : ''}`
}

import type { Report } from '../blocks.ts'
import { unlinked } from './chat-summary.ts'
import { indented, oneLine } from './safe.ts'
import { subjectLine } from './subject.ts'
import { type Extent, type Piece, type TicketNode, ticketNodes } from './ticket.ts'

/** In bytes. TAPD's limit is not documented, and its answer repeats the text. */
const LIMIT = 20_000

export const tapdTitle = (report: Report): string => subjectLine(report)

/** Prints the report as HTML of TAPD. All text is escaped. */
export function printTapd(
  report: Report,
  options: { readonly extent: Extent; readonly mayRepeat?: boolean },
): string {
  return ticketNodes(report, { ...options, room: LIMIT, costOf })
    .map(htmlOf)
    .join('\n')
}

const costOf = (node: TicketNode): number => Buffer.byteLength(htmlOf(node)) + 1

function htmlOf(node: TicketNode): string {
  switch (node.kind) {
    case 'heading':
      return `<h${node.level}>${plain(node.text)}</h${node.level}>`
    case 'paragraph':
      return `<p>${pieces(node.pieces)}</p>`
    case 'quote':
      return `<blockquote>${pieces(node.pieces)}</blockquote>`
    case 'item':
      return `<p>• ${pieces(node.pieces)}</p>`
    case 'code':
      return `<pre>${node.lines.map((line) => escaped(indented(line, oneLine))).join('\n')}</pre>`
  }
}

const pieces = (all: readonly Piece[]): string =>
  all
    .map(({ text, isStrong, url }) => {
      const safe = `${/^ /.test(text) ? ' ' : ''}${plain(text)}${/. $/.test(text) ? ' ' : ''}`
      if (url !== undefined) return `<a href="${escaped(url)}">${safe}</a>`
      return isStrong ? `<strong>${safe}</strong>` : safe
    })
    .join('')

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

/** The joiner also keeps `@name` from becoming a mention. */
const plain = (text: string): string => escaped(unlinked(oneLine(text)).replaceAll('@', '@\u2060'))

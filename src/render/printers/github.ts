import type { Report } from '../blocks.ts'
import { unlinked } from './chat-summary.ts'
import { indented, oneLine } from './safe.ts'
import { subjectLine } from './subject.ts'
import { type Extent, type Piece, type TicketNode, ticketNodes } from './ticket.ts'

/**
 * In bytes. GitHub takes 65,536 characters (delivery facts 4), and its answer repeats the body, so a longer one would make
 * the answer too long to read.
 */
const LIMIT = 40_000
const FENCES = { shell: 'sh', terraform: 'hcl', text: '' } as const

export const githubTitle = (report: Report): string => subjectLine(report)

/** Prints the report as Markdown of GitHub. Commands stand in code fences; all other text is escaped. */
export function printGithub(
  report: Report,
  options: { readonly extent: Extent; readonly mayRepeat?: boolean },
): string {
  const nodes = ticketNodes(report, { ...options, room: LIMIT, costOf })
  return nodes.map(markdownOf).join('\n\n')
}

const costOf = (node: TicketNode): number => Buffer.byteLength(markdownOf(node)) + 2

function markdownOf(node: TicketNode): string {
  switch (node.kind) {
    case 'heading':
      return `${'#'.repeat(node.level)} ${escaped(node.text)}`
    case 'paragraph':
      return pieces(node.pieces)
    case 'quote':
      return `> ${pieces(node.pieces)}`
    case 'item':
      return `- ${pieces(node.pieces)}`
    case 'code': {
      const longest = Math.max(
        2,
        ...node.lines.flatMap((line) => (line.match(/`+/g) ?? []).map(({ length }) => length)),
      )
      const mark = '`'.repeat(longest + 1)
      const lines = node.lines.map((line) => indented(line, oneLine))
      return [`${mark}${FENCES[node.language]}`, ...lines, mark].join('\n')
    }
  }
}

const pieces = (all: readonly Piece[]): string =>
  all
    .map(({ text, isStrong, url }) => {
      const safe = `${/^ /.test(text) ? ' ' : ''}${escaped(text)}${/. $/.test(text) ? ' ' : ''}`
      if (url !== undefined) return `[${safe}](${url})`
      return isStrong && safe.trim() !== '' ? `**${safe}**` : safe
    })
    .join('')
    .trim()

/**
 * GitHub looks for mentions, references to issues and addresses in the finished page, where a backslash is gone. So an
 * invisible joiner stands in them.
 */
const escaped = (text: string): string =>
  unlinked(oneLine(text))
    .replace(/[\\`*_{}[\]()#!|~$]/g, (character) => `\\${character}`)
    .replace(/^([-+])(?=\s)/, '\\$1')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[@#]/g, (sign) => `${sign}\u2060`)
    .replace(/GH-(?=\d)/gi, (sign) => `${sign}\u2060`)

import { mark, wrap } from '../../text/index.ts'
import type { Block, List, Report, Section, Tone } from '../blocks.ts'
import { some } from '../some.ts'
import { oneLine } from './safe.ts'
import { tableLines } from './text-table.ts'

export interface Screen {
  readonly color: boolean
  /** In columns. */
  readonly width: number
}

const COLORS: Readonly<Record<Tone, number>> = { green: 32, amber: 33, red: 31, grey: 36 }
const BOLD = 1
const MOST_VALUES = 8

/** Prints the report for a terminal, folded at its width. Commands are not folded, so that they can be copied. */
export function printText(report: Report, screen: Screen): string {
  const { title, headline, foot } = report
  const sheet = sheetFor(report, screen)
  const { paint, fold } = sheet
  const out = [
    `${paint(COLORS[title.tone], `■ ${title.state}`)}  ${paint(BOLD, oneLine(title.name))}`,
    ...title.context.map(({ text }) => fold(text)),
    '',
    fold(headline.text),
    ...blockLines(report, sheet),
    '',
    ...foot.lines.map((line) => fold(line)),
    fold(`${foot.id} · ${foot.cost}`),
    fold(foot.createdAt),
  ]
  return `${out.join('\n')}\n`
}

/** Consecutive tables share one legend, which stands below the last of them. */
function blockLines({ blocks }: Report, sheet: Sheet): readonly string[] {
  return blocks.flatMap((block, i) => {
    const legend = legendOf(block)
    const isLast = legend !== null && legendOf(blocks[i + 1]) === null
    return [...linesOf(block, 0, sheet), ...(isLast ? ['', `  ${legend}`] : [])]
  })
}

function legendOf(block: Block | undefined): string | null {
  if (block?.kind !== 'section') return null
  return (
    block.blocks.map((inner) => (inner.kind === 'table' ? inner.legend : undefined)).find(Boolean) ?? null
  )
}

/** The report and the means to write lines for one terminal. */
interface Sheet {
  readonly report: Report
  readonly width: number
  /** Adds a colour or style (SGR code) if the terminal has colours. */
  paint(code: number, text: string): string
  /** Removes line breaks from the text, then folds it at the width. The default indent is two blanks. */
  fold(text: string, indent?: string): string
  /** Joins `label: text` with the colon of the language. */
  labelled(label: string | undefined, text: string): string
}

const sheetFor = (report: Report, { color, width }: Screen): Sheet => ({
  report,
  width,
  paint: (code, text) => (color ? `\u001b[${code}m${text}\u001b[0m` : text),
  fold: (text, indent = '  ') => wrap(oneLine(text), width, indent),
  labelled: (label, text) =>
    label === undefined ? text : `${label}${mark('colon', report.language)}${text}`,
})

/** `depth` counts the sections around the block. */
function linesOf(block: Block, depth: number, sheet: Sheet): readonly string[] {
  const { report, width, paint, fold, labelled } = sheet
  const indent = '  '.repeat(depth)
  switch (block.kind) {
    case 'section':
      return sectionLines(block, depth, sheet)
    case 'paragraph':
      if (depth > 0) return [fold(block.text, indent)]
      if (block.style === 'strong') return ['', paint(BOLD, oneLine(block.text))]
      return [...(block.isJoined ? [] : ['']), fold(block.text)]
    case 'proof':
      return [fold(labelled(block.label, some(block.values, MOST_VALUES, report.language)), indent)]
    case 'action':
      return [block, ...(block.alsoAffects ? [block.alsoAffects] : [])].map(({ label, text }) =>
        fold(labelled(label, text), indent),
      )
    case 'code':
      // Terraform code is too long for a terminal. Markdown and HTML show it.
      return block.language === 'terraform' ? [] : block.lines.map((line) => `    $ ${oneLine(line)}`)
    case 'list':
      return listLines(block, sheet)
    case 'table': {
      const paper = { width, report, paint: (tone: Tone, text: string) => paint(COLORS[tone], text) }
      return [...(depth === 0 ? [''] : []), ...tableLines(block, paper)]
    }
  }
}

function sectionLines({ heading, blocks }: Section, depth: number, sheet: Sheet): readonly string[] {
  const text = sheet.labelled(heading.label, heading.text)
  return [
    ...(depth === 0 ? ['', sheet.paint(BOLD, oneLine(text))] : [sheet.fold(text, '  '.repeat(depth))]),
    ...blocks.flatMap((block) => linesOf(block, depth + 1, sheet)),
  ]
}

const listLines = ({ isBulleted, items }: List, { fold }: Sheet): readonly string[] =>
  items.flatMap(({ text, steps }) => [
    fold(isBulleted ? `- ${text}` : text),
    ...(steps?.lines ?? []).map((step) => `      $ ${oneLine(step)}`),
  ])

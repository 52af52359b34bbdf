import { mark, wrap } from '../../text/index.ts'
import type { Block, Code, List, Part, Report, Section, Step, Tone } from '../blocks.ts'
import { fittingBlocks } from '../fitting.ts'
import { some } from '../some.ts'
import { indented, oneLine } from './safe.ts'
import { tableLines } from './text-table.ts'

export interface Screen {
  readonly color: boolean
  /** In columns. */
  readonly width: number
  /** The most characters of the details. Blocks that do not fit are left out and counted. Left out: no limit. */
  readonly most?: number
}

export const COLORS: Readonly<Record<Tone, number>> = { green: 32, amber: 33, red: 31, grey: 36 }
const BOLD = 1
const MOST_VALUES = 8

/** Prints the report for a terminal, folded at its width. Commands are not folded, so that they can be copied. */
export function printText(report: Report, screen: Screen): string {
  const { title, summary, place, foot } = report
  const sheet = sheetFor(report, screen)
  const { paint, fold } = sheet
  const { shown, left } = fittingBlocks(
    blockLines(report, sheet),
    screen.most ?? Number.POSITIVE_INFINITY,
    (lines) => lines.reduce((sum, line) => sum + line.length + 1, 0),
  )
  const out = [
    `${paint(COLORS[title.tone], `■ ${title.state}`)}${title.name === '' ? '' : `  ${paint(BOLD, oneLine(title.name))}`}`,
    ...summary.flatMap((part) => partLines(part, sheet)),
    ...(place === '' ? [] : ['', fold(place)]),
    ...shown.flat(),
    ...(left > 0 ? ['', fold(report.omitted(left))] : []),
    '',
    ...foot.lines.map((line) => fold(line)),
    fold([foot.id, foot.cost].filter((part) => part !== '').join(' · ')),
    fold(foot.createdAt),
  ]
  return `${out.join('\n')}\n`
}

/** Consecutive tables share one legend, which stands below the last of them. */
function blockLines({ details: blocks }: Report, sheet: Sheet): readonly (readonly string[])[] {
  return blocks.map((block, i) => {
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
      return ['', fold(block.text)]
    case 'proof':
      return [fold(labelled(block.label, some(block.values, MOST_VALUES, report.language)), indent)]
    case 'action':
      return [
        fold(labelled(block.label, block.text), indent),
        ...block.asides.map((aside) => fold(aside, `${indent}  `)),
      ]
    case 'code':
      return codeLines(block)
    case 'list':
      return listLines(block, sheet)
    case 'table': {
      const paper = { width, report, paint: (tone: Tone, text: string) => paint(COLORS[tone], text) }
      return [...(depth === 0 ? [''] : []), ...tableLines(block, paper)]
    }
  }
}

/** Shell commands can be copied as they are. Other code keeps its lines. */
const codeLines = ({ language, lines }: Code): readonly string[] =>
  language === 'shell'
    ? lines.map((line) => `    $ ${oneLine(line)}`)
    : lines.map((line) => `    ${indented(line, oneLine)}`)

/** `Label: text`, then quotes, numbered steps with their commands, and links. */
function partLines(part: Part, sheet: Sheet): readonly string[] {
  const { label, text, link, quotes = [], steps = [], links = [] } = part
  const { paint, fold } = sheet
  const line = [...(label === undefined ? [] : [label]), ...(text === '' ? [] : [text])].join('  ')
  const folded = line === '' ? '' : fold(line)
  const lead = label === undefined ? folded : folded.replace(label, paint(BOLD, label))
  return [
    ...(line === '' ? [] : [...(label === undefined ? [] : ['']), lead]),
    ...quotes.map((quote) => fold(quote, '    ')),
    ...steps.flatMap((step, i) => stepLines(step, steps.length > 1 ? `${i + 1}. ` : '', sheet)),
    ...[...(link ? [link] : []), ...links].map(({ text, url }) => `  ${oneLine(text)}  ${url}`),
  ]
}

const stepLines = ({ text, asides, commands }: Step, number: string, { fold }: Sheet): readonly string[] => [
  ...(text === '' ? [] : [fold(`${number}${text}`, '    ')]),
  ...asides.map((aside) => fold(aside, '      ')),
  ...commands.flatMap(codeLines),
]

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

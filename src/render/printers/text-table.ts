import { mark, pad, widthOf, wrap } from '../../text/index.ts'
import type { Cell, Report, Table, Tone } from '../blocks.ts'
import { some } from '../some.ts'
import { oneLine } from './safe.ts'
import { within } from './within.ts'

// Prints tables for a terminal.

const MOST_TARGETS = 40
const MOST_SOURCES = 4
/** So many cells get columns. The others follow one another. */
const MOST_COLUMNS = 4
/** The widest column for a name with its id. Longer names are cut, ids never. */
const LONGEST_NAME = 44
/** With less room than this, findings go on separate lines, in columns. */
const LEAST_ROOM = 34

interface Paper {
  readonly width: number
  readonly report: Report
  paint(tone: Tone, text: string): string
}

export const tableLines = (table: Table, paper: Paper): readonly string[] =>
  table.topic === 'backends' ? targetLines(table, paper) : rowLines(table, paper)

/** Backends: no head, since each cell explains itself. Dead backends come first. */
function targetLines({ caption, rows }: Table, { report }: Paper): readonly string[] {
  const sorted = [...rows].sort((a, b) => a.order - b.order)
  const shown = sorted.slice(0, MOST_TARGETS).map(({ cells }) => {
    const texts = cells.map(({ text, alone = text }) => oneLine(alone))
    return [...texts.slice(0, MOST_COLUMNS), texts.slice(MOST_COLUMNS).join('  ')]
  })
  const widths = widest(shown).slice(0, MOST_COLUMNS)
  const sources = caption ? some(caption.values, MOST_SOURCES, report.language) : ''
  return [
    ...(caption
      ? [`  ${caption.label}${sources === '' ? '' : `${mark('colon', report.language)}${sources}`}`]
      : []),
    ...shown.map((cells) => `  ${padded(cells, widths)}`.trimEnd()),
    ...(rows.length > MOST_TARGETS ? [`  ${report.omittedRows(rows.length - MOST_TARGETS)}`] : []),
  ]
}

const padded = (cells: readonly string[], widths: readonly number[]): string =>
  cells.map((cell, i) => pad(cell, widths[i] ?? 0)).join('  ')

/** Load balancers: with a head. Findings stand beside each row, or below it in a narrow terminal. */
function rowLines({ columns, rows, notesHead = '' }: Table, { width, paint }: Paper): readonly string[] {
  const kept = columns.flatMap(({ isSame }, i) => (isSame ? [] : i))
  const heads = kept.map((i) => columns[i]?.head ?? '')
  const cells = rows.map((row) => kept.flatMap((i) => row.cells[i] ?? []))
  // The name gets the room that the other columns leave.
  const named = cells[0]?.findIndex(({ id }) => id !== undefined)
  const all = widest([heads, ...cells.map((own) => own.map(({ text }) => text))])
  const most = Math.min(LONGEST_NAME, width - roomOf(all.filter((_, i) => i !== named)))
  const texts = cells.map((own) => own.map((cell) => within(cell, most)))
  const widths = widest([heads, ...texts])
  const used = roomOf(widths)
  const isBeside = width - used >= LEAST_ROOM
  const indent = isBeside ? ' '.repeat(used) : ' '.repeat(6)
  const out = [
    `  ${padded(heads, widths)}${isBeside && rows.some(({ notes }) => notes.length > 0) ? `  ${notesHead}` : ''}`.trimEnd(),
  ]
  for (const [i, row] of rows.entries()) {
    const line = `  ${paintedRow(cells[i] ?? [], texts[i] ?? [], widths, paint)}`
    const found = row.notes.map((text) => wrap(oneLine(text), width, indent)).join('\n')
    out.push(isBeside ? `${line}  ${found.trimStart()}`.trimEnd() : line.trimEnd())
    if (!isBeside && found !== '') out.push(found)
  }
  return out
}

/** The width of a row: its columns, each with two blanks before it, and the indent. */
const roomOf = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width + 2, 2)

function paintedRow(
  cells: readonly Cell[],
  texts: readonly string[],
  widths: readonly number[],
  paint: Paper['paint'],
): string {
  const parts = cells.map(({ tone }, i) => {
    const text = texts[i] ?? ''
    const blanks = pad(text, widths[i] ?? 0).slice(text.length)
    return `${tone === undefined ? text : paint(tone, text)}${blanks}`
  })
  return parts.join('  ')
}

/** The width of each column over all rows. */
function widest(rows: readonly (readonly string[])[]): readonly number[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((text, i) => {
      widths[i] = Math.max(widths[i] ?? 0, widthOf(text))
    })
  return widths
}

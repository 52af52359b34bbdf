import type { Scan } from '../model/scan.ts'
import { pad, widthOf, wrap } from '../text/width.ts'
import { oneLine } from './safe.ts'
import { word } from './scan-messages.ts'
import { nameWithin, type ScanItem, scanViewOf } from './scan-view.ts'
import { createSheet, type Screen, VERDICT_COLORS } from './sheet.ts'

/** Of the widest name and id that a column is made for; longer names are cut, ids never. */
const LONGEST_NAME = 44
/** Less room than this for what was found, and it goes on lines of its own. */
const LEAST_ROOM = 34

/** For a terminal: what is wrong, a table of the CLBs that have something, worst first, then what could not be read. */
export function renderScanText(scan: Scan, screen: Screen): string {
  const view = scanViewOf(scan)
  const { language } = view
  const { out, paint, fold, head } = createSheet(screen)

  out.push(`${paint(VERDICT_COLORS[scan.verdict], `■ ${view.verdict}`)}  ${paint(1, view.title)}`, '')
  fold(view.headline)
  if (view.items.length > 0) out.push('', ...table(view.items, view.isWide, screen, paint, language))
  if (view.clean !== null) {
    out.push('')
    fold(view.clean)
  }
  if (view.notReached !== null) head(view.notReached)
  for (const line of view.notReachedDead) fold(line)
  if (view.regions.length > 0) head(word('regionsUnread', language))
  for (const line of view.regions) fold(line)
  if (view.gaps.length > 0) head(word('gaps', language))
  for (const line of view.gaps) fold(`- ${line}`)
  if (view.grant !== null) fold(view.grant)
  if (view.unsupported !== null) {
    out.push('')
    fold(view.unsupported)
  }
  out.push('')
  if (view.items.length > 0) fold(word('detail', language))
  fold(`${scan.id} · ${view.cost}`)
  return `${out.join('\n')}\n`
}

function table(
  items: readonly ScanItem[],
  isWide: boolean,
  { width }: Screen,
  paint: (code: number, text: string) => string,
  language: Scan['language'],
): readonly string[] {
  const heads = [
    '',
    word('clb', language),
    ...(isWide ? [word('region', language)] : []),
    word('backends', language),
  ]
  const rest = items.map(({ row, verdict, backends }) => [verdict, ...(isWide ? [row.region] : []), backends])
  const [first, , ...others] = heads
  const taken = widest([[first ?? '', ...others], ...rest]).reduce((sum, column) => sum + column + 2, 2)
  const most = Math.min(LONGEST_NAME, width - taken)
  const rows = items.map(({ row }, i) => {
    const [verdict = '', ...more] = rest[i] ?? []
    return [verdict, nameWithin(row, most), ...more]
  })
  const columns = widest([heads, ...rows])
  const used = columns.reduce((sum, column) => sum + column + 2, 2)
  const isBeside = width - used >= LEAST_ROOM
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, i) => pad(cell, columns[i] ?? 0)).join('  ')}`
  const indent = isBeside ? ' '.repeat(used) : ' '.repeat(6)
  const out = [`${line(heads)}${isBeside ? `  ${word('found', language)}` : ''}`.trimEnd()]
  for (const [i, { row, verdict, lines }] of items.entries()) {
    const cells = rows[i] ?? []
    const painted = line(cells).replace(verdict, () => paint(VERDICT_COLORS[row.verdict], verdict))
    const found = lines.map((text) => wrap(oneLine(text), width, indent)).join('\n')
    out.push(isBeside ? `${painted}  ${found.trimStart()}`.trimEnd() : painted.trimEnd())
    if (!isBeside && found !== '') out.push(found)
  }
  return out
}

/** Of each column, over all rows. */
const widest = (rows: readonly (readonly string[])[]): readonly number[] =>
  (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => widthOf(row[i] ?? ''))))

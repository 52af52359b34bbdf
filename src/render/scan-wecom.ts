import type { Scan } from '../model/scan.ts'
import { labelled } from './messages.ts'
import { clip, plainWecom } from './safe.ts'
import { word } from './scan-messages.ts'
import { nameWithin, scanViewOf } from './scan-view.ts'
import { type Block, COLORS, fitting } from './wecom.ts'

const MOST_GAPS = 3

/** A scan as a WeCom `markdown` message of at most 4096 bytes: worst first, whole lines, what is left out counted. */
export function renderScanWecom(scan: Scan): string {
  const view = scanViewOf(scan)
  const { language } = view
  const say = (text: string, most: number): string => clip(plainWecom(text), most)
  const note = (text: string): string => `<font color="comment">${say(text, 300)}</font>`
  const blocks: Block[] = []
  const add = (rank: number, items: number, ...lines: readonly string[]): void => {
    blocks.push({ lines, rank, items })
  }
  add(
    0,
    0,
    `# <font color="${COLORS[scan.verdict]}">${view.verdict}</font> ${view.title}`,
    `**${say(view.headline, 400)}**`,
  )
  for (const line of view.regions) add(1, 0, `**${word('regionsUnread', language)}** ${say(line, 600)}`)
  if (view.notReachedBrief !== null) add(2, 0, plainWecom(view.notReachedBrief))
  view.items.forEach(({ row, verdict, backends, lines }, i) => {
    const where = view.isWide ? ` · ${row.region}` : ''
    add(
      10 + i,
      1,
      `<font color="${COLORS[row.verdict]}">${verdict}</font> **${plainWecom(nameWithin(row, 80))}**${where} · ${backends}`,
      ...lines.slice(0, 1).map((line) => `> ${say(line, 160)}`),
    )
  })
  view.gaps.slice(0, MOST_GAPS).forEach((line, i) => {
    add(5 + i, 0, labelled('gaps', language, say(line, 240)))
  })
  if (view.gaps.length > MOST_GAPS)
    add(8, 0, note(word('moreGaps', language, { count: view.gaps.length - MOST_GAPS })))
  if (view.grant !== null) add(6, 0, note(view.grant))
  if (view.clean !== null) add(3, 0, view.clean)
  if (view.unsupported !== null) add(4, 0, note(view.unsupported))
  add(4, 0, note(`${scan.id} · ${view.cost}`))
  return fitting(blocks, (count) => word('omitted', language, { count }))
}

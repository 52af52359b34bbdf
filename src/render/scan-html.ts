import type { Scan } from '../model/scan.ts'
import { timeFor } from '../text/time.ts'
import { COLORS, pageOf, STYLE } from './html.ts'
import { escapeHtml as e } from './safe.ts'
import { word } from './scan-messages.ts'
import { scanViewOf } from './scan-view.ts'

const MOST_ROWS = 2_000

/** A whole page: self-contained, no scripts, nothing loaded from elsewhere. */
export function renderScanHtml(scan: Scan): string {
  const view = scanViewOf(scan)
  const { language } = view
  const list = (heading: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0
      ? []
      : [
          `<h2 style="font-size:17px;margin:22px 0 6px">${e(heading)}</h2>`,
          ...lines.map((line) => `<p style="margin:4px 0">${e(line)}</p>`),
        ]
  const heads = ['', word('clb', language), word('region', language), word('backends', language)]
  const cell = (text: string): string => `<td style="${STYLE.cell}">${text}</td>`
  const shown = view.items.slice(0, MOST_ROWS)
  const rows = shown.map(({ row, verdict, name, backends, lines }) => {
    const found = lines.map((line) => `<div style="white-space:normal">${e(line)}</div>`).join('')
    const mark = `<span style="color:${COLORS[row.verdict]}">${e(verdict)}</span>`
    return `<tr>${[mark, e(name), e(row.region), e(backends), found].map(cell).join('')}</tr>`
  })
  const rest = view.items.length - shown.length
  const body = [
    `<h1 style="font-size:21px;margin:0 0 4px"><span style="color:${COLORS[scan.verdict]}">${e(view.verdict)}</span> ${e(view.title)}</h1>`,
    `<p><strong>${e(view.headline)}</strong></p>`,
    ...(rows.length === 0
      ? []
      : [
          `<div style="overflow-x:auto"><table style="${STYLE.table}"><thead><tr>${[...heads, word('found', language)].map((text) => `<th scope="col" style="${STYLE.cell}">${e(text)}</th>`).join('')}</tr></thead><tbody>`,
          ...rows,
          '</tbody></table></div>',
        ]),
    ...(rest > 0 ? [`<p style="${STYLE.small}">${e(word('omitted', language, { count: rest }))}</p>`] : []),
    ...(view.clean === null ? [] : [`<p>${e(view.clean)}</p>`]),
    ...(view.notReached === null ? [] : list(view.notReached, view.notReachedDead)),
    ...(view.notReached !== null && view.notReachedDead.length === 0 ? [`<p>${e(view.notReached)}</p>`] : []),
    ...list(word('regionsUnread', language), view.regions),
    ...list(word('gaps', language), view.gaps),
    ...(view.grant === null ? [] : [`<p>${e(view.grant)}</p>`]),
    ...(view.unsupported === null ? [] : [`<p style="${STYLE.small}">${e(view.unsupported)}</p>`]),
    ...(rows.length === 0 ? [] : [`<p style="${STYLE.small}">${e(word('detail', language))}</p>`]),
    `<p style="${STYLE.small}">${e(scan.id)} · ${e(view.cost)} · ${e(timeFor(scan.createdAt, language))}</p>`,
  ]
  return pageOf(language, `${view.verdict} · ${view.title}`, body.join('\n'), 1100)
}

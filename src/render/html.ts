import type { Diagnosis, Pool, Verdict } from '../model/diagnosis.ts'
import { endpointOf } from '../model/endpoint.ts'
import type { Language } from '../model/language.ts'
import { timeFor } from '../text/time.ts'
import { colon, fill, HOP_SIGNS, labelled, STAGES, STATUSES } from './messages.ts'
import { escapeHtml, indented } from './safe.ts'
import {
  commandsOf,
  evidenceLine,
  fixLine,
  type Item,
  MOST_CHANGES,
  probeLine,
  some,
  terraformOf,
  type View,
  viewOf,
} from './view.ts'

export const COLORS: Readonly<Record<Verdict, string>> = {
  healthy: '#1a7f37',
  degraded: '#9a6700',
  down: '#cf222e',
  inconclusive: '#57606a',
}

export const STYLE = {
  pre: 'margin:8px 0;padding:8px 10px;border:1px solid #8c959f66;border-radius:6px;background:#8c959f1a;white-space:pre-wrap;word-break:break-all;font:13px/1.5 ui-monospace,Menlo,Consolas,monospace',
  table: 'border-collapse:collapse;font-size:13px',
  cell: 'padding:4px 10px 4px 0;text-align:left;border-bottom:1px solid #8c959f40;vertical-align:top;white-space:nowrap',
  small: 'color:#57606a;font-size:13px',
} as const

/** A whole page: self-contained, no scripts, nothing loaded from elsewhere. */
export function renderHtml(diagnosis: Diagnosis): string {
  const view = viewOf(diagnosis)
  return pageOf(view.language, `${view.verdict} · ${view.name}`, renderBody(diagnosis), 860)
}

export const pageOf = (
  language: Language,
  title: string,
  body: string,
  width: number,
): string => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
</head>
<body style="margin:0 auto;max-width:${width}px;padding:20px;font:15px/1.6 system-ui,-apple-system,'PingFang SC','Microsoft YaHei',sans-serif">
${body}
</body>
</html>
`

/** What page and mail share. Every style is inline, since mail programs drop the rest. */
function renderBody(diagnosis: Diagnosis): string {
  const view = viewOf(diagnosis)
  const { language } = view
  const e = escapeHtml
  const section = (heading: string, inner: string): string =>
    `<section><h2 style="font-size:17px;margin:22px 0 6px">${heading}</h2>\n${inner}</section>`
  const out = [
    `<h1 style="font-size:21px;margin:0 0 4px"><span style="color:${COLORS[diagnosis.verdict]}">${view.verdict}</span> ${e(view.name)}</h1>`,
    ...[view.where, view.alarm ?? '']
      .filter((line) => line !== '')
      .map((line) => `<div style="${STYLE.small}">${e(line)}</div>`),
    `<p><strong>${e(view.headline)}</strong></p>`,
    ...view.causes.map((item) =>
      section(`${e(item.lead)}${colon(language)}${e(item.finding.title)}`, itemHtml(item, view)),
    ),
    ...(view.unexplained === null ? [] : [`<p>${e(view.unexplained)}</p>`]),
    ...(view.traffic.length > 0
      ? [section(fill('traffic', language), view.traffic.map((line) => `<p>${e(line)}</p>`).join('\n'))]
      : []),
    ...diagnosis.pools.map((pool, i) => section(e(view.counts[i] ?? ''), poolHtml(pool, view))),
    ...(view.others.length > 0
      ? [
          section(
            fill('others', language),
            view.others
              .map(
                (item) =>
                  `<h3 style="font-size:15px;margin:14px 0 2px">${e(item.lead)}${colon(language)}${e(item.finding.title)}</h3>${itemHtml(item, view)}`,
              )
              .join('\n'),
          ),
        ]
      : []),
    ...(view.gaps.length > 0
      ? [
          section(
            fill('gaps', language),
            view.gaps
              .map(
                ({ what, why, byHand }) =>
                  `<p>${e(what)}${colon(language)}${e(why)}</p>${byHand?.length ? pre(byHand) : ''}`,
              )
              .join('\n'),
          ),
        ]
      : []),
    `<p style="${STYLE.small}">${e(diagnosis.id)} · ${e(timeFor(diagnosis.createdAt, language))}</p>`,
  ]
  return out.join('\n')
}

const pre = (commands: readonly string[]): string =>
  `<pre style="${STYLE.pre}">${commands.map((line) => indented(line, escapeHtml)).join('\n')}</pre>`

function itemHtml(item: Item, { language }: View): string {
  const e = escapeHtml
  const facts = [
    ...(item.explains.length > 0 ? [labelled('explains', language, some(item.explains, 20, language))] : []),
    ...(item.explains.length > 0 && item.controls.length > 0
      ? [labelled('controls', language, some(item.controls, 20, language))]
      : []),
    ...(item.against.length > 0
      ? [labelled('contradicted', language, some(item.against, 20, language))]
      : []),
    ...item.changes.slice(0, MOST_CHANGES),
    ...item.finding.evidence.map((one) => labelled('evidence', language, evidenceLine(one, language))),
  ]
  const fix = fixLine(item, language)
  const [commands, terraform] = [commandsOf(item), terraformOf(item)]
  const widens = item.finding.fix?.widens
  return [
    `<p style="margin:2px 0">${e(item.finding.detail)}</p>`,
    ...facts.map((fact) => `<div style="${STYLE.small}">${e(fact)}</div>`),
    ...(fix === null
      ? []
      : [
          `<p style="margin:8px 0 2px"><strong>${fill('fix', language)}</strong>${colon(language)}${e(fix)}</p>`,
        ]),
    ...(widens ? [`<div style="${STYLE.small}">${e(labelled('widens', language, widens))}</div>`] : []),
    ...(commands.length > 0 ? [pre(commands)] : []),
    ...(terraform.length > 0 ? [`<div style="${STYLE.small}">Terraform</div>`, pre(terraform)] : []),
  ].join('\n')
}

const MOST_TARGETS = 200

function poolHtml(pool: Pool, { language }: View): string {
  const e = escapeHtml
  const stages = pool.targets[0]?.path.map(({ stage }) => STAGES[stage][language]) ?? []
  const heads = [
    ...(['target', 'instance', 'weight', 'status'] as const).map((word) => fill(word, language)),
    ...stages,
  ]
  const shown = pool.targets.slice(0, MOST_TARGETS)
  const rows = shown.map((target) => {
    const hops = target.path.map(
      ({ verdict, detail }) =>
        `<td style="${STYLE.cell}" title="${e(detail ?? '')}">${HOP_SIGNS[verdict]}</td>`,
    )
    const cells = [
      endpointOf(target),
      target.instanceId ?? target.type,
      String(target.weight),
      STATUSES[target.status][language],
    ]
    return `<tr>${cells.map((cell) => `<td style="${STYLE.cell}">${e(cell)}</td>`).join('')}${hops.join('')}</tr>`
  })
  const rest = pool.targets.length - shown.length
  return [
    `<div style="${STYLE.small}">${e(probeLine(pool, 6, language))}</div>`,
    `<div style="overflow-x:auto"><table style="${STYLE.table}"><thead><tr>${heads.map((head) => `<th scope="col" style="${STYLE.cell}">${e(head)}</th>`).join('')}</tr></thead><tbody>`,
    ...rows,
    '</tbody></table></div>',
    `<div style="${STYLE.small}">${fill('legend', language)}${rest > 0 ? ` · ${fill('omitted', language, { count: rest })}` : ''}</div>`,
  ].join('\n')
}

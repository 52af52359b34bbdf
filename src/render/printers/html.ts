import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { mark } from '../../text/index.ts'
import {
  type Block,
  footLine,
  type Heading,
  type List,
  type ListItem,
  type Report,
  type Section,
  type Table,
  type Tone,
} from '../blocks.ts'
import { some } from '../some.ts'
import { indented, lines } from './safe.ts'

// `hono/html` escapes every value in a template.

const COLORS: Readonly<Record<Tone, string>> = {
  green: '#1a7f37',
  amber: '#9a6700',
  red: '#cf222e',
  grey: '#57606a',
}

/** Every style is inline, because mail programs drop style sheets. They are constants, so nothing needs escaping. */
const STYLE = {
  pre: raw(
    'margin:8px 0;padding:8px 10px;border:1px solid #8c959f66;border-radius:6px;background:#8c959f1a;white-space:pre-wrap;word-break:break-all;font:13px/1.5 ui-monospace,Menlo,Consolas,monospace',
  ),
  table: raw('border-collapse:collapse;font-size:13px'),
  cell: raw(
    'padding:4px 10px 4px 0;text-align:left;border-bottom:1px solid #8c959f40;vertical-align:top;white-space:nowrap',
  ),
  small: raw('color:#57606a;font-size:13px'),
} as const

const PAGE_WIDTH = { narrow: 860, wide: 1100 } as const
const MOST_VALUES = 20
const MOST_SOURCES = 6
const MOST_ROWS = { backends: 200, 'load-balancers': 2_000 } as const

type Html = HtmlEscapedString
type Child = string | number | Html | readonly Html[]

/** An HTML template. Removes control characters from its strings; `html` escapes them. Values must not be promises. */
const markup = (strings: TemplateStringsArray, ...values: readonly Child[]): Html =>
  settled(html(strings, ...values.map((value) => (typeof value === 'string' ? lines(value) : value))))

function settled(made: Html | Promise<Html>): Html {
  if (made instanceof Promise) throw new Error('an HTML template holds a promise')
  return made
}

/**
 * Puts parts below each other. The parts are escaped already. It uses `+` because V8 then copies the text only once, at
 * the end; `join` would copy it at every level of the page.
 */
const stack = (parts: readonly Html[]): Html =>
  raw(parts.reduce((above, part, i) => (i === 0 ? `${part}` : `${above}\n${part}`), ''))

/** Prints a complete page without scripts or external resources. It is also the HTML part of a mail. */
export function printHtml(report: Report): string {
  const { language, title, headline, blocks, foot, isWide } = report
  const body = stack([
    markup`<h1 style="font-size:21px;margin:0 0 4px"><span style="color:${COLORS[title.tone]}">${title.state}</span> ${title.name}</h1>`,
    ...title.context.map(({ text }) => small(text)),
    markup`<p><strong>${headline.text}</strong></p>`,
    ...blocks.flatMap((block) => partsOf(block, 0, report)),
    ...foot.lines.map((line) => markup`<p style="${STYLE.small}">${line}</p>`),
    markup`<p style="${STYLE.small}">${footLine(foot)}</p>`,
  ])
  const page = markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${`${title.state} · ${title.name}`}</title>
</head>
<body style="margin:0 auto;max-width:${PAGE_WIDTH[isWide ? 'wide' : 'narrow']}px;padding:20px;font:15px/1.6 system-ui,-apple-system,'PingFang SC','Microsoft YaHei',sans-serif">
${body}
</body>
</html>
`
  return page.toString()
}

const small = (text: string): Html => markup`<div style="${STYLE.small}">${text}</div>`

/** `depth` counts the sections around the block. */
function partsOf(block: Block, depth: number, report: Report): readonly Html[] {
  const { language } = report
  switch (block.kind) {
    case 'section':
      return sectionParts(block, depth, report)
    case 'paragraph':
      if (depth > 0) return [markup`<p style="margin:2px 0">${block.text}</p>`]
      return block.style === 'small' && !block.isJoined
        ? [markup`<p style="${STYLE.small}">${block.text}</p>`]
        : [markup`<p>${block.text}</p>`]
    case 'proof':
      return [small(labelled(block.label, some(block.values, MOST_VALUES, language), report))]
    case 'action': {
      const { label, text, alsoAffects } = block
      return [
        markup`<p style="margin:8px 0 2px"><strong>${label}</strong>${`${mark('colon', language)}${text}`}</p>`,
        ...(alsoAffects ? [small(labelled(alsoAffects.label, alsoAffects.text, report))] : []),
      ]
    }
    case 'code':
      return [...(block.language === 'terraform' ? [small('Terraform')] : []), pre(block.lines)]
    case 'list':
      return listParts(block, report)
    case 'table':
      return tableParts(block, report)
  }
}

const labelled = (label: string | undefined, text: string, { language }: Report): string =>
  label === undefined ? text : `${label}${mark('colon', language)}${text}`

const headingText = ({ label, text }: Heading, report: Report): string => labelled(label, text, report)

function sectionParts({ heading, blocks }: Section, depth: number, report: Report): readonly Html[] {
  const text = headingText(heading, report)
  const inner = blocks.flatMap((block) => partsOf(block, depth + 1, report))
  if (depth > 0) return [markup`<h3 style="font-size:15px;margin:14px 0 2px">${text}</h3>${stack(inner)}`]
  if (inner.length === 0) return [markup`<p>${text}</p>`]
  const head = markup`<h2 style="font-size:17px;margin:22px 0 6px">${text}</h2>`
  if (report.isWide) return [head, ...inner]
  return [markup`<section>${stack([head, ...inner])}</section>`]
}

const listParts = ({ items }: List, { isWide }: Report): readonly Html[] =>
  items.map(({ text, steps }: ListItem) =>
    isWide
      ? markup`<p style="margin:4px 0">${text}</p>`
      : markup`<p>${text}</p>${steps ? pre(steps.lines) : ''}`,
  )

/** Lines of code keep their indentation. */
const pre = (code: readonly string[]): Html =>
  markup`<pre style="${STYLE.pre}">${settled(html`${code.map((line) => indented(line, lines)).join('\n')}`)}</pre>`

function tableParts(table: Table, report: Report): readonly Html[] {
  const { caption, columns, notesHead, legend, topic } = table
  const { language } = report
  const rows = table.rows.slice(0, MOST_ROWS[topic])
  const rest = table.rows.length - rows.length
  const heads = [...columns.map(({ head }) => head), ...(notesHead === undefined ? [] : [notesHead])]
  const sources = caption ? some(caption.values, MOST_SOURCES, language) : ''
  const omitted = rest > 0 ? [report.omittedRows(rest)] : []
  return [
    ...(caption ? [small(sources === '' ? caption.label : labelled(caption.label, sources, report))] : []),
    markup`<div style="overflow-x:auto"><table style="${STYLE.table}"><thead><tr>${heads.map((head) => markup`<th scope="col" style="${STYLE.cell}">${head}</th>`)}</tr></thead><tbody>`,
    ...rows.map((row) => rowMarkup(row, table)),
    markup`</tbody></table></div>`,
    ...(legend === undefined
      ? omitted.map((text) => markup`<p style="${STYLE.small}">${text}</p>`)
      : [small([legend, ...omitted].join(' · '))]),
  ]
}

function rowMarkup({ cells, notes }: Table['rows'][number], { notesHead }: Table): Html {
  const found = notes.map((note) => markup`<div style="white-space:normal">${note}</div>`)
  return markup`<tr>${cells.map(cellMarkup)}${notesHead === undefined ? '' : markup`<td style="${STYLE.cell}">${found}</td>`}</tr>`
}

function cellMarkup({ text, tone, detail, isSign }: Table['rows'][number]['cells'][number]): Html {
  if (tone !== undefined)
    return markup`<td style="${STYLE.cell}"><span style="color:${COLORS[tone]}">${text}</span></td>`
  return isSign
    ? markup`<td style="${STYLE.cell}" title="${detail ?? ''}">${text}</td>`
    : markup`<td style="${STYLE.cell}">${text}</td>`
}

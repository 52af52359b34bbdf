import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { mark } from '../../text/index.ts'
import {
  type Block,
  type Code,
  footLine,
  type Heading,
  type Link,
  type List,
  type ListItem,
  type Part,
  type Report,
  type Row,
  type Section,
  type Step,
  type Table,
  type Tone,
} from '../blocks.ts'
import { fittingBlocks } from '../fitting.ts'
import { some } from '../some.ts'
import { aroundLink } from './linked.ts'
import { indented, lines } from './safe.ts'

// `hono/html` escapes every value in a template.

/** Colours on the light and on the dark ground. Each has a contrast of at least 4.5 : 1 (WCAG 2.1, 1.4.3). */
const COLORS: Readonly<Record<Tone, { readonly light: string; readonly dark: string }>> = {
  green: { light: '#1a7f37', dark: '#3fb950' },
  amber: { light: '#8a5a00', dark: '#e3b341' },
  red: { light: '#cf222e', dark: '#ff7b72' },
  grey: { light: '#57606a', dark: '#9da7b3' },
}
const GROUND = {
  light: { ground: '#ffffff', text: '#1f2328', code: '#f3f4f6', link: '#0757b8' },
  dark: { ground: '#0d1117', text: '#e6edf3', code: '#1c232d', link: '#79b8ff' },
} as const

/**
 * Every style is inline and light, because mail programs drop style sheets. Programs that keep the sheet get the dark
 * colours from it. Both are constants, so nothing needs escaping.
 */
const STYLE = {
  body: raw(
    `background:${GROUND.light.ground};color:${GROUND.light.text};overflow-wrap:anywhere;font:15px/1.6 system-ui,-apple-system,'PingFang SC','Microsoft YaHei',sans-serif`,
  ),
  pre: raw(
    `margin:6px 0;padding:8px 10px;border:1px solid #8c959f66;border-radius:6px;background:${GROUND.light.code};white-space:pre-wrap;word-break:break-all;font:13px/1.5 ui-monospace,Menlo,Consolas,monospace`,
  ),
  quote: raw('margin:2px 0 2px 2px;padding-left:10px;border-left:3px solid #8c959f66'),
  table: raw('border-collapse:collapse;font-size:13px;width:100%'),
  cell: raw(
    'padding:4px 8px 4px 0;text-align:left;border-bottom:1px solid #8c959f40;vertical-align:top;overflow-wrap:anywhere',
  ),
  signs: raw('letter-spacing:3px;white-space:nowrap'),
  small: raw(`color:${COLORS.grey.light};font-size:13px`),
  link: raw(`color:${GROUND.light.link}`),
  // A mail program shows this text beside the subject. The page itself does not.
  preheader: raw('display:none;max-height:0;overflow:hidden;opacity:0'),
} as const

const DARK_SHEET = raw(
  `@media (prefers-color-scheme:dark){body{background:${GROUND.dark.ground}!important;color:${GROUND.dark.text}!important}pre{background:${GROUND.dark.code}!important}a{color:${GROUND.dark.link}!important}${Object.entries(
    COLORS,
  )
    .map(([tone, { dark }]) => `.${tone}{color:${dark}!important}`)
    .join('')}}`,
)

const PAGE_WIDTH = { narrow: 860, wide: 1100 } as const
const MOST_VALUES = 20
const MOST_SOURCES = 6
const MOST_ROWS = { backends: 200, 'load-balancers': 2_000 } as const
/** Mail programs cut or refuse long mails. A page that exceeds this leaves blocks out and counts them. */
const MOST_CHARACTERS = 240_000

export type Html = HtmlEscapedString
type Child = string | number | Html | readonly Html[]

/** An HTML template. Removes control characters from its strings; `html` escapes them. Values must not be promises. */
export const markup = (strings: TemplateStringsArray, ...values: readonly Child[]): Html =>
  settled(html(strings, ...values.map((value) => (typeof value === 'string' ? lines(value) : value))))

function settled(made: Html | Promise<Html>): Html {
  if (made instanceof Promise) throw new Error('an HTML template holds a promise')
  return made
}

/**
 * Puts parts below each other. The parts are escaped already. It uses `+` because V8 then copies the text only once, at
 * the end; `join` would copy it at every level of the page.
 */
export const stack = (parts: readonly Html[]): Html =>
  raw(parts.reduce((above, part, i) => (i === 0 ? `${part}` : `${above}\n${part}`), ''))

/**
 * Prints a complete page without scripts or external resources. It is also the HTML part of a mail. `above` stands right
 * below the title.
 */
export function printHtml(report: Report, above: readonly Html[] = []): string {
  const { preheader, title, summary, details, place, foot } = report
  const { shown, left } = fittingBlocks(
    details.map((block) => stack(partsOf(block, 0, report))),
    MOST_CHARACTERS,
    (part) => part.length,
  )
  const body = stack([
    markup`<div style="${STYLE.preheader}">${preheader}</div>`,
    markup`<h1 style="font-size:21px;line-height:1.35;margin:0 0 4px">${toned(title.tone, title.state)} ${title.name}</h1>`,
    ...above,
    ...summary.map(partMarkup),
    ...(place === '' ? [] : [small(place)]),
    ...shown,
    ...(left > 0 ? [small(report.omitted(left))] : []),
    ...summary.flatMap(terraformIn).flatMap(codeParts),
    ...foot.lines.map(small),
    small(footLine(foot)),
  ])
  return pageWith(report, [title.state, title.name].filter((part) => part !== '').join(' · '), body)
}

/** A complete page around its body. */
export function pageWith(
  { language, isWide }: Pick<Report, 'language' | 'isWide'>,
  title: string,
  body: Html,
): string {
  const page = markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${DARK_SHEET}</style>
</head>
<body style="margin:0 auto;max-width:${PAGE_WIDTH[isWide ? 'wide' : 'narrow']}px;padding:16px 18px;${STYLE.body}">
${body}
</body>
</html>
`
  return page.toString()
}

const toned = (tone: Tone, text: string): Html =>
  markup`<span class="${tone}" style="color:${COLORS[tone].light}">${text}</span>`

export const small = (text: string): Html => markup`<div class="grey" style="${STYLE.small}">${text}</div>`

const quoted = (text: string): Html => markup`<div style="${STYLE.quote}">${text}</div>`

export const linkMarkup = ({ text, url }: Link): Html =>
  markup`<a href="${url}" style="${STYLE.link}">${text}</a>`

/** A part of the summary: its label and sentence, then quotes, numbered steps and links. */
function partMarkup({ label, tone, text, link, quotes = [], steps = [], links = [] }: Part): Html {
  const lead =
    label === undefined ? [] : [markup`<strong>${tone === undefined ? label : toned(tone, label)}</strong>`]
  const line = text === '' && lead.length === 0 ? [] : [markup`<div>${lead} ${linked(text, link)}</div>`]
  return markup`<div style="margin:10px 0">${stack([
    ...line,
    ...quotes.map(quoted),
    ...steps.flatMap((step, i) => stepMarkup(step, steps.length > 1 ? `${i + 1}. ` : '')),
    ...(links.length > 0
      ? [
          markup`<div>${links.map((link, i) => (i === 0 ? linkMarkup(link) : markup` · ${linkMarkup(link)}`))}</div>`,
        ]
      : []),
  ])}</div>`
}

function linked(text: string, link: Link | undefined): Html | string {
  const parts = aroundLink(text, link)
  return parts ? markup`${parts.before}${linkMarkup(parts.link)}${parts.after}` : text
}

/** Long blocks that few readers need on a phone. They stand behind the tables. */
const terraformIn = ({ steps = [] }: Part): readonly Code[] =>
  steps.flatMap(({ commands }) => commands.filter(({ language }) => language === 'terraform'))

const stepMarkup = ({ text, asides, commands }: Step, number: string): readonly Html[] => [
  ...(text === '' ? [] : [markup`<div>${number + text}</div>`]),
  ...asides.map(quoted),
  ...commands.filter(({ language }) => language === 'shell').flatMap(codeParts),
]

const codeParts = ({ language, lines: code }: Code): readonly Html[] => [
  ...(language === 'terraform' ? [markup`<div style="margin-top:14px">${small('Terraform')}</div>`] : []),
  pre(code),
]

/** `depth` counts the sections around the block. */
function partsOf(block: Block, depth: number, report: Report): readonly Html[] {
  const { language } = report
  switch (block.kind) {
    case 'section':
      return sectionParts(block, depth, report)
    case 'paragraph':
      if (depth > 0) return [markup`<p style="margin:2px 0">${block.text}</p>`]
      return block.style === 'small' ? [small(block.text)] : [markup`<p>${block.text}</p>`]
    case 'proof':
      return [small(labelled(block.label, some(block.values, MOST_VALUES, language), report))]
    case 'action':
      return [
        markup`<p style="margin:8px 0 2px"><strong>${block.label}</strong>${`${mark('colon', language)}${block.text}`}</p>`,
        ...block.asides.map(small),
      ]
    case 'code':
      return codeParts(block)
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
  const { caption, legend, topic } = table
  const { language } = report
  const rows = table.rows.toSorted((a, b) => a.order - b.order).slice(0, MOST_ROWS[topic])
  const rest = table.rows.length - rows.length
  const sources = caption ? some(caption.values, MOST_SOURCES, language) : ''
  const omitted = rest > 0 ? [report.omittedRows(rest)] : []
  const foot = [...(legend === undefined ? [] : [legend]), ...omitted].join(' · ')
  return [
    ...(caption ? [small(sources === '' ? caption.label : labelled(caption.label, sources, report))] : []),
    markup`<div style="overflow-x:auto"><table style="${STYLE.table}"><thead><tr>${headsOf(table).map((head) => markup`<th scope="col" style="${STYLE.cell};white-space:nowrap">${head}</th>`)}</tr></thead><tbody>`,
    ...rows.map((row) => (topic === 'backends' ? backendMarkup(row) : rowMarkup(row, table))),
    markup`</tbody></table></div>`,
    ...(foot === '' ? [] : [small(foot)]),
  ]
}

/** A phone has room for four columns: the backend, its status, where probes stop, and the signs of all hops. */
function headsOf(table: Table): readonly string[] {
  const { topic, columns, notesHead = '', stopsHead = '', signsHead = '' } = table
  const heads = columns.map(({ head }) => head)
  if (topic !== 'backends')
    return [...heads.filter((_, i) => !columns[i]?.isSame), ...(hasNotes(table) ? [notesHead] : [])]
  return [heads[0] ?? '', heads[3] ?? '', stopsHead, signsHead]
}

function backendMarkup({ cells, stops }: Row): Html {
  const [target, instance, weight, status, ...hops] = cells
  const pair = (above: string, below: string): Html =>
    markup`<td style="${STYLE.cell}">${above}<div class="grey" style="${STYLE.small}">${below}</div></td>`
  const signs = hops.map(({ text, detail }) => markup`<span title="${detail ?? ''}">${text}</span>`)
  return markup`<tr>${pair(target?.text ?? '', instance?.text ?? '')}${pair(status?.text ?? '', weight?.alone ?? '')}<td style="${STYLE.cell}">${stops ?? ''}</td><td style="${STYLE.cell};${STYLE.signs}">${signs}</td></tr>`
}

const hasNotes = ({ rows }: Table): boolean => rows.some(({ notes }) => notes.length > 0)

function rowMarkup({ cells, notes }: Row, table: Table): Html {
  const found = notes.map((note) => markup`<div>${note}</div>`)
  const shown = cells.filter((_, i) => !table.columns[i]?.isSame)
  return markup`<tr>${shown.map(cellMarkup)}${hasNotes(table) ? markup`<td style="${STYLE.cell}">${found}</td>` : ''}</tr>`
}

/** A state is a word or two, which a narrow page does not break. */
const cellMarkup = ({ text, tone }: Row['cells'][number]): Html =>
  tone === undefined
    ? markup`<td style="${STYLE.cell}">${text}</td>`
    : markup`<td style="${STYLE.cell};white-space:nowrap">${toned(tone, text)}</td>`

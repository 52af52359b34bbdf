import { mark } from '../../text/index.ts'
import {
  type Block,
  footLine,
  type Heading,
  type Link,
  type List,
  type Part,
  type Report,
  type Step,
  type Table,
} from '../blocks.ts'
import { some } from '../some.ts'
import { aroundLink } from './linked.ts'
import { indented, oneLine } from './safe.ts'

const MOST_VALUES = 20
const FENCES = { shell: 'sh', terraform: 'hcl', text: '' } as const
const MOST_SOURCES = 6

/** Prints GitHub-flavoured markdown for tickets. Commands stand in code fences; all other text is escaped. */
export function printMarkdown(report: Report): string {
  const { title, summary, details, place, foot, isWide, language } = report
  const out: string[] = [
    `# ${title.state}${title.name === '' ? '' : `${mark('colon', language)}${escaped(title.name)}`}`,
    '',
    ...summary.flatMap((part) => partLines(part, report)),
    ...(place === '' ? [] : [escaped(place), '']),
    ...(isWide ? [] : details.flatMap((block) => linesOf(block, 2, report))),
    '',
    ...foot.lines.flatMap((line) => [escaped(line), '']),
    escaped(footLine(foot)),
  ]
  return `${out.join('\n').replace(/\n{3,}/g, '\n\n')}\n`
}

/** `level` is the level of the headings. It may return several empty lines in a row; `printMarkdown` keeps one. */
function linesOf(block: Block, level: number, report: Report): readonly string[] {
  const { language } = report
  switch (block.kind) {
    case 'section':
      return [
        `${'#'.repeat(level)} ${headingText(block.heading, report)}`,
        '',
        ...block.blocks.flatMap((inner) => linesOf(inner, level + 1, report)),
        '',
      ]
    case 'paragraph':
      return [escaped(block.text), '']
    case 'proof': {
      const values = escaped(some(block.values, MOST_VALUES, language))
      return [`- ${block.label === undefined ? '' : `${block.label}${mark('colon', language)}`}${values}`]
    }
    case 'action':
      return [
        '',
        `**${block.label}**${mark('colon', language)}${escaped(block.text)}`,
        ...block.asides.flatMap((aside) => ['', escaped(aside)]),
      ]
    case 'code':
      return ['', ...fence(block.lines, '', FENCES[block.language])]
    case 'list':
      return listLines(block)
    case 'table':
      return tableLines(block, report)
  }
}

/** `**label** text`, then quotes, numbered steps with their commands, and links. */
function partLines(
  { label, text, link, quotes = [], steps = [], links = [] }: Part,
  _: Report,
): readonly string[] {
  const lead = label === undefined ? '' : `**${label}** `
  const line = `${lead}${linked(text, link)}`.trim()
  return [
    ...(line === '' ? [] : [line, '']),
    ...(quotes.length > 0 ? [...quotes.map((quote) => `> ${escaped(quote)}  `), ''] : []),
    ...steps.flatMap((step, i) => stepLines(step, steps.length > 1 ? `${i + 1}. ` : '')),
    ...(links.length > 0 ? [links.map(({ text, url }) => `[${escaped(text)}](${url})`).join(' · '), ''] : []),
  ]
}

function linked(text: string, link: Link | undefined): string {
  const parts = aroundLink(text, link)
  if (!parts) return escaped(text)
  const { before, after } = parts
  return `${escaped(before)}[${escaped(parts.link.text)}](${parts.link.url})${escaped(after)}`
}

function stepLines({ text, asides, commands }: Step, number: string): readonly string[] {
  const indent = ' '.repeat(number.length)
  return [
    ...(text === '' ? [] : [`${number}${escaped(text)}`, '']),
    ...asides.flatMap((aside) => [`${indent}> ${escaped(aside)}`, '']),
    ...commands.flatMap(({ language, lines }) => fence(lines, indent, FENCES[language])),
  ]
}

const headingText = ({ label, text }: Heading, { language }: Report): string =>
  label === undefined ? escaped(text) : `${label}${mark('colon', language)}${escaped(text)}`

const listLines = ({ items }: List): readonly string[] => [
  ...items.flatMap(({ text, steps }) => [
    `- ${escaped(text)}`,
    ...(steps ? ['', ...fence(steps.lines, '  ', 'sh')] : []),
  ]),
  '',
]

function tableLines(
  { caption, columns, rows, notesHead, legend }: Table,
  { language }: Report,
): readonly string[] {
  const sources = caption ? some(caption.values, MOST_SOURCES, language) : ''
  const heads = [...columns.map(({ head }) => head), ...(notesHead === undefined ? [] : [notesHead])]
  return [
    ...(caption
      ? [escaped(`${caption.label}${sources === '' ? '' : `${mark('colon', language)}${sources}`}`), '']
      : []),
    row(heads),
    row(heads.map(() => '---')),
    ...rows
      .toSorted((a, b) => a.order - b.order)
      .map(({ cells, notes }) =>
        row([
          ...cells.map(({ text }) => escaped(text)),
          ...(notesHead === undefined ? [] : [notes.map(escaped).join('<br>')]),
        ]),
      ),
    '',
    ...(legend === undefined ? [] : [legend, '']),
  ]
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** A code fence that is longer than any run of backticks in its lines. */
function fence(lines: readonly string[], indent: string, language: 'sh' | 'hcl' | ''): readonly string[] {
  const longest = lines
    .flatMap((line) => line.match(/`+/g) ?? [])
    .reduce((most, run) => Math.max(most, run.length), 2)
  const mark = '`'.repeat(longest + 1)
  return [`${mark}${language}`, ...lines.map((line) => indented(line, oneLine)), mark, ''].map((line) =>
    line === '' ? '' : indent + line,
  )
}

/** Escapes a text so that nothing in it becomes markup, a link, HTML or a mention. */
const escaped = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*_{}[\]()#+!|~]/g, (character) => `\\${character}`)
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '@\u2060')

import { isCause } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import type { ScanFinding, ScanRow } from '../model/scan.ts'
import type { Row, Table } from './blocks.ts'
import { CERTAINTIES, colon, ROLES, TITLES, VERDICTS } from './messages.ts'
import { word } from './scan-messages.ts'
import { TONES } from './tones.ts'
import { isFound, NOT_SERVING } from './traffic.ts'

const MOST_LINES = 3

export const hasSomething = ({ verdict, findings }: ScanRow): boolean =>
  verdict !== 'healthy' || findings.length > 0

export const clbName = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  name === '' ? id : `${name} (${id})`

/** One row for each CLB that has something to say. `isWide`: several regions were asked. */
export function rowsTable(rows: readonly ScanRow[], isWide: boolean, language: Language): Table {
  return {
    kind: 'table',
    topic: 'load-balancers',
    columns: [
      { head: '' },
      { head: word('clb', language) },
      { head: word('region', language), isSame: !isWide },
      { head: word('backends', language) },
    ],
    notesHead: word('found', language),
    rows: rows.map((row, i) => rowOf(row, i, language)),
  }
}

function rowOf(row: ScanRow, i: number, language: Language): Row {
  const state = (isFound(row.findings, NOT_SERVING) ? TITLES.notServing : VERDICTS[row.verdict])[language]
  return {
    cells: [
      { text: state, tone: TONES[row.verdict] },
      { text: clbName(row), id: row.id },
      { text: row.region },
      { text: backendsOf(row, language) },
    ],
    notes: notesOf(row, language),
    order: 0,
    brief: { rank: 10 + i, items: 1, most: 160 },
  }
}

/** `Cause (certain): …`; what is worst first, at most three, the rest counted. */
function notesOf(row: ScanRow, language: Language): readonly string[] {
  const { findings } = row
  const causes = findings.filter(isCause)
  // Without a cause the headline says why. On a healthy CLB the findings are all there is to say.
  const lead = row.verdict === 'healthy' || causes.length > 0 ? [] : [reasonOf(row)]
  const told = causes.length > 0 ? causes : findings
  const lines = [...lead, ...told.map((finding) => findingLine(finding, language))].slice(0, MOST_LINES)
  const rest = findings.length - (lines.length - lead.length)
  return rest > 0 ? [...lines, word('more', language, { count: rest })] : lines
}

/** What was measured: `2/5 dead`, `3 unknown`, `1/3 alive, 2 unchecked`. */
function backendsOf({ counts, findings }: ScanRow, language: Language): string {
  const { total, dead, alive, unknown, off } = counts
  if (total === 0) return word('none', language)
  const said = [
    ...(dead > 0 ? (['dead'] as const) : alive > 0 ? (['alive'] as const) : []),
    ...(unknown > 0 ? (['unknown'] as const) : []),
    ...(off > 0 ? (['off'] as const) : []),
    ...(isFound(findings, ['load-balancer-state/vip-blocked']) ? (['vipBlocked'] as const) : []),
  ]
  return said.map((one) => word(one, language, { ...counts })).join(language === 'en' ? ', ' : '，')
}

/** The headline without the name, which stands beside it. */
const reasonOf = ({ id, name, headline }: ScanRow): string =>
  [`${name} (${id})`, id].reduce(
    (text, clb) => text.replace(new RegExp(`^${escaped(clb)}[:：]\\s*`), ''),
    headline,
  )

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function findingLine({ role, certainty, title }: ScanFinding, language: Language): string {
  const sure = CERTAINTIES[certainty][language]
  const lead =
    role === 'note'
      ? ROLES.note[language]
      : language === 'en'
        ? `${ROLES[role].en} (${sure})`
        : `${ROLES[role][language]}（${sure}）`
  return `${lead}${colon(language)}${title}`
}

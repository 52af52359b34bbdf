import { isCause, type Verdict } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import type { ScanFinding, ScanRow } from '../model/scan.ts'
import { clauses, mark, t, withAside } from '../text/index.ts'
import type { Row, Table, Tone } from './blocks.ts'
import { isFound, NOT_SERVING } from './impact.ts'
import { TEXTS } from './texts.ts'

const MOST_LINES = 3

export const TONES: Readonly<Record<Verdict, Tone>> = {
  healthy: 'green',
  degraded: 'amber',
  down: 'red',
  inconclusive: 'grey',
}

/** Does somebody have to act? A scan of an older version has no `attention`. */
export const isSick = ({ attention, verdict }: ScanRow): boolean =>
  attention === undefined
    ? verdict === 'down' || verdict === 'degraded'
    : attention === 'act-now' || attention === 'act-soon'

export const hasSomething = ({ verdict, findings }: ScanRow): boolean =>
  verdict !== 'healthy' || findings.length > 0

export const clbName = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  name === '' ? id : `${name} (${id})`

/** One row for each CLB that is not simply healthy. `isWide`: several regions were scanned. */
export function rowsTable(rows: readonly ScanRow[], isWide: boolean, language: Language): Table {
  return {
    kind: 'table',
    topic: 'load-balancers',
    columns: [
      { head: '' },
      { head: t(TEXTS.scan.clb, {}, language) },
      { head: t(TEXTS.scan.region, {}, language), isSame: !isWide },
      { head: t(TEXTS.scan.backends, {}, language) },
    ],
    notesHead: t(TEXTS.scan.found, {}, language),
    rows: rows.map((row, i) => rowOf(row, i, language)),
  }
}

function rowOf(row: ScanRow, i: number, language: Language): Row {
  const settled = row.nothingToCheck
  const served = isFound(row.findings, NOT_SERVING) ? TEXTS.state.notServing : TEXTS.verdicts[row.verdict]
  const state = (settled === undefined ? served : TEXTS.scan.settled[settled])[language]
  return {
    cells: [
      { text: state, tone: settled === undefined ? TONES[row.verdict] : TONES.inconclusive },
      { text: clbName(row), id: row.id },
      { text: row.region },
      { text: backendsOf(row, language) },
    ],
    notes: notesOf(row, language),
    order: 0,
    brief: { rank: 10 + i, items: 1, most: 160 },
  }
}

/** `Cause (certain): …`: at most three findings, the worst first, the others counted. */
function notesOf(row: ScanRow, language: Language): readonly string[] {
  const { findings } = row
  const causes = findings.filter(isCause)
  // Without a cause the headline says why. A healthy CLB has only its findings.
  const lead = row.verdict === 'healthy' || causes.length > 0 ? [] : [reasonOf(row)]
  const told = causes.length > 0 ? causes : findings
  const lines = [...lead, ...told.map((finding) => findingLine(finding, language))].slice(0, MOST_LINES)
  const rest = findings.length - (lines.length - lead.length)
  return rest > 0 ? [...lines, t(TEXTS.scan.more, { count: rest }, language)] : lines
}

/** The state of the backends, e.g. `2/5 dead`, `3 unknown`, `1/3 alive, 2 unchecked`. */
function backendsOf({ counts, findings }: ScanRow, language: Language): string {
  const { total, dead, alive, unknown, off } = counts
  if (total === 0) return t(TEXTS.scan.none, {}, language)
  const said = [
    ...(dead > 0 ? (['dead'] as const) : alive > 0 ? (['alive'] as const) : []),
    ...(unknown > 0 ? (['unknown'] as const) : []),
    ...(off > 0 ? (['off'] as const) : []),
    ...(isFound(findings, ['load-balancer-state/vip-blocked']) ? (['vipBlocked'] as const) : []),
  ]
  return clauses(
    said.map((one) => t(TEXTS.scan[one], { ...counts }, language)),
    language,
  )
}

/** The headline without the name, which has a column of its own. */
const reasonOf = ({ id, name, headline }: ScanRow): string =>
  [`${name} (${id})`, id].reduce(
    (text, clb) => text.replace(new RegExp(`^${escaped(clb)}[:：]\\s*`), ''),
    headline,
  )

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function findingLine({ role, certainty, title }: ScanFinding, language: Language): string {
  const name = TEXTS.roles[role][language]
  const lead = role === 'note' ? name : withAside(name, TEXTS.certainties[certainty][language], language)
  return `${lead}${mark('colon', language)}${title}`
}

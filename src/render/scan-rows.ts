import { isCause, type Verdict } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { NOT_SERVING } from '../model/requests.ts'
import { type ScanCause, type ScanFinding, type ScanRow, thingKey } from '../model/scan.ts'
import { clauses, mark, t, withAside } from '../text/index.ts'
import type { Row, Table, Tone } from './blocks.ts'
import { isFound } from './impact.ts'
import { reasonOf } from './reason.ts'
import { TEXTS } from './texts.ts'
import { ATTENTION_TONES } from './tones.ts'

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

/** Has the table a row for it? CLBs that are healthy or have nothing to check are numbers. */
export const isTold = ({ verdict, findings, nothingToCheck }: ScanRow): boolean =>
  nothingToCheck === undefined && (verdict !== 'healthy' || findings.some(({ role }) => role !== 'note'))

export const clbName = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  name === '' ? id : `${name} (${id})`

export const shortName = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  name === '' ? id : name

/** The report around the rows. */
interface Around {
  /** Several regions were scanned. */
  readonly isWide: boolean
  /** The causes that the summary shows, in its order. */
  readonly causes: readonly ScanCause[]
  readonly language: Language
}

export function rowsTable(rows: readonly ScanRow[], around: Around): Table {
  const { isWide, language } = around
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
    rows: rows.map((row) => rowOf(row, around)),
  }
}

function rowOf(row: ScanRow, around: Around): Row {
  const { language } = around
  const state = (
    row.requests === 'none' || isFound(row.findings, NOT_SERVING)
      ? TEXTS.state.notServing
      : TEXTS.verdicts[row.verdict]
  )[language]
  return {
    cells: [
      { text: state, tone: toneOf(row) },
      { text: clbName(row), id: row.id },
      { text: row.region },
      { text: backendsOf(row, language) },
    ],
    notes: notesOf(row, around),
    order: 0,
  }
}

/** A CLB at risk is amber, also while all its backends are healthy. */
const toneOf = ({ verdict, attention }: ScanRow): Tone =>
  verdict === 'inconclusive' || attention === undefined ? TONES[verdict] : ATTENTION_TONES[attention]

/** The causes of the row, the first ones by the numbers that the summary gives them; without a cause what is known. */
function notesOf(row: ScanRow, { causes, language }: Around): readonly string[] {
  const own = causes.flatMap((cause, i) => (cause.loadBalancers.includes(row.id) ? [{ cause, i }] : []))
  const findings = row.findings.filter(({ role }) => role !== 'note')
  const isNumbered = (finding: ScanFinding): boolean =>
    own.some(({ cause }) => thingKey(cause) === thingKey(finding) && cause.certainty === finding.certainty)
  const numbers =
    causes.length > 1 ? [...new Set(own.map(({ i }) => i))].map((i) => numbered(i, language)) : []
  const lead =
    own.length > 0
      ? numbers
      : row.verdict === 'healthy' || findings.some(isCause)
        ? []
        : [reasonOf(row.headline, row)]
  const told = findings.filter(
    (finding) => (own.length > 0 ? isCause(finding) : true) && !isNumbered(finding),
  )
  const lines = [...lead, ...told.map((finding) => findingLine(finding, language))].slice(0, MOST_LINES)
  const rest = told.length - (lines.length - lead.length)
  return rest > 0 ? [...lines, t(TEXTS.scan.more, { count: rest }, language)] : lines
}

const numbered = (i: number, language: Language): string =>
  t(TEXTS.scan.numbered, { label: TEXTS.roles.cause[language], number: i + 1 }, language)

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

function findingLine({ role, certainty, title }: ScanFinding, language: Language): string {
  const name = TEXTS.roles[role][language]
  const lead = role === 'note' ? name : withAside(name, TEXTS.certainties[certainty][language], language)
  return `${lead}${mark('colon', language)}${title}`
}

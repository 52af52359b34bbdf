import type { GuestCheck, SourceOutcome } from '../../guest/index.ts'
import { groupBy } from '../../model/group-by.ts'
import { codeClassesIn } from '../../model/http-codes.ts'
import type { Language } from '../../model/language.ts'
import { oneLine, pad, t, widthOf } from '../../text/index.ts'
import type { GuestAnswer, GuestFinding } from './answer.ts'
import { TEXTS } from './texts.ts'

// The answer for a person: who gets through, why not, what to do, and which layers were not read.

export const answerText = (answer: GuestAnswer, check: GuestCheck, language: Language): string =>
  textUnder(headOf(answer, checkText(check, language), language), answer, language)

const headOf = ({ target, pool }: GuestAnswer, check: string, language: Language): string =>
  pool
    ? t(TEXTS.headOfPool, { target, pool: pool.name, check }, language)
    : t(TEXTS.head, { target, check }, language)

/** The same of what kubectl printed. */
export const clusterText = (answer: GuestAnswer, language: Language): string =>
  textUnder(t(TEXTS.cluster.head, { target: answer.target }, language), answer, language)

function textUnder(
  head: string,
  { notes = [], outcomes, findings, notSeen }: GuestAnswer,
  language: Language,
): string {
  return (
    [
      [head, ...notes],
      outcomeLines(outcomes, language),
      ...(findings.length === 0 ? [[TEXTS[outcomes.every(isOk) ? 'clean' : 'none'][language]]] : []),
      ...findings.map((finding, i) => findingLines(finding, i + 1, language)),
      ...(notSeen.length === 0 ? [] : [[TEXTS.notSeenHead[language], ...notSeen.map((line) => `- ${line}`)]]),
    ]
      // A rule's comment or a process may have any name.
      .map((lines) => lines.map((line) => `${printable(line)}\n`).join(''))
      .join('\n')
  )
}

const isOk = ({ outcome }: SourceOutcome): boolean => outcome === 'ok'

/** Indentation stays. */
const printable = (line: string): string => `${/^ */.exec(line)?.[0] ?? ''}${oneLine(line)}`

function checkText(check: GuestCheck, language: Language): string {
  const { kind, method, path, timeoutSeconds: seconds } = check
  if (kind !== 'http' && kind !== 'https')
    return t(TEXTS.checks.other, { kind: kind.toUpperCase(), seconds }, language)
  const request = `${kind.toUpperCase()} ${method} ${path}`
  return t(TEXTS.checks.http, { request, codes: codeClassesIn(check.httpCodes).join(' '), seconds }, language)
}

/** Sources with one outcome in one line. */
function outcomeLines(outcomes: readonly SourceOutcome[], language: Language): readonly string[] {
  const rows = [...groupBy(outcomes, ({ outcome, decidedBy }) => `${outcome} ${decidedBy}`).values()].map(
    (group) => ({ ...group[0], source: shortened(group.map(({ source }) => source)) }),
  )
  const width = Math.max(...rows.map(({ source }) => widthOf(source)))
  return rows.map(({ source, outcome = 'unknown', decidedBy = null }) => {
    const text = TEXTS.outcomes[outcome][language]
    const decided = decidedBy === null ? text : t(TEXTS.decided, { outcome: text, by: decidedBy }, language)
    return `${pad(source, width)}  ${decided}`
  })
}

const MOST_SOURCES = 3

const shortened = (sources: readonly string[]): string =>
  [
    ...sources.slice(0, MOST_SOURCES),
    ...(sources.length > MOST_SOURCES ? [`+${sources.length - MOST_SOURCES}`] : []),
  ].join(' ')

function findingLines(finding: GuestFinding, number: number, language: Language): readonly string[] {
  const { code, title, detail, fix } = finding
  const certainty = TEXTS.certainty[finding.certainty][language]
  const [first = '', ...others] = fix.split('\n')
  return [
    `${number}. ${t(TEXTS.finding, { title, certainty, code }, language)}`,
    ...detail.split('\n').map((line) => `   ${line}`),
    `   ${t(TEXTS.sources, { sources: finding.sources }, language)}`,
    ...(first === '' ? [] : [`   ${t(TEXTS.fix, { fix: first }, language)}`]),
    ...others.map((line) => `     ${line}`),
  ]
}

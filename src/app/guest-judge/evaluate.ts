import { runChecks } from '../../checks/index.ts'
import { buildDiagnosis, type Circumstances } from '../../diagnosis/index.ts'
import {
  cidrsOf,
  evaluateGuest,
  factsOf,
  type GuestCheck,
  type GuestEvaluation,
  type GuestFacts,
  type GuestReason,
  outcomesOf,
  sourcesIn,
  tellingReasons,
  usualSources,
} from '../../guest/index.ts'
import type { Finding } from '../../model/diagnosis.ts'
import type { GuestReport } from '../../model/guest.ts'
import { familyOf } from '../../model/ip.ts'
import type { Language } from '../../model/language.ts'
import { evaluatePaths } from '../../path/index.ts'
import { t } from '../../text/index.ts'
import type { GuestAnswer, GuestFinding } from './answer.ts'
import { notSeenLines } from './not-seen.ts'
import { dated, notesOn } from './notes.ts'
import { type AskedCheck, type AskedTarget, checkOf, targetOf, targetText } from './question.ts'
import { standInOf } from './stand-in.ts'
import { TEXTS } from './texts.ts'

/** What is asked about one report. Null: what the report itself or the contract says. */
export interface GuestQuestion {
  readonly report: GuestReport
  readonly target: AskedTarget | null
  readonly sources: readonly string[] | null
  readonly check: AskedCheck
  readonly language: Language
}

/**
 * Why a report cannot be evaluated:
 * - `nothing-read`: nothing that is known is in it
 * - `no-target`, `no-port`: nobody says which address or port was looked at
 * - `other-family`: IPv4 sources of an IPv6 target, or the other way round
 * - `not-in-snapshot`, `not-probed`: the snapshot has no such backend, or its CLB does not probe it
 */
export type GuestRefusal =
  | 'nothing-read'
  | 'no-target'
  | 'no-port'
  | 'other-family'
  | 'not-in-snapshot'
  | 'not-probed'

export type Evaluated =
  | { readonly refusal: GuestRefusal }
  | ({ readonly refusal: null; readonly others?: readonly Answered[] } & Answered)

export interface Answered {
  readonly answer: GuestAnswer
  readonly check: GuestCheck
}

/** What the probes from each source meet on the machine of a report. */
export function evaluateReport(question: GuestQuestion): Evaluated {
  const { language } = question
  const facts = factsOf(question.report)
  const report = dated(question.report, facts)
  if (isNothing(facts)) return { refusal: 'nothing-read' }
  const told = targetOf(facts)
  const target = question.target === null ? told : withPort(question.target, told)
  if (target === null) return { refusal: 'no-target' }
  const check = checkOf(facts, target, question.check)
  if (check.port === null && check.kind !== 'ping') return { refusal: 'no-port' }
  const family = familyOf(check.ip)
  const sources = question.sources ?? toldSources(facts)
  const set = sources === null ? usualSources(family) : sourcesIn(sources, family)
  if (set === null) return { refusal: 'other-family' }
  const evaluation = evaluateGuest(facts, check, set)
  const reasons = tellingReasons(evaluation, set)
  const isProvable = reasons.some(
    ({ params, certainty }) => Number(params.moved) > 0 && certainty === 'likely',
  )
  const notes = [
    ...notesOn({ report, facts, check, language }, null),
    ...(isProvable ? [TEXTS.notes.provable[language]] : []),
  ]
  const answer = {
    target: targetText(check),
    ...noted(notes),
    outcomes: outcomesOf(evaluation, sources),
    findings: reasons.map((reason) => findingOf(reason, evaluation, { report, language, sources, check })),
    notSeen: notSeenLines(evaluation, report.kind === 'recorded', language),
  }
  return { refusal: null, answer, check }
}

export const noted = (notes: readonly string[]): Pick<GuestAnswer, 'notes'> =>
  notes.length === 0 ? {} : { notes }

/** The output tells the port of an address that is given without one. */
const withPort = (given: AskedTarget, told: AskedTarget | null): AskedTarget =>
  given.port === null && told?.ip === given.ip ? told : given

/** The sources that the probe was told of. */
const toldSources = ({ target }: GuestFacts): readonly string[] | null =>
  target?.sources && target.sources.length > 0 ? target.sources : null

/** True if no line of it could be read. */
export const isNothing = (facts: GuestFacts): boolean =>
  facts.target === null &&
  facts.listening === null &&
  facts.devices === null &&
  facts.routes === null &&
  facts.policies === null &&
  facts.conntrack === null &&
  facts.ipvs === null &&
  facts.requests.length === 0 &&
  facts.filters.length === 0 &&
  Object.keys(facts.sysctls).length === 0

interface Asked {
  readonly report: GuestReport
  readonly sources: readonly string[] | null
  readonly check: GuestCheck
  readonly language: Language
}

/** The texts are those of the check. */
export function findingOf(reason: GuestReason, evaluation: GuestEvaluation, asked: Asked): GuestFinding {
  const { code, certainty } = reason
  const found = diagnosed(reason, evaluation, asked)
  const texts = found === null ? ownTexts(reason, asked.language) : found
  return { code, certainty, sources: cidrsOf(reason.sources), ...texts }
}

type FindingTexts = Pick<GuestFinding, 'title' | 'detail' | 'fix'>

/**
 * The one finding of a diagnosis in which nothing else is wrong, about the probes that the reason stops. Null if no check
 * knows the reason.
 */
function diagnosed(reason: GuestReason, evaluation: GuestEvaluation, asked: Asked): FindingTexts | null {
  const isWhole = asked.sources === null && evaluation.parts.length === 1
  const standIn = standInOf({ ...asked, sources: isWhole ? null : cidrsOf(reason.sources) })
  const paths = evaluatePaths(standIn, () => ({ ...evaluation, reasons: [reason] }))
  const { findings } = buildDiagnosis(
    paths,
    runChecks(paths),
    circumstancesOf(asked.report.at, asked.language),
  )
  const found = findings.find(({ code }) => code === reason.code)
  return found === undefined ? null : textsOf(withoutCloud(found))
}

export const circumstancesOf = (at: string, language: Language): Circumstances => ({
  id: 'dx-guest',
  createdAt: at,
  language,
  timeZone: null,
  console: 'cn',
  trigger: { source: 'cli', alarm: null },
  stats: { apiCalls: 0, retries: 0, waves: 0, durationMs: 0 },
  expected: [],
})

/** Without a snapshot nobody knows the CLB, so its settings cannot be changed by a command. */
export const withoutCloud = (finding: Finding): Finding => ({
  ...finding,
  fix: finding.fix && {
    ...finding.fix,
    commands: (finding.fix.commands ?? []).filter(({ tool }) => tool !== 'tccli'),
  },
})

export const textsOf = (finding: Finding): FindingTexts => ({
  title: finding.title,
  detail: finding.detail,
  fix: fixText(finding),
})

const fixText = ({ fix }: Finding): string =>
  fix === null
    ? ''
    : [fix.summary, ...(fix.commands ?? []).map(({ line }) => line), ...(fix.notes ?? [])].join('\n')

function ownTexts({ code, decidedBy, params }: GuestReason, language: Language): FindingTexts {
  const values = { by: decidedBy, port: params.port ?? '' }
  const name = code.split('/')[1] ?? ''
  if (name === 'no-endpoints' || name === 'local-policy-no-pod') {
    const { title, detail, fix } = TEXTS.others[name]
    return { title: t(title, values, language), detail: t(detail, values, language), fix: fix[language] }
  }
  const { title, detail } = TEXTS.others[params.port === undefined ? 'ping' : 'any']
  return { title: t(title, values, language), detail: t(detail, values, language), fix: '' }
}

import type { GuestCheck, GuestFacts } from '../../guest/index.ts'
import type { GuestReport } from '../../model/guest.ts'
import type { Language } from '../../model/language.ts'
import { t } from '../../text/index.ts'
import { targetText } from './question.ts'
import { TEXTS } from './texts.ts'

// What a reader has to know of an output: whether it is about this backend and these sources, and when it was made.

const WORDS = TEXTS.notes
/** The report with the time that the output itself tells. A copied file has another one. */
export const dated = (report: GuestReport, { at }: GuestFacts): GuestReport =>
  at === undefined || report.by === 'tat' ? report : { ...report, at }

/** Of the snapshot that the output stands beside. */
export interface Beside {
  readonly takenAt: string
  /** True if the machine may have changed between the look inside and the snapshot, so that nothing is certain. */
  readonly isOfOtherTime: boolean
  /** CIDRs of the probes of the CLB. */
  readonly sources: readonly string[]
  /** Of the check that the answer is about. */
  readonly pool: string
  /** True if the script was asked about another check of this backend. */
  readonly isOfOtherCheck: boolean
}

interface Noted {
  /** As `dated`. */
  readonly report: GuestReport
  readonly facts: GuestFacts
  readonly check: GuestCheck
  readonly language: Language
}

export function notesOn({ report, facts, check, language }: Noted, beside: Beside | null): readonly string[] {
  const at = timeText(report.at)
  // A folder of recordings never tells its time, which matters only beside a snapshot.
  const isDatable = report.kind === 'probe' || beside !== null
  return [
    ...otherTarget(facts, check, language),
    ...(beside?.isOfOtherCheck === true ? [otherCheck(facts, check, beside, language)] : []),
    ...(beside === null ? [] : otherSources(facts, beside, language)),
    ...(facts.at === undefined && report.by === 'hand' && isDatable
      ? [t(WORDS.undated, { at }, language)]
      : []),
    ...(beside?.isOfOtherTime === true
      ? [t(WORDS.otherTime, { at, taken: timeText(beside.takenAt) }, language)]
      : []),
  ]
}

function otherTarget({ target }: GuestFacts, check: GuestCheck, language: Language): readonly string[] {
  if (target === null) return []
  const isSame = target.ip === check.ip && (check.port === null || target.port === check.port)
  const values = { asked: targetText(target), target: targetText(check) }
  return isSame ? [] : [t(WORDS.otherTarget, values, language)]
}

function otherCheck(
  { target, requests }: GuestFacts,
  check: GuestCheck,
  { pool }: Beside,
  language: Language,
): string {
  const own = requests.find(({ isOfCheck }) => isOfCheck)
  const asked = requestText({
    kind: target?.kind ?? check.kind,
    method: own?.method ?? 'GET',
    host: target?.host ?? null,
    path: target?.path ?? '/',
  })
  return t(WORDS.otherCheck, { asked, pool, own: requestText(check) }, language)
}

const requestText = ({ kind, method, host, path }: Pick<GuestCheck, 'kind' | 'method' | 'host' | 'path'>) =>
  kind === 'http' || kind === 'https' || kind === 'grpc'
    ? `${kind.toUpperCase()} ${method} ${host ?? ''}${path}`
    : kind.toUpperCase()

/** The script leaves out of long lists what cannot meet the sources that it was told of. */
function untold({ target }: GuestFacts, { sources }: Beside): readonly string[] {
  const told = target?.sources ?? []
  return told.length === 0 ? [] : sources.filter((cidr) => !told.includes(cidr))
}

/** True if nothing in the output is certain beside this snapshot. */
export const isDoubtful = (facts: GuestFacts, beside: Beside): boolean =>
  beside.isOfOtherTime || untold(facts, beside).length > 0

function otherSources(facts: GuestFacts, beside: Beside, language: Language): readonly string[] {
  const told = facts.target?.sources ?? []
  const missing = untold(facts, beside)
  if (missing.length === 0) return []
  return [t(WORDS.otherSources, { told: told.join(' '), missing: missing.join(' ') }, language)]
}

const timeText = (at: string): string => `${at.slice(0, 19).replace('T', ' ')} UTC`

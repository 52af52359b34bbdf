import { runChecks } from '../../checks/index.ts'
import { buildDiagnosis } from '../../diagnosis/index.ts'
import { cidrsOf, evaluateGuest, factsOf, outcomesOf, sourcesIn } from '../../guest/index.ts'
import { endpointOf } from '../../model/endpoint.ts'
import { ok } from '../../model/fact.ts'
import { familyOf } from '../../model/ip.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import {
  type EvaluatedTarget,
  evaluatePaths,
  type Paths,
  probeSourcesOf,
  reasonsOf,
} from '../../path/index.ts'
import type { GuestFinding } from './answer.ts'
import {
  circumstancesOf,
  type Evaluated,
  findingOf,
  type GuestQuestion,
  isNothing,
  noted,
  textsOf,
} from './evaluate.ts'
import { notSeenLines } from './not-seen.ts'
import { type Beside, dated, isDoubtful, notesOn } from './notes.ts'
import { type AskedTarget, targetOf, targetText } from './question.ts'

/** The report of a backend that is in a snapshot: the check and the sources of the probes are those of the CLB. */
export function evaluateInSnapshot(question: GuestQuestion, snapshot: Snapshot): Evaluated {
  const { language, sources } = question
  const facts = factsOf(question.report)
  const report = dated(question.report, facts)
  if (isNothing(facts)) return { refusal: 'nothing-read' }
  const asked = question.target ?? targetOf(facts)
  if (asked === null) return { refusal: 'no-target' }
  const found = targetIn(evaluatePaths(snapshot), asked)
  if (found === null) return { refusal: 'not-in-snapshot' }
  // It stands before what TAT brought for the check of this very backend.
  const own = { [endpointOf(found)]: ok(report), [found.key]: ok(report) }
  const paths = evaluatePaths({ ...snapshot, guests: { ...snapshot.guests, ...own } })
  const target = everyTarget(paths).find((one) => one.key === found.key)
  if (!target?.guest) return { refusal: 'not-probed' }
  const { guest, guestCheck: check } = target
  const set = sources === null ? null : sourcesIn(sources, familyOf(check.ip))
  if (sources !== null && set === null) return { refusal: 'other-family' }
  const evaluation = set === null ? guest : evaluateGuest(facts, check, set)
  const diagnosis = buildDiagnosis(paths, runChecks(paths), circumstancesOf(report.at, language))
  const beside: Beside = {
    takenAt: snapshot.takenAt,
    onset: paths.onsets.get(target.key) ?? null,
    sources: cidrsOf(probeSourcesOf(target)),
  }
  const isInDoubt = isDoubtful(report, facts, beside)
  const findings = reasonsOf(target).map((reason): GuestFinding => {
    const own = diagnosis.findings.filter(({ code }) => code === reason.code)
    const finding =
      own.find(({ explains, contradictedBy }) => [...explains, ...contradictedBy].includes(target.key)) ??
      own[0]
    if (finding === undefined) return findingOf(reason, guest, { report, language, sources, check })
    const { code } = finding
    const certainty = isInDoubt && finding.certainty === 'certain' ? 'likely' : finding.certainty
    return { code, certainty, sources: cidrsOf(reason.sources), ...textsOf(finding) }
  })
  const answer = {
    target: targetText(check),
    ...noted(notesOn({ report, facts, check, language }, beside)),
    outcomes: outcomesOf(evaluation, sources),
    findings,
    notSeen: notSeenLines(evaluation, report.kind === 'recorded', language),
  }
  return { refusal: null, answer, check }
}

const everyTarget = ({ pools }: Paths): readonly EvaluatedTarget[] => pools.flatMap(({ targets }) => targets)

/** A Dead one first: the same port may be bound to several listeners. The port may be that of the check. */
function targetIn(paths: Paths, { ip, port }: AskedTarget): EvaluatedTarget | null {
  const all = everyTarget(paths).filter((target) => target.ip === ip)
  const own = all.filter((target) => port === null || target.port === port || target.guestCheck.port === port)
  return own.find(({ status }) => status === 'Dead') ?? own[0] ?? null
}

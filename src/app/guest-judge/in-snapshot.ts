import { isOfOtherTime, runChecks } from '../../checks/index.ts'
import { buildDiagnosis } from '../../diagnosis/index.ts'
import {
  cidrsOf,
  evaluateGuest,
  factsOf,
  type GuestEvaluation,
  type GuestFacts,
  outcomesOf,
  requestKeyOf,
  sourcesIn,
  withoutOwnRequests,
} from '../../guest/index.ts'
import type { Diagnosis } from '../../model/diagnosis.ts'
import { endpointOf, poolName } from '../../model/endpoint.ts'
import { ok } from '../../model/fact.ts'
import type { GuestReport } from '../../model/guest.ts'
import { familyOf } from '../../model/ip.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import {
  type EvaluatedTarget,
  evaluatePaths,
  type Paths,
  probeSourcesOf,
  reasonsOf,
} from '../../path/index.ts'
import { distinctChecks, type InPool } from '../own-checks.ts'
import type { GuestAnswer, GuestFinding } from './answer.ts'
import { askedAmong } from './asked-check.ts'
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

/**
 * The report of a backend that is in a snapshot: the check and the sources of the probes are those of the CLB. One answer
 * for each of its checks that the report can be about.
 */
export function evaluateInSnapshot(question: GuestQuestion, snapshot: Snapshot): Evaluated {
  const { language, sources } = question
  const facts = factsOf(question.report)
  const report = dated(question.report, facts)
  if (isNothing(facts)) return { refusal: 'nothing-read' }
  const named = question.target ?? targetOf(facts)
  if (named === null) return { refusal: 'no-target' }
  const found = distinctChecks(backendsIn(evaluatePaths(snapshot), named))
  const [first] = found
  if (first === undefined) return { refusal: 'not-in-snapshot' }
  if (sources !== null && sourcesIn(sources, familyOf(first.target.ip)) === null)
    return { refusal: 'other-family' }
  const asked = askedAmong(found, facts)
  const isOfOtherCheck = asked.length === 0
  const chosen = isOfOtherCheck ? found : asked
  const of = {
    report: { ...report, ...askedOf(asked, facts) },
    facts: isOfOtherCheck ? withoutOwnRequests(facts) : facts,
    isOfOtherCheck,
  }
  const paths = evaluatePaths(withReport(snapshot, of.report, chosen))
  const keys = chosen.map(({ target }) => target.key)
  const probed = inPools(paths)
    .filter(isProbed)
    .filter(({ target }) => keys.includes(target.key))
    .toSorted((a, b) => keys.indexOf(a.target.key) - keys.indexOf(b.target.key))
  const diagnosis = buildDiagnosis(paths, runChecks(paths), circumstancesOf(report.at, language))
  const [own, ...others] = probed.map((one) => ({
    answer: answerFor(one, of, { question, paths, diagnosis }),
    check: one.target.guestCheck,
  }))
  return own === undefined ? { refusal: 'not-probed' } : { refusal: null, ...own, others }
}

/** What the machine was asked to send. Nothing, if the output does not tell. */
function askedOf(asked: readonly InPool[], { target }: GuestFacts): Pick<GuestReport, 'asked'> {
  if (!target?.kind) return {}
  return { asked: asked[0] ? requestKeyOf(asked[0].target.guestCheck) : '' }
}

/** It stands before what TAT brought for the checks of these very backends. */
const withReport = (snapshot: Snapshot, report: GuestReport, chosen: readonly InPool[]): Snapshot => ({
  ...snapshot,
  guests: {
    ...snapshot.guests,
    ...Object.fromEntries(
      chosen.flatMap(({ target }) => [endpointOf(target), target.key].map((key) => [key, ok(report)])),
    ),
  },
})

/** A backend with what its machine says of the check. */
interface Probed extends InPool {
  readonly target: EvaluatedTarget & { readonly guest: GuestEvaluation }
}

const isProbed = (one: InPool): one is Probed => one.target.guest !== null

interface Output {
  readonly report: GuestReport
  readonly facts: GuestFacts
  /** True if the script was asked about another check of the backend. */
  readonly isOfOtherCheck: boolean
}

interface Around {
  readonly question: GuestQuestion
  readonly paths: Paths
  readonly diagnosis: Diagnosis
}

function answerFor({ pool, target }: Probed, output: Output, around: Around): GuestAnswer {
  const { language, sources } = around.question
  const { report, facts, isOfOtherCheck } = output
  const { guestCheck: check } = target
  const set = sources === null ? null : sourcesIn(sources, familyOf(check.ip))
  const evaluation = set === null ? target.guest : evaluateGuest(facts, check, set)
  const beside: Beside = {
    takenAt: around.paths.snapshot.takenAt,
    isOfOtherTime: isOfOtherTime(target, around.paths),
    sources: cidrsOf(probeSourcesOf(target)),
    pool: poolName(pool),
    isOfOtherCheck,
  }
  return {
    target: targetText(check),
    pool: { name: poolName(pool), listenerId: pool.listenerId, locationId: pool.locationId },
    ...noted(notesOn({ report, facts, check, language }, beside)),
    outcomes: outcomesOf(evaluation, sources),
    findings: findingsOn(target, isDoubtful(facts, beside), output, around),
    notSeen: notSeenLines(evaluation, report.kind === 'recorded', language),
  }
}

function findingsOn(
  target: Probed['target'],
  isInDoubt: boolean,
  { report }: Output,
  { question: { language, sources }, diagnosis }: Around,
): readonly GuestFinding[] {
  return reasonsOf(target).map((reason): GuestFinding => {
    const own = diagnosis.findings.filter(({ code }) => code === reason.code)
    const finding =
      own.find(({ explains, contradictedBy }) => [...explains, ...contradictedBy].includes(target.key)) ??
      own[0]
    const asked = { report, language, sources, check: target.guestCheck }
    const found: GuestFinding = finding
      ? {
          code: finding.code,
          certainty: finding.certainty,
          sources: cidrsOf(reason.sources),
          ...textsOf(finding),
        }
      : findingOf(reason, target.guest, asked)
    return isInDoubt && found.certainty === 'certain' ? { ...found, certainty: 'likely' } : found
  })
}

const inPools = ({ pools }: Paths): readonly InPool[] =>
  pools.flatMap((pool) => pool.targets.map((target) => ({ pool, target })))

/** The port may be that of the check. */
const backendsIn = (paths: Paths, { ip, port }: AskedTarget): readonly InPool[] =>
  inPools(paths).filter(
    ({ target }) =>
      target.ip === ip && (port === null || target.port === port || target.guestCheck.port === port),
  )

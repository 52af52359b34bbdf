import {
  evaluateGuest,
  factsOf,
  type GuestCheck,
  type GuestEvaluation,
  type GuestReason,
  requestKeyOf,
  tellingReasons,
  withoutOwnRequests,
} from '../guest/index.ts'
import { endpointOf } from '../model/endpoint.ts'
import { type Fact, known } from '../model/fact.ts'
import type { GuestReport } from '../model/guest.ts'
import { remembered } from '../model/memo.ts'
import type { ById, Snapshot } from '../model/snapshot.ts'
import type { AddressSet } from '../rules/index.ts'
import { type CheckedTarget, probeSourcesOf } from './guest-check.ts'
import type { Member } from './pools.ts'

/** What a report from a machine says about the probes of one check. Null if it says nothing. */
export type LookInside = (
  report: GuestReport,
  check: GuestCheck,
  sources: AddressSet,
) => GuestEvaluation | null

// A machine may be the backend of several pools. Its report is parsed once.
const factsIn = remembered(factsOf)

const factsOfOther = remembered((report: GuestReport) => withoutOwnRequests(factsIn(report)))

export const lookInside: LookInside = (report, check, sources) => {
  const isOfOther =
    check.isRequestUnknown || (report.asked !== undefined && report.asked !== requestKeyOf(check))
  return evaluateGuest(isOfOther ? factsOfOther(report) : factsIn(report), check, sources)
}

type Reported = Pick<Member, 'key' | 'ip' | 'port'>

/** What came of the look for the target's own check. A report for a further check of an `ip:port` has the target's key. */
export const reportFactOf = (
  reports: ById<GuestReport> | undefined,
  target: Reported,
): Fact<GuestReport> | undefined => reports?.[target.key] ?? reports?.[endpointOf(target)]

/**
 * The report of the target's machine, if need be one that was asked for another check. Undefined if nobody looked inside,
 * or if that failed.
 */
export const reportOf = ({ guests }: Snapshot, target: Reported): GuestReport | undefined =>
  known(guests?.[target.key]) ?? known(guests?.[endpointOf(target)])

/** Null if nobody looked inside, or if nothing is probed. */
export function guestOf(
  snapshot: Snapshot,
  target: CheckedTarget & Reported,
  check: GuestCheck,
  look: LookInside,
): GuestEvaluation | null {
  const report = reportOf(snapshot, target)
  if (!report || target.plan.kind === 'none') return null
  return look(report, check, probeSourcesOf(target))
}

/** What stops the probes on a machine. */
export const reasonsOf = ({
  guest,
  ...target
}: CheckedTarget & { readonly guest: GuestEvaluation | null }): readonly GuestReason[] =>
  guest ? tellingReasons(guest, probeSourcesOf(target)) : []

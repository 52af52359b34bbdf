import { type EvaluatedTarget, type Paths, reportOf } from '../path/index.ts'
import { type AddressSet, intersect, isEmpty, union } from '../rules/index.ts'

// What a look inside the machine of a Dead target says against causes outside it.

const HOUR_MS = 3_600_000

/**
 * True if the machine was looked into before the trouble began, or more than an hour from the snapshot, so that it may have
 * changed.
 */
export function isOfOtherTime(
  target: Pick<EvaluatedTarget, 'key' | 'ip' | 'port'>,
  { snapshot, onsets }: Pick<Paths, 'snapshot' | 'onsets'>,
): boolean {
  const report = reportOf(snapshot, target)
  if (report === undefined) return false
  const looked = Date.parse(report.at)
  const onset = Date.parse(onsets.get(target.key) ?? '')
  return looked < onset || Math.abs(looked - Date.parse(snapshot.takenAt)) > HOUR_MS
}

/**
 * True if the machine of a Dead target has connections with some of these addresses. `in`: a half-open one counts, too. It
 * shows that packets get in, and nothing about replies.
 */
export function isReachedFrom(
  target: EvaluatedTarget,
  sources: AddressSet,
  how: 'in' | 'both',
  paths: Paths,
): boolean {
  const { guest, status } = target
  if (!guest || status !== 'Dead' || isOfOtherTime(target, paths)) return false
  const { connected, halfOpen } = guest.seen
  return !isEmpty(intersect(how === 'both' ? connected : union(connected, halfOpen), sources))
}

/**
 * True if the service listens on the port of the check and answers its very request as it expects. A firewall may stop it
 * all the same.
 */
export function isAnswered(target: EvaluatedTarget, paths: Paths): boolean {
  const own = target.path.filter(({ stage }) => stage === 'listener' || stage === 'application')
  return (
    own.some(({ verdict, inside }) => verdict === 'pass' && inside) &&
    own.every(({ verdict }) => verdict === 'pass' || verdict === 'not-applicable') &&
    !isOfOtherTime(target, paths)
  )
}

import { type EvaluatedTarget, type Paths, reportOf } from '../path/index.ts'
import { type AddressSet, intersect, isEmpty, union } from '../rules/index.ts'

// What a look inside the machine of a Dead target says against causes outside it.

/** True if the machine was looked into before the trouble began, so that it may have changed. */
export function isEarly(target: EvaluatedTarget, { snapshot, onsets }: Paths): boolean {
  const onset = onsets.get(target.key) ?? null
  const report = reportOf(snapshot, target)
  return onset !== null && report !== undefined && Date.parse(report.at) < Date.parse(onset)
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
  if (!guest || status !== 'Dead' || isEarly(target, paths)) return false
  const { connected, halfOpen } = guest.seen
  return !isEmpty(intersect(how === 'both' ? connected : union(connected, halfOpen), sources))
}

/**
 * True if the service listens on the port of the check and answers its very request as it expects. A firewall may stop it
 * all the same.
 */
export function isAnswered({ path, guest, ...target }: EvaluatedTarget, paths: Paths): boolean {
  const own = path.filter(({ stage }) => stage === 'listener' || stage === 'application')
  return (
    own.some(({ verdict, inside }) => verdict === 'pass' && inside) &&
    own.every(({ verdict }) => verdict === 'pass' || verdict === 'not-applicable') &&
    !isEarly({ ...target, path, guest }, paths)
  )
}

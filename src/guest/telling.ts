import { type AddressSet, intersect, isEmpty } from '../rules/index.ts'
import { isTiny } from './evaluate/sets.ts'
import type { GuestEvaluation, GuestReason } from './evaluation.ts'

/**
 * The reasons that are worth telling of probes from `all`. A route or setting that concerns hardly any source is left out,
 * unless one of these sources was met: a VPN has routes of its own. A rule is never left out, because it may be about the
 * very prober.
 */
export function tellingReasons({ reasons, seen }: GuestEvaluation, all: AddressSet): readonly GuestReason[] {
  const { connected, halfOpen } = seen
  const isMet = ({ sources }: GuestReason): boolean =>
    !isEmpty(intersect(sources, connected)) || !isEmpty(intersect(sources, halfOpen))
  return reasons.filter((reason) => reason.rule !== null || !isTiny(reason.sources, all) || isMet(reason))
}

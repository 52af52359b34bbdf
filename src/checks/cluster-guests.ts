import type { GuestReason } from '../guest/index.ts'
import type { FindingCode } from '../model/diagnosis.ts'
import { type Paths, probeSourcesOf } from '../path/index.ts'
import { intersect, isEmpty } from '../rules/index.ts'
import { type Draft, everyTarget, isGone, type PoolTarget } from './check.ts'

/** A backend whose own machine says it: kube-proxy's rules there. */
export type GuestClusterHit = PoolTarget & { readonly reason: GuestReason }

/** The backends on whose nodes the rules of kube-proxy show this reason. */
export const guestHitsOf = (paths: Paths, code: FindingCode): readonly GuestClusterHit[] =>
  everyTarget(paths).flatMap((one) => {
    if (isGone(one.target, paths)) return []
    const reason = one.target.guest?.reasons.find(
      (own) =>
        own.code === code &&
        own.outcome !== 'unknown' &&
        !isEmpty(intersect(own.sources, probeSourcesOf(one.target))),
    )
    return reason ? [{ ...one, reason }] : []
  })

/** Those without a finding yet. A fact that the cluster and the node both show is one finding. */
export function untoldHits(
  hits: readonly GuestClusterHit[],
  drafts: readonly Draft[],
): readonly GuestClusterHit[] {
  const told = new Set(drafts.flatMap(({ targets }) => targets.map(({ target }) => target)))
  return hits.filter(({ target: { key } }) => !told.has(key))
}

export const isSeenOn = (hits: readonly PoolTarget[], seen: readonly GuestClusterHit[]): boolean =>
  hits.some(({ target }) => seen.some((one) => one.target.key === target.key))

/** The name of the Service in the comments of the rules, or null. */
export const serviceIn = ({ reason }: GuestClusterHit): string | null => {
  const { service } = reason.params
  return typeof service === 'string' && service !== '' ? service : null
}

export const guestEvidence = (hits: readonly GuestClusterHit[]): Draft['evidence'] =>
  [...new Map(hits.map(({ reason }) => [reason.decidedBy, reason])).values()].slice(0, 3).map((reason) => ({
    source: 'guest',
    fact: reason.evidence[0]?.fact ?? 'rule',
    value: reason.decidedBy,
  }))

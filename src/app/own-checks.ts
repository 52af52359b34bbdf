import type { EvaluatedPool, EvaluatedTarget } from '../path/index.ts'
import { probeSourcesOf } from '../path/index.ts'
import { toCidrs } from '../rules/index.ts'

// One backend may stand in several pools: behind several listeners or rules, each with a check of its own.

/** A backend in one of its pools. */
export interface InPool {
  readonly pool: EvaluatedPool
  readonly target: EvaluatedTarget
}

/** One for each check that asks for something else, or from elsewhere. A Dead backend is what somebody wants to look into. */
export function distinctChecks(found: readonly InPool[]): readonly InPool[] {
  const isDead = ({ target }: InPool): boolean => target.status === 'Dead'
  const ordered = [...found.filter(isDead), ...found.filter((one) => !isDead(one))]
  const asked = ordered.map(askedOf)
  return ordered.filter((_, i) => asked.indexOf(asked[i] ?? '') === i)
}

const askedOf = ({ target: { guestCheck, ...target } }: InPool): string =>
  JSON.stringify([guestCheck, toCidrs(probeSourcesOf(target))])

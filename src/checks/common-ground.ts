import { known } from '../model/fact.ts'
import type { Text } from '../model/language.ts'
import type { EvaluatedTarget, Paths } from '../path/index.ts'
import { filled, inEachLanguage, listed, NOTHING } from '../text/index.ts'
import { everyTarget, type PoolTarget } from './check.ts'
import { SHARED } from './texts.ts'

/** The availability zone of a backend. Null if it is not known. */
export const zoneOf = ({ instanceId, zone }: EvaluatedTarget, { snapshot }: Paths): string | null =>
  known(snapshot.instances[instanceId ?? ''])?.zone ?? zone ?? null

/**
 * What these backends have in common, in one sentence: zone, subnet, security groups. Empty for one backend, and what
 * all other backends have as well is left out.
 */
export function commonGround(hits: readonly PoolTarget[], paths: Paths): Text {
  const targets = hits.map(({ target }) => target)
  if (new Set(targets.map(({ ip }) => ip)).size < 2) return NOTHING
  const own = new Set(targets)
  const others = everyTarget(paths).flatMap(({ target }) => (own.has(target) ? [] : [target]))
  const shared = (valueIn: (target: EvaluatedTarget) => string | null): string | null => {
    const [value, ...more] = new Set(targets.map(valueIn))
    if (value === undefined || value === null || value === '' || more.length > 0) return null
    return others.length > 0 && others.every((other) => valueIn(other) === value) ? null : value
  }
  const at = ({ location }: EvaluatedTarget) => (location.isResolved ? location.value : null)
  const found = {
    zone: shared((target) => zoneOf(target, paths)),
    subnet: shared((target) => at(target)?.subnetId ?? null),
    groups: shared((target) => at(target)?.securityGroupIds.join(', ') ?? null),
  }
  const parts = (['zone', 'subnet', 'groups'] as const).flatMap((name) => {
    const value = found[name]
    return value === null ? [] : [filled(SHARED.common[name], { value })]
  })
  if (parts.length === 0) return NOTHING
  const what = inEachLanguage((language) =>
    listed(
      parts.map((part) => part[language]),
      language,
    ),
  )
  return filled(SHARED.common.all, { what })
}

import { isCause } from '../model/diagnosis.ts'
import { endpointOf } from '../model/endpoint.ts'
import type { Language } from '../model/language.ts'
import type { Paths } from '../path/index.ts'
import { t } from '../text/index.ts'
import { type Assigned, accountsForDead } from './roles.ts'
import { TEXTS } from './texts.ts'
import { titleOf } from './title.ts'

const kindOf = ({ certainty, expected }: Assigned): keyof typeof TEXTS.notAlone =>
  certainty === 'possible' ? 'possible' : expected ? 'accepted' : 'proven'

/**
 * If two causes block one backend, fixing one is not enough, or may not be. Both causes say so. A contributor only says
 * so about expected findings, because these are no causes.
 */
export function notAlone(
  assigned: Assigned,
  all: readonly Assigned[],
  { pools }: Paths,
  language: Language,
): readonly string[] {
  const { role, draft } = assigned
  if (!isCause(assigned) && role !== 'contributor') return []
  const own = new Set(isCause(assigned) ? assigned.explains : draft.targets.map(({ target }) => target))
  const others = all.filter(
    (one) =>
      one !== assigned &&
      accountsForDead(one) &&
      one.explains.some((key) => own.has(key)) &&
      (isCause(assigned) || one.expected),
  )
  return (['proven', 'possible', 'accepted'] as const).flatMap((kind) => {
    const such = others.filter((one) => kindOf(one) === kind)
    if (such.length === 0) return []
    const shared = new Set(such.flatMap(({ explains }) => explains.filter((key) => own.has(key))))
    const targets = pools.flatMap((pool) => pool.targets.filter(({ key }) => shared.has(key)).map(endpointOf))
    const causes = [...new Set(such.map((one) => titleOf(one, language)))]
    return [t(TEXTS.notAlone[kind], { targets, causes }, language)]
  })
}

import { endpointOf, poolName } from '../model/endpoint.ts'
import { groupBy } from '../model/group-by.ts'
import type { Language } from '../model/language.ts'
import type { EvaluatedPool, EvaluatedTarget, Paths } from '../path/index.ts'
import { listed, mark } from '../text/index.ts'
import type { Assigned } from './roles.ts'
import { titleOf } from './title.ts'

const MOST_NAMED = 3

interface Hit {
  readonly pool: EvaluatedPool
  readonly target: EvaluatedTarget
}

/**
 * The titles of all findings, no two alike. One rule can be two findings, for two classes of certainty; then the later
 * one begins with what it is about: its listeners and rules, else its backends, else its resources.
 */
export function titlesOf(all: readonly Assigned[], paths: Paths, language: Language): readonly string[] {
  const titles = all.map((one) => titleOf(one, language))
  const groups = groupBy([...titles.keys()], (i) => titles[i] ?? '')
  for (const places of groups.values()) {
    if (places.length === 1) continue
    const abouts = aboutsOf(
      places.flatMap((i) => all[i] ?? []),
      paths,
      language,
    )
    for (const [n, i] of places.entries())
      if (n > 0) titles[i] = `${abouts[n]}${mark('colon', language)}${titles[i]}`
  }
  return titles
}

/** What each is about, in the first words that tell all of them apart. */
function aboutsOf(alike: readonly Assigned[], paths: Paths, language: Language): readonly string[] {
  const named = (names: readonly string[]): string =>
    names.length === 0 ? '' : listed([...new Set(names)], language, MOST_NAMED)
  const hits = alike.map((one) => hitsOf(one, paths))
  const ways = [
    hits.map((own) => named(own.map(({ pool }) => poolName(pool)))),
    hits.map((own) => named(own.map(({ target }) => endpointOf(target)))),
    alike.map(({ draft }) => named(draft.resources.map(({ id }) => id))),
  ]
  const apart = ways.find((names) => new Set(names).size === names.length && !names.includes(''))
  return apart ?? alike.map((_, i) => `#${i + 1}`)
}

function hitsOf({ draft, explains }: Assigned, { pools }: Paths): readonly Hit[] {
  const keys = new Set(explains.length > 0 ? explains : draft.targets.map(({ target }) => target))
  return pools.flatMap((pool) =>
    pool.targets.filter(({ key }) => keys.has(key)).map((target) => ({ pool, target })),
  )
}

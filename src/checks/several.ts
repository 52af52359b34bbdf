import type { Text } from '../model/language.ts'
import { inEachLanguage, listed } from '../text/index.ts'
import type { Draft, IsOf, PoolTarget } from './check.ts'

/** A text names at most so many members of a list. The params have all. */
export const MOST_NAMED = 10

/**
 * One finding about several things with the same reason, such as twelve machines. The user may expect it of some of
 * them, and health may split it, so it can be made anew for any of them.
 * @param idsOf the ids by which an expected finding can name the thing
 * @param partOf the thing with a part of its targets. Null if none is left. Left out for a finding that health
 *   cannot split.
 */
export function aboutSeveral<T>(
  things: readonly T[],
  idsOf: (thing: T) => string | readonly string[],
  draftOf: (things: readonly T[]) => Draft,
  partOf?: (thing: T, isOf: IsOf) => T | null,
): Draft {
  const about = (own: readonly T[]): Draft | null =>
    own.length > 0 ? aboutSeveral(own, idsOf, draftOf, partOf) : null
  return {
    ...draftOf(things),
    narrowed: (id, which) =>
      about(things.filter((thing) => [idsOf(thing)].flat().includes(id) === (which === 'named'))),
    ...(partOf
      ? { part: (isOf) => about(things.map((thing) => partOf(thing, isOf)).filter((own) => own !== null)) }
      : {}),
  }
}

/** One finding about targets, which can be made anew for a part of them. */
export function aboutHits<H extends PoolTarget>(
  hits: readonly H[],
  draftOf: (hits: readonly H[]) => Draft,
): Draft {
  return {
    ...draftOf(hits),
    part: (isOf) => {
      const own = hitsIn(hits, isOf)
      return own.length > 0 ? aboutHits(own, draftOf) : null
    },
  }
}

export const hitsIn = <H extends PoolTarget>(hits: readonly H[], isOf: IsOf): readonly H[] =>
  hits.filter(({ target }) => isOf(target.key))

/** A thing with a part of its targets. Null if none is left. */
export function withHitsIn<T extends { readonly hits: readonly PoolTarget[] }>(
  thing: T,
  isOf: IsOf,
): T | null {
  const hits = hitsIn(thing.hits, isOf)
  return hits.length > 0 ? { ...thing, hits } : null
}

/** Ten members and the number of the others. */
export const membersText = (members: readonly string[]): Text =>
  inEachLanguage((language) => listed(members, language, MOST_NAMED))

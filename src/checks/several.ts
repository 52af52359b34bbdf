import type { Text } from '../model/language.ts'
import { inEachLanguage, listed } from '../text/index.ts'
import type { Draft } from './check.ts'

/** A text names at most so many members of a list. The params have all. */
export const MOST_NAMED = 10

/**
 * One finding about several things with the same reason, such as twelve machines. The user may expect it of some of
 * them, so it can be narrowed to any of them.
 * @param idsOf the ids by which an expected finding can name the thing
 */
export function aboutSeveral<T>(
  things: readonly T[],
  idsOf: (thing: T) => string | readonly string[],
  draftOf: (things: readonly T[]) => Draft,
): Draft {
  return {
    ...draftOf(things),
    narrowed: (id, which) => {
      const own = things.filter((thing) => [idsOf(thing)].flat().includes(id) === (which === 'named'))
      return own.length > 0 ? aboutSeveral(own, idsOf, draftOf) : null
    },
  }
}

/** Ten members and the number of the others. */
export const membersText = (members: readonly string[]): Text =>
  inEachLanguage((language) => listed(members, language, MOST_NAMED))

import type { Draft } from './check.ts'

/**
 * One finding about several things with the same reason, such as twelve machines. The user may expect it of some of
 * them, so it can be narrowed to any of them.
 * @param idOf the id of the resource that an expected finding names
 */
export function aboutSeveral<T>(
  things: readonly T[],
  idOf: (thing: T) => string,
  draftOf: (things: readonly T[]) => Draft,
): Draft {
  return {
    ...draftOf(things),
    narrowed: (isMeant) => {
      const meant = things.filter((thing) => isMeant(idOf(thing)))
      return meant.length > 0 ? aboutSeveral(meant, idOf, draftOf) : null
    },
  }
}

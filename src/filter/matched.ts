import { type AddressSet, emptySet, intersect, isEmpty, subtract, unionOf } from '../rules/index.ts'

/** A part of the sources matches. Another part may match, because something is not understood or not known. */
export interface Cut {
  readonly yes: AddressSet
  /** Disjoint from `yes`. */
  readonly maybe: AddressSet
}

/** Which of a flow's sources match. `true`: all of them. `false`: not one. */
export type Matched = boolean | 'maybe' | Cut

export function cutOf(matched: Matched, sources: AddressSet): Cut {
  const nothing = emptySet(sources.family)
  if (matched === true) return { yes: sources, maybe: nothing }
  if (matched === 'maybe') return { yes: nothing, maybe: sources }
  return matched === false ? { yes: nothing, maybe: nothing } : matched
}

const simple = ({ yes, maybe }: Cut): Matched => (isEmpty(yes) && isEmpty(maybe) ? false : { yes, maybe })

const isSame = (a: AddressSet, b: AddressSet): boolean =>
  a === b ||
  (a.borders.length === b.borders.length && a.borders.every((border, i) => border === b.borders[i]))

/** The sources of a set, as a match of `sources`. */
export function matchedOf(set: AddressSet, sources: AddressSet): Matched {
  const yes = intersect(sources, set)
  if (isEmpty(yes)) return false
  return isSame(yes, sources) ? true : { yes, maybe: emptySet(sources.family) }
}

const possible = ({ yes, maybe }: Cut): AddressSet => unionOf(yes.family, [yes, maybe])

export function both(a: Matched, b: Matched): Matched {
  if (a === false || b === false) return false
  if (a === true) return b
  if (b === true) return a
  if (a === 'maybe') return b === 'maybe' ? b : simple({ yes: emptySet(b.yes.family), maybe: possible(b) })
  if (b === 'maybe') return both(b, a)
  const yes = intersect(a.yes, b.yes)
  return simple({ yes, maybe: subtract(intersect(possible(a), possible(b)), yes) })
}

export function not(matched: Matched, sources: AddressSet): Matched {
  if (matched === 'maybe') return matched
  if (typeof matched === 'boolean') return !matched
  return simple({ yes: subtract(subtract(sources, matched.yes), matched.maybe), maybe: matched.maybe })
}

/** True if one of them matches. All sets are united at once, because a list may have thousands of members. */
export function anyOf(all: Iterable<Matched>, sources: AddressSet): Matched {
  const yes: AddressSet[] = []
  const maybe: AddressSet[] = []
  for (const matched of all) {
    if (matched === true) return true
    if (matched === false) continue
    const cut = cutOf(matched, sources)
    yes.push(cut.yes)
    maybe.push(cut.maybe)
  }
  if (yes.length === 0) return false
  const sure = unionOf(sources.family, yes)
  if (isSame(sure, sources)) return true
  return simple({ yes: sure, maybe: subtract(unionOf(sources.family, maybe), sure) })
}

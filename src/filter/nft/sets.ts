import type { Test } from '../program.ts'
import { allTests, anyTest, MAYBE } from '../tests.ts'
import { type Element, isWildcard } from './elements.ts'
import type { Field } from './field.ts'
import type { NamedSet } from './text.ts'

/** Does the key of an element match? Without what the fields need. */
export function keyTest(fields: readonly Field[], { key }: Element): Test {
  if (key.length !== fields.length) return MAYBE
  return allTests(fields.map((field, i) => field.is(key[i] ?? '') ?? MAYBE))
}

export const needsOf = (fields: readonly Field[]): readonly Test[] => fields.flatMap(({ needs }) => needs)

/** Is the packet in the set? */
export function setTest(fields: readonly Field[], { elements, isWritten }: NamedSet): Test {
  const [only, ...others] = fields
  const plain = elements.filter((element) => !isWildcard(element))
  const many =
    only && others.length === 0 ? (only.isAny?.(plain.map(({ key }) => key[0] ?? '')) ?? null) : null
  const tests = many ? [many] : plain.map((element) => keyTest(fields, element))
  const all = plain.length < elements.length
  // The element may be gone, or have come, when the next packet arrives.
  return isWritten ? MAYBE : all ? allTests([]) : anyTest(tests)
}

/** The elements of a map that a packet may hit. An element for any other key comes last. */
export function* hits(
  fields: readonly Field[],
  set: NamedSet,
): Generator<{ readonly element: Element; readonly test: Test }> {
  const needs = needsOf(fields)
  const plain = set.elements.filter((element) => !isWildcard(element))
  const chance = fields.length === 1 ? fields[0]?.chance : undefined
  for (const [i, element] of plain.entries()) {
    // One of the numbers is drawn for sure.
    const isLast = chance !== undefined && i === plain.length - 1 && countOf(plain) >= chance
    const key = isLast ? allTests([]) : keyTest(fields, element)
    yield { element, test: allTests([...needs, set.isWritten ? MAYBE : key]) }
  }
  for (const element of set.elements.filter(isWildcard)) yield { element, test: allTests(needs) }
}

const countOf = (elements: readonly Element[]): number =>
  elements.reduce((sum, { key }) => {
    const [from, to] = (key[0] ?? '').split('-').map(Number)
    return sum + ((to ?? from ?? 0) - (from ?? 0) + 1)
  }, 0)

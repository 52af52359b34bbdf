import { type AddressSet, isEmpty, sizeOf } from '../../rules/index.ts'

/** Less than one in a thousand of the sources, which counts as nothing of a range (contract 5). */
export const isTiny = (part: AddressSet, all: AddressSet): boolean =>
  isEmpty(part) || sizeOf(part) * 1000n < sizeOf(all)

/** The ranges without a gap that make up the set. */
export const rangesIn = ({ family, borders }: AddressSet): readonly AddressSet[] =>
  borders.flatMap((from, i) => {
    const end = borders[i + 1]
    return i % 2 === 0 && end !== undefined ? [{ family, borders: [from, end] }] : []
  })

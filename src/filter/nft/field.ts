import {
  type AddressSet,
  type Family,
  type PortSet,
  parseAddresses,
  unionOf,
  uniteAll,
} from '../../rules/index.ts'
import { numberOf, portsOf, protocolNumber, UNKNOWN_PROTOCOL } from '../names.ts'
import type { Flow, Test } from '../program.ts'
import { type Bits, bitsAre, familyIs, MAYBE, NEVER, protocolIs } from '../tests.ts'

/** What a rule asks of a packet, for example `tcp dport`. */
export interface Field {
  /** A packet that fails one of these has no such field, and does not match, whatever the rule compares. */
  readonly needs: readonly Test[]
  /** Is the field this value, range or prefix? Null: not understood. */
  readonly is: (value: string) => Test | null
  /** Is it one of many? Faster than one by one. */
  readonly isAny?: (values: readonly string[]) => Test | null
  /** A field of bits, which a rule may mask. */
  readonly bits?: (flow: Flow) => Bits
  readonly bitOf?: (name: string) => number | null
  /** Each bit has a name and a meaning of its own. */
  readonly isFlags?: boolean
  /** The field is a number drawn from 0 to this. */
  readonly chance?: number
}

export const field = (is: Field['is'], ...needs: readonly Test[]): Field => ({ needs, is })

export const unclear = (...needs: readonly Test[]): Field => field(() => MAYBE, ...needs)
export const absent: Field = field(() => NEVER, NEVER)

export const addresses = (
  test: (set: AddressSet) => Test,
  family: Family,
  ...needs: readonly Test[]
): Field => {
  const isAny = (values: readonly string[]): Test | null => {
    const sets = values.map((value) => parseAddresses(value))
    return sets.includes(null) ? null : test(unionOf(family, sets as readonly AddressSet[]))
  }
  return { needs: [familyIs(family), ...needs], is: (value) => isAny([value]), isAny }
}

export const ports = (test: (set: PortSet) => Test, ...needs: readonly Test[]): Field => {
  const isAny = (values: readonly string[]): Test | null => {
    const sets = values.map((value) => portsOf(value))
    return sets.includes(null) ? null : test(uniteAll(sets as readonly PortSet[]))
  }
  return { needs, is: (value) => isAny([value]), isAny }
}

export const bits = (
  read: (flow: Flow) => Bits,
  bitOf: (name: string) => number | null,
  ...needs: readonly Test[]
): Field => ({
  needs,
  bits: read,
  bitOf,
  is: (text) => {
    const range = rangeIn(text, bitOf)
    if (range) return inRange(read, range)
    const all = text.split(' | ').map(bitOf)
    const value = all.includes(null) ? null : all.reduce<number>((sum, bit) => (sum | (bit ?? 0)) >>> 0, 0)
    return value === null ? null : (flow) => bitsAre(read(flow), value)
  },
})

type Range = readonly [from: number, to: number]

const inBounds = (number: number, [from, to]: Range): boolean => from <= number && number <= to

/** `1-2`. Null for any other text: a name may have a dash, as `seen-reply`. */
export function rangeIn(text: string, bitOf: (name: string) => number | null): Range | null {
  const [, first, last] = /^(\w+)-(\w+)$/.exec(text) ?? []
  if (first === undefined || last === undefined || bitOf(text) !== null) return null
  const [from, to] = [bitOf(first), bitOf(last)]
  return from === null || to === null ? null : [from, to]
}

export const inRange =
  (read: (flow: Flow) => Bits, range: Range): Test =>
  (flow) => {
    const { on, unsure } = read(flow)
    return unsure === 0 ? inBounds(on >>> 0, range) : 'maybe'
  }

export const named =
  (names: Readonly<Record<string, number>>) =>
  (text: string): number | null =>
    names[text] ?? numberOf(text)

export const protocol = (...needs: readonly Test[]): Field =>
  field(
    (text) => {
      const range = rangeIn(text, protocolNumber)
      if (range) return ({ trip }) => (trip.protocol === null ? 'maybe' : inBounds(trip.protocol, range))
      // Of a range nft prints the names of both ends, and not each is known here.
      const number = protocolNumber(text) ?? (text.includes('-') ? null : UNKNOWN_PROTOCOL)
      return number === null ? null : protocolIs(number)
    },
    ...needs,
  )

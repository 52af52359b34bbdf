import { numberOf } from '../names.ts'
import type { Step, Test } from '../program.ts'
import { allTests, bitsAre, hasBit, inverted, MAYBE } from '../tests.ts'
import { elementsOf } from './elements.ts'
import { type Field, inRange, rangeIn } from './field.ts'
import { takeField } from './fields.ts'
import { hits, keyTest, needsOf, setTest } from './sets.ts'
import type { NamedSet, NftTable } from './text.ts'
import type { Cursor } from './tokens.ts'
import { verdictOf } from './verdicts.ts'

const UNCLEAR: Step = { kind: 'verdict', verdict: { kind: 'unclear' } }

const OPERATORS = ['==', '!=', '<', '>', '<=', '>=', '!']

/** The fields of `ip saddr . tcp dport`. Null: not understood. */
export function takeFields(cursor: Cursor): readonly Field[] | null {
  const fields: Field[] = []
  do {
    const field = takeField(cursor)
    if (field === null) return null
    fields.push(field)
  } while (cursor.take('.'))
  return fields
}

/**
 * One match or verdict map. Null: these words are not understood. Of iptables, nft loses negations and ports: it prints
 * `! --ctstate ESTABLISHED,DNAT` as `ct status dnat`, and `--ports 90:100` as two single ports.
 */
export function takeMatch(cursor: Cursor, table: NftTable): Step | null {
  const isStatus = cursor.peek() === 'ct' && cursor.peek(1) === 'status'
  const fields = takeFields(cursor)
  if (fields === null) return null
  if (cursor.take('vmap')) return chooseFrom(fields, takeSet(cursor, table))
  if (cursor.take('set')) {
    cursor.skip(1)
    // An address or port that a rule writes changes what comes after it.
    return fields.some(({ isAny }) => isAny) ? UNCLEAR : { kind: 'match', test: allTests([]) }
  }
  const [only] = fields
  const mask = cursor.take('&', 'and') ? takeBits(cursor, only) : undefined
  const operator = cursor.take(...OPERATORS)
  const core = comparison(cursor, table, { fields, mask, operator })
  const test = allTests([...needsOf(fields), core])
  return { kind: 'match', test: table.isOfIptables && (isStatus || fields.length > 1) ? MAYBE : test }
}

/** The set of a match: between braces, or by its name. Null: it is not there. */
export function takeSet(cursor: Cursor, { sets }: NftTable): NamedSet | null {
  if (cursor.peek() === '{') return { elements: elementsOf(cursor.block()), isWritten: false }
  return sets.get(cursor.next().slice(1)) ?? null
}

function chooseFrom(fields: readonly Field[], set: NamedSet | null): Step {
  if (set === null) return UNCLEAR
  const cases = [...hits(fields, set)].map(({ element, test }) => ({
    test,
    verdict: verdictOf(element.data),
  }))
  return {
    kind: 'choose',
    *choices(flow) {
      for (const { test, verdict } of cases) yield { matched: test(flow), verdict }
    },
  }
}

interface Comparison {
  readonly fields: readonly Field[]
  /** Null: not understood. */
  readonly mask: number | null | undefined
  readonly operator: string | null
}

function comparison(cursor: Cursor, table: NftTable, { fields, mask, operator }: Comparison): Test {
  const isInverted = operator === '!=' || operator === '!'
  if (cursor.peek() === '{' || cursor.peek().startsWith('@')) {
    const set = takeSet(cursor, table)
    return set === null || mask !== undefined ? MAYBE : inverted(setTest(fields, set), isInverted)
  }
  const [only, ...others] = fields
  if (only === undefined) return MAYBE
  if (others.length > 0) {
    const key = takeKey(cursor, fields.length)
    return inverted(keyTest(fields, { key, data: [] }), isInverted)
  }
  const { bits, bitOf, isFlags } = only
  if (bits && bitOf) return bitTest(cursor, { bits, bitOf, isFlags: isFlags === true }, mask, operator)
  const value = cursor.next()
  if (mask !== undefined) return MAYBE
  // nft prints even `meta l4proto > 5` with a name.
  if (isOrder(operator) && numberOf(value) === null) return MAYBE
  const test = only.is(rangeOf(operator, value, 0xffff)) ?? MAYBE
  return inverted(test, isInverted)
}

function takeKey(cursor: Cursor, count: number): readonly string[] {
  const key = [cursor.next()]
  while (key.length < count && cursor.take('.')) key.push(cursor.next())
  return key
}

const isOrder = (operator: string | null): boolean => operator !== null && /[<>]/.test(operator)

/** `< 1024` as the range 0–1023. `highest`: of the field. */
function rangeOf(operator: string | null, value: string, highest: number): string {
  const number = Number(value)
  if (operator === '<') return `0-${number - 1}`
  if (operator === '<=') return `0-${number}`
  if (operator === '>') return `${number + 1}-${highest}`
  return operator === '>=' ? `${number}-${highest}` : value
}

type BitField = Required<Pick<Field, 'bits' | 'bitOf'>> & Pick<Field, 'isFlags'>

/** `(fin | syn)`, `fin,syn`, `0x4000`: all bits together. Null: not understood. */
function takeBits(cursor: Cursor, field: Pick<Field, 'bitOf'> | undefined): number | null {
  const isOpen = cursor.take('(') !== null
  let sum: number | null = 0
  do {
    const word = cursor.next()
    const bit = field?.bitOf?.(word) ?? null
    sum = sum === null || bit === null ? null : (sum | bit) >>> 0
  } while (cursor.take(',', '|', 'or'))
  if (isOpen) cursor.take(')')
  return sum
}

function bitTest(
  cursor: Cursor,
  field: BitField,
  mask: number | null | undefined,
  operator: string | null,
): Test {
  const range = rangeIn(rangeOf(operator, cursor.peek(), 0xffffffff), field.bitOf)
  if (range || isOrder(operator)) {
    cursor.skip(1)
    return range && mask === undefined ? inverted(inRange(field.bits, range), operator === '!=') : MAYBE
  }
  const isList = cursor.peek(1) === ','
  const value = takeBits(cursor, field)
  // `syn / fin,syn,rst,ack`: these bits of those.
  const under = cursor.take('/') ? takeBits(cursor, field) : mask
  if (value === null || under === null) return MAYBE
  const { bits } = field
  if (under !== undefined) return inverted((flow) => bitsAre(bits(flow), value, under), operator === '!=')
  // Flags without an operator: one of them is on.
  if (field.isFlags && (operator === null || operator === '!' || isList))
    return inverted((flow) => hasBit(bits(flow), value), operator !== null && operator !== '==')
  return inverted((flow) => bitsAre(bits(flow), value), operator === '!=')
}

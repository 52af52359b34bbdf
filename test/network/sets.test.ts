import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  emptySet,
  intersect,
  isEmpty,
  parseAddresses,
  sizeOf,
  subtract,
  toCidrs,
  union,
} from '../../src/network/addresses.ts'
import { difference, intersection, unite } from '../../src/network/intervals.ts'
import { formatPorts, parsePorts } from '../../src/network/ports.ts'

const octet = fc.integer({ min: 0, max: 255 })
const v4 = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'))
/** Close together, so that sets overlap. */
const near = fc.tuple(fc.integer({ min: 62, max: 66 }), octet).map(([b, d]) => `100.${b}.0.${d}`)
const cidr4 = fc.tuple(fc.oneof(near, v4), fc.integer({ min: 6, max: 32 })).map(([a, n]) => `${a}/${n}`)

const setOf = (text: string) => {
  const parsed = parseAddresses(text)
  if (parsed === null) throw new Error(text)
  return parsed
}

describe('set algebra', () => {
  const sets = fc.array(cidr4, { maxLength: 6 }).map((list) => list.map(setOf).reduce(union, emptySet(4)))

  it('holds its laws', () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        expect(toCidrs(union(a, b))).toEqual(toCidrs(union(b, a)))
        expect(isEmpty(intersect(subtract(a, b), b))).toBe(true)
        expect(toCidrs(union(subtract(a, b), intersect(a, b)))).toEqual(toCidrs(a))
        expect(sizeOf(a) + sizeOf(b)).toBe(sizeOf(union(a, b)) + sizeOf(intersect(a, b)))
        expect(toCidrs(toCidrs(a).map(setOf).reduce(union, emptySet(4)))).toEqual(toCidrs(a))
      }),
    )
  })

  const ports = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 65535 }), fc.nat(500)), { minLength: 1, maxLength: 5 })
    .map((list) => list.map(([from, n]) => `${from}-${Math.min(65535, from + n)}`).join(','))

  it('parses what it formats, for ports', () => {
    fc.assert(
      fc.property(ports, ports, (x, y) => {
        const [a, b] = [parsePorts(x) ?? [], parsePorts(y) ?? []]
        expect(parsePorts(formatPorts(a).join(','))).toEqual(a)
        expect(unite(difference(a, b), intersection(a, b))).toEqual(a)
      }),
    )
  })

  it.each([
    '',
    '10.0.0.0/33',
    '10.0.0',
    '010.0.0.1',
    'fe80::1%eth0',
    '10.0.0.9-10.0.0.1',
    '10.0.0.1-::1',
    '1.2.3.4/',
    'x/8',
    '1.2.3.4/8/8',
  ])('takes %j for no address', (text) => {
    expect(parseAddresses(text)).toBeNull()
  })

  it('reads host bits, single addresses, ranges and mapped IPv6', () => {
    expect(toCidrs(setOf('10.0.0.77/24'))).toEqual(['10.0.0.0/24'])
    expect(toCidrs(setOf('10.0.0.1-10.0.0.4'))).toEqual(['10.0.0.1/32', '10.0.0.2/31', '10.0.0.4/32'])
    expect(toCidrs(setOf('::ffff:100.64.0.0/106'))).toEqual(['::ffff:6440:0/106'])
    expect(toCidrs(setOf('0.0.0.0/0'))).toEqual(['0.0.0.0/0'])
    expect(toCidrs(setOf('::/0'))).toEqual(['::/0'])
  })
})

import fc from 'fast-check'
import IPCIDR from 'ip-cidr'
import { describe, expect, it } from 'vitest'
import {
  cidrsOfAll,
  contains,
  emptySet,
  everything,
  intersect,
  isEmpty,
  PROBE_100_64,
  PROBE_169_254,
  parseAddresses,
  sizeOf,
  subtract,
  toCidrs,
  union,
  unionOf,
} from '../../src/rules/addresses.ts'
import { difference, holds, intersection, rangesOf, unite, uniteAll } from '../../src/rules/intervals.ts'
import { classesOf, formatPorts, parsePorts } from '../../src/rules/ports.ts'
import { setOf } from './builders.ts'

const octet = fc.integer({ min: 0, max: 255 })
const v4 = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'))
/** Addresses close together, so that sets overlap. */
const near = fc.tuple(fc.integer({ min: 62, max: 66 }), octet).map(([b, d]) => `100.${b}.0.${d}`)
const cidr4 = fc.tuple(fc.oneof(near, v4), fc.integer({ min: 6, max: 32 })).map(([a, n]) => `${a}/${n}`)

describe('borders', () => {
  const borders = fc.uniqueArray(fc.nat(12), { maxLength: 8 }).map((points) => {
    const sorted = [...points].sort((a, b) => a - b)
    return sorted.slice(0, sorted.length - (sorted.length % 2))
  })
  const points = Array.from({ length: 14 }, (_, i) => i)
  /** By definition a point is in the set if the last border at or before it begins a range. */
  const isIn = (list: readonly number[], point: number): boolean =>
    list.findLastIndex((border) => border <= point) % 2 === 0
  const members = (list: readonly number[]) => points.filter((point) => isIn(list, point))
  const isNormal = (list: readonly number[]) =>
    list.length % 2 === 0 && list.every((border, i) => i === 0 || (list[i - 1] ?? 0) < border)

  it('are combined point by point', () => {
    fc.assert(
      fc.property(borders, borders, (a, b) => {
        for (const [found, keep] of [
          [unite(a, b), (p: number) => isIn(a, p) || isIn(b, p)],
          [intersection(a, b), (p: number) => isIn(a, p) && isIn(b, p)],
          [difference(a, b), (p: number) => isIn(a, p) && !isIn(b, p)],
        ] as const) {
          expect(isNormal(found)).toBe(true)
          expect(members(found)).toEqual(points.filter(keep))
        }
        expect(points.filter((point) => holds(a, point))).toEqual(members(a))
        expect([...rangesOf(a)].flat()).toEqual(a)
      }),
      { numRuns: 1000 },
    )
  })

  it('of many ranges and of one are combined as point by point', () => {
    const many = fc.uniqueArray(fc.nat(120), { minLength: 16, maxLength: 60 }).map((list) => {
      const sorted = [...list].sort((a, b) => a - b)
      return sorted.slice(0, sorted.length - (sorted.length % 2))
    })
    const range = fc
      .tuple(fc.nat(120), fc.integer({ min: 1, max: 60 }))
      .map(([from, size]) => [from, from + size])
    const all = Array.from({ length: 200 }, (_, i) => i)
    fc.assert(
      fc.property(many, range, (a, b) => {
        for (const [found, keep] of [
          [intersection(a, b), (p: number) => isIn(a, p) && isIn(b, p)],
          [difference(a, b), (p: number) => isIn(a, p) && !isIn(b, p)],
        ] as const) {
          expect(isNormal(found)).toBe(true)
          expect(all.filter((point) => isIn(found, point))).toEqual(all.filter(keep))
        }
      }),
      { numRuns: 500 },
    )
  })

  it('of many sets are united to the same result as one after the other', () => {
    fc.assert(
      fc.property(fc.array(borders, { maxLength: 7 }), (sets) => {
        expect(uniteAll(sets)).toEqual(sets.reduce<readonly number[]>(unite, []))
      }),
    )
  })
})

describe('set algebra', () => {
  const sets = fc.array(cidr4, { maxLength: 6 }).map((list) => list.map(setOf).reduce(union, emptySet(4)))

  it('obeys the laws of sets', () => {
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

  it('parses the port texts that it formats', () => {
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
    '10.0.0.2-10.0.0.1',
    '10.0.0.1-::1',
    '10.0.0.1-2001:db8::1',
    '1.2.3.4/',
    'x/8',
    '1.2.3.4/8/8',
  ])('rejects %j as an address', (text) => {
    expect(parseAddresses(text)).toBeNull()
  })

  it('reads host bits, single addresses, ranges and mapped IPv6', () => {
    expect(toCidrs(setOf('10.0.0.77/24'))).toEqual(['10.0.0.0/24'])
    expect(toCidrs(setOf('10.0.0.1-10.0.0.4'))).toEqual(['10.0.0.1/32', '10.0.0.2/31', '10.0.0.4/32'])
    expect(toCidrs(setOf('::ffff:100.64.0.0/106'))).toEqual(['::ffff:6440:0/106'])
    expect(toCidrs(setOf('::ffff:1.22.133.244'))).toEqual(['::ffff:116:85f4/128'])
    expect(toCidrs(setOf('0.0.0.0/0'))).toEqual(['0.0.0.0/0'])
    expect(toCidrs(setOf('::/0'))).toEqual(['::/0'])
  })

  it('reads IPv4 in the same way as ip-cidr', () => {
    fc.assert(
      fc.property(v4, fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const cidr = new IPCIDR(`${address}/${prefix}`)
        const borders = [
          cidr.start<bigint>({ type: 'bigInteger' }),
          cidr.end<bigint>({ type: 'bigInteger' }) + 1n,
        ]
        expect(setOf(`${address}/${prefix}`)).toEqual({ family: 4, borders: borders.map(Number) })
      }),
    )
  })

  it('accepts spaces around a text and around the dash of a range, and nowhere else', () => {
    expect(toCidrs(setOf(' 10.0.0.0/8 '))).toEqual(['10.0.0.0/8'])
    expect(toCidrs(setOf(' 10.0.0.1 - 10.0.0.1 '))).toEqual(['10.0.0.1/32'])
    expect(toCidrs(setOf('2001:db8::1-2001:db8::2'))).toEqual(['2001:db8::1/128', '2001:db8::2/128'])
    expect(parseAddresses('10.0.0.0 /8')).toBeNull()
    for (const text of ['10.0.0.0/24-10.0.1.0', '10.0.0.0-10.0.1.0/24', '10.0.0.1-', '-10.0.0.1', '-'])
      expect(parseAddresses(text)).toBeNull()
  })

  it('does not mix address families', () => {
    const [four, six] = [setOf('10.0.0.0/8'), setOf('2001:db8::/32')]
    expect(union(four, six)).toBe(four)
    expect(subtract(four, six)).toBe(four)
    expect(intersect(four, six)).toEqual(emptySet(4))
    expect(contains(six, four)).toBe(false)
    expect(unionOf(6, [four, six])).toEqual(six)
    expect(cidrsOfAll([six, setOf('11.0.0.0/8'), four])).toEqual(['10.0.0.0/7', '2001:db8::/32'])
  })

  it('counts the addresses of both families', () => {
    expect(sizeOf(setOf('0.0.0.0/0'))).toBe(1n << 32n)
    expect(sizeOf(setOf('::/0'))).toBe(1n << 128n)
    expect(sizeOf(union(setOf('10.0.0.1'), setOf('10.0.0.3')))).toBe(2n)
    expect([sizeOf(emptySet(4)), emptySet(6).family, everything(6).family]).toEqual([0n, 6, 6])
    expect(contains(everything(6), setOf('::/0')) && contains(everything(4), setOf('0.0.0.0/0'))).toBe(true)
  })

  it('has the ranges that CLB probes from', () => {
    expect(toCidrs(PROBE_100_64)).toEqual(['100.64.0.0/10'])
    expect(toCidrs(PROBE_169_254)).toEqual(['169.254.128.0/17'])
  })
})

describe('port texts', () => {
  it.each([
    ['ALL', ['0-65535']],
    [' all ', ['0-65535']],
    ['80', ['80']],
    [' 80 , 443 ', ['80', '443']],
    ['8000 - 9000,80', ['80', '8000-9000']],
    ['80-80', ['80']],
    ['80,81', ['80-81']],
    ['65535', ['65535']],
    ['', null],
    ['80,', null],
    ['80-79', null],
    ['65536', null],
    ['0-65536', null],
    ['100000', null],
    ['80x', null],
    ['x80', null],
    ['80-90-100', null],
  ])('%j means %j', (text, ports) => {
    const parsed = parsePorts(text)
    expect(parsed && formatPorts(parsed)).toEqual(ports)
  })
})

describe('classes of ports', () => {
  const set = (text: string) => parsePorts(text) ?? []
  const classes = (ports: string, ...sets: readonly string[]) =>
    classesOf(set(ports), sets.map(set)).map(({ ports, members }) => [formatPorts(ports).join(), members])

  it('contain the ports that are in the same sets', () => {
    expect(classes('1024-65535')).toEqual([['1024-65535', []]])
    expect(classes('1024-65535', 'ALL', '80')).toEqual([['1024-65535', [0]]])
    expect(classes('1-10', '3-4', 'ALL', '4-6')).toEqual([
      ['1-2,7-10', [1]],
      ['3', [0, 1]],
      ['4', [0, 1, 2]],
      ['5-6', [1, 2]],
    ])
  })

  it('contain only the requested ports', () => {
    expect(classesOf([], [set('ALL')])).toEqual([])
    expect(classes('5-6', '1-3', '6-9')).toEqual([
      ['5', []],
      ['6', [1]],
    ])
  })
})

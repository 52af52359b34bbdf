import IPCIDR from 'ip-cidr'
import { BITS, type Family, ipFamily } from '../model/ip.ts'
import { type Borders, difference, intersection, type Point, rangesOf, unite, uniteAll } from './intervals.ts'

export type { Family }

/** A set of addresses of one family, stored as its borders: numbers for IPv4, bigints for IPv6. */
export interface AddressSet {
  readonly family: Family
  readonly borders: Borders
}

const EVERYTHING = {
  4: { family: 4, borders: [0, 2 ** 32] },
  6: { family: 6, borders: [0n, 1n << 128n] },
} as const satisfies Record<Family, AddressSet>

const NOTHING = {
  4: { family: 4, borders: [] },
  6: { family: 6, borders: [] },
} as const satisfies Record<Family, AddressSet>

export const emptySet = (family: Family): AddressSet => NOTHING[family]
export const everything = (family: Family): AddressSet => EVERYTHING[family]

const DOT = '.'.charCodeAt(0)
const ZERO = '0'.charCodeAt(0)

/**
 * Parses an address, a CIDR (host bits allowed) or an `a-b` range, IPv4 or IPv6. `::ffff:a.b.c.d` is an IPv6 address.
 * Null for any other text; never throws. If only one family is `wanted`, a CIDR of the other family gives an empty set
 * without being parsed, because parsing IPv6 is slow.
 */
export function parseAddresses(text: string, wanted?: Family): AddressSet | null {
  const dash = text.indexOf('-')
  if (dash < 0) return parseCidr(text.trim(), wanted)
  const [from, to] = [parseCidr(text.slice(0, dash).trim()), parseCidr(text.slice(dash + 1).trim())]
  if (from === null || to === null || from.family !== to.family) return null
  if (!isSingle(from) || !isSingle(to)) return null
  const [first] = from.borders as readonly [Point, Point]
  const [, end] = to.borders as readonly [Point, Point]
  return first < end ? { family: from.family, borders: [first, end] } : null
}

const PREFIX = /^(0|[1-9]\d{0,2})$/

function parseCidr(text: string, wanted?: Family): AddressSet | null {
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  const family = ipFamily(address)
  if (family === null || address.includes('%')) return null
  const prefix = slash < 0 ? String(BITS[family]) : text.slice(slash + 1)
  if (!PREFIX.test(prefix) || Number(prefix) > BITS[family]) return null
  if (wanted !== undefined && family !== wanted) return emptySet(family)
  return { family, borders: family === 4 ? cidr4(address, Number(prefix)) : cidr6(address, prefix) }
}

/** Parsed by hand: 0.5 µs instead of 28 µs with ip-cidr. Most rules are IPv4. */
function cidr4(address: string, prefix: number): Borders {
  let [value, octet] = [0, 0]
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i)
    if (code === DOT) value = value * 256 + octet
    octet = code === DOT ? 0 : octet * 10 + code - ZERO
  }
  value = value * 256 + octet
  const size = 2 ** (32 - prefix)
  const from = value - (value % size)
  return [from, from + size]
}

function cidr6(address: string, prefix: string): Borders {
  const cidr = new IPCIDR(`${withoutDots(address)}/${prefix}`)
  return [cidr.start<bigint>({ type: 'bigInteger' }), cidr.end<bigint>({ type: 'bigInteger' }) + 1n]
}

/** Writes `::ffff:10.0.0.1` as `::ffff:a00:1`, because ip-cidr takes any text with dots for IPv4. */
function withoutDots(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
  )
}

/** The probe sources of CLBs with SourceIpType 1, and of classic private CLBs (platform facts C1). */
export const PROBE_100_64: AddressSet = { family: 4, borders: cidr4('100.64.0.0', 10) }
export const PROBE_169_254: AddressSet = { family: 4, borders: cidr4('169.254.128.0', 17) }
/** Only the probers of a CLB have these addresses. */
export const PROBER_RANGES: readonly AddressSet[] = [PROBE_100_64, PROBE_169_254]

export const isEmpty = ({ borders }: AddressSet): boolean => borders.length === 0

export const sizeOf = ({ borders }: AddressSet): bigint =>
  borders.reduce<bigint>((sum, border, i) => (i % 2 === 0 ? sum - BigInt(border) : sum + BigInt(border)), 0n)

const isSingle = (set: AddressSet): boolean => sizeOf(set) === 1n

/** `a` unchanged if the families differ, because a set holds one family only. */
export const union = (a: AddressSet, b: AddressSet): AddressSet =>
  a.family === b.family ? { family: a.family, borders: unite(a.borders, b.borders) } : a

export const unionOf = (family: Family, sets: readonly AddressSet[]): AddressSet => ({
  family,
  borders: uniteAll(sets.filter((set) => set.family === family).map(({ borders }) => borders)),
})

export function intersect(a: AddressSet, b: AddressSet): AddressSet {
  if (a.family !== b.family) return emptySet(a.family)
  const borders = intersection(a.borders, b.borders)
  if (borders.length === 0) return emptySet(a.family)
  return borders === a.borders ? a : { family: a.family, borders }
}

export const subtract = (a: AddressSet, b: AddressSet): AddressSet =>
  a.family === b.family ? { family: a.family, borders: difference(a.borders, b.borders) } : a

/** Is every address of `inner` in `outer`? */
export const contains = (outer: AddressSet, inner: AddressSet): boolean => isEmpty(subtract(inner, outer))

/** The fewest CIDRs that make up the set, sorted by address. */
export function toCidrs({ borders }: AddressSet): readonly string[] {
  const cidrs: string[] = []
  for (const [first, last] of rangesOf(borders))
    if (typeof first === 'number') append4(cidrs, first, Number(last))
    else append6(cidrs, first, BigInt(last))
  return cidrs
}

/** Plain numbers are ten times as fast as bigints. */
function append4(cidrs: string[], from: number, end: number): void {
  for (let start = from; start < end; ) {
    let bits = 0
    while (start % 2 ** (bits + 1) === 0 && start + 2 ** (bits + 1) <= end) bits++
    cidrs.push(`${format4(start)}/${32 - bits}`)
    start += 2 ** bits
  }
}

function append6(cidrs: string[], from: bigint, end: bigint): void {
  for (let start = from; start < end; ) {
    const host = hostBits(start, end)
    cidrs.push(`${format6(start)}/${128 - host}`)
    start += 1n << BigInt(host)
  }
}

/** The CIDRs of several sets of either family, IPv4 first. */
export const cidrsOfAll = (sets: readonly AddressSet[]): readonly string[] =>
  ([4, 6] as const).flatMap((family) => toCidrs(unionOf(family, sets)))

/** Host bits of the largest CIDR that begins at `start` and does not pass `end`. */
function hostBits(start: bigint, end: bigint): number {
  const fits = (bits: number): boolean => {
    const size = 1n << BigInt(bits)
    return start % size === 0n && start + size <= end
  }
  let bits = 0
  while (fits(bits + 1)) bits++
  return bits
}

const format4 = (address: number): string =>
  [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(address / unit) % 256).join('.')

function format6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  )
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
}

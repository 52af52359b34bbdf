import { isIP } from 'node:net'
import IPCIDR from 'ip-cidr'

export type Family = 4 | 6
/** Both ends included. */
export type Range = readonly [from: bigint, to: bigint]

/** A set of addresses of one family: sorted, disjoint, merged ranges. */
export interface AddressSet {
  readonly family: Family
  readonly ranges: readonly Range[]
}

export type Parsed = { readonly ok: true; readonly set: AddressSet } | { readonly ok: false }

const BITS = { 4: 32, 6: 128 } as const
const LAST = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n } as const

export const emptySet = (family: Family): AddressSet => ({ family, ranges: [] })
export const everything = (family: Family): AddressSet => ({ family, ranges: [[0n, LAST[family]]] })

/**
 * An address, a CIDR (host bits allowed) or an `a-b` range, IPv4 or IPv6. `::ffff:a.b.c.d` is an IPv6 address.
 * Anything else is `{ ok: false }`; never throws.
 */
export function parseAddresses(text: string): Parsed {
  const trimmed = text.trim()
  const dash = trimmed.indexOf('-')
  if (dash > 0) {
    const [from, to] = [parseAddresses(trimmed.slice(0, dash)), parseAddresses(trimmed.slice(dash + 1))]
    if (!from.ok || !to.ok || from.set.family !== to.set.family) return { ok: false }
    const [low, high] = [single(from.set), single(to.set)]
    if (low === null || high === null || low > high) return { ok: false }
    return { ok: true, set: { family: from.set.family, ranges: [[low, high]] } }
  }
  const [address = '', prefix, ...more] = trimmed.split('/')
  const family = isIP(address)
  if (more.length > 0 || (family !== 4 && family !== 6) || address.includes('%')) return { ok: false }
  if (prefix !== undefined && !(/^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= BITS[family]))
    return { ok: false }
  const cidr = new IPCIDR(`${family === 6 ? withoutDots(address) : address}/${prefix ?? BITS[family]}`)
  const range: Range = [cidr.start<bigint>({ type: 'bigInteger' }), cidr.end<bigint>({ type: 'bigInteger' })]
  return { ok: true, set: { family, ranges: [range] } }
}

const single = ({ ranges }: AddressSet): bigint | null => {
  const [range] = ranges
  return range && range[0] === range[1] ? range[0] : null
}

/** `::ffff:10.0.0.1` as `::ffff:a00:1`: ip-cidr takes any text with dots for IPv4. */
function withoutDots(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
  )
}

const constant = (text: string): AddressSet => {
  const parsed = parseAddresses(text)
  if (!parsed.ok) throw new Error(`not an address: ${text}`)
  return parsed.set
}

/** Where CLB probes from with SourceIpType 1, and classic private CLBs (platform facts C1). */
export const PROBE_100_64 = constant('100.64.0.0/10')
export const PROBE_169_254 = constant('169.254.128.0/17')

export const isEmpty = ({ ranges }: AddressSet): boolean => ranges.length === 0

/** Number of addresses. */
export const sizeOf = ({ ranges }: AddressSet): bigint =>
  ranges.reduce((sum, [from, to]) => sum + to - from + 1n, 0n)

function normalise(family: Family, ranges: readonly Range[]): AddressSet {
  const sorted = [...ranges].sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))
  const merged: [bigint, bigint][] = []
  for (const [from, to] of sorted) {
    const last = merged.at(-1)
    if (last && from <= last[1] + 1n) last[1] = to > last[1] ? to : last[1]
    else merged.push([from, to])
  }
  return { family, ranges: merged }
}

/** Both sets must be of one family, as in all operations below; another family's addresses are not in a set. */
export function union(a: AddressSet, b: AddressSet): AddressSet {
  if (a.family !== b.family || isEmpty(b)) return a
  return isEmpty(a) ? b : normalise(a.family, [...a.ranges, ...b.ranges])
}

export function intersect(a: AddressSet, b: AddressSet): AddressSet {
  if (a.family !== b.family) return emptySet(a.family)
  const found: Range[] = []
  let i = 0
  let j = 0
  for (;;) {
    const [x, y] = [a.ranges[i], b.ranges[j]]
    if (!x || !y) return { family: a.family, ranges: found }
    const from = x[0] > y[0] ? x[0] : y[0]
    const to = x[1] < y[1] ? x[1] : y[1]
    if (from <= to) found.push([from, to])
    if (x[1] < y[1]) i++
    else j++
  }
}

export function subtract(a: AddressSet, b: AddressSet): AddressSet {
  if (a.family !== b.family || isEmpty(b)) return a
  const left: Range[] = []
  let j = 0
  for (const [from, to] of a.ranges) {
    let start = from
    while ((b.ranges[j]?.[1] ?? LAST[a.family]) < start) j++
    for (let k = j; start <= to; k++) {
      const cut = b.ranges[k]
      if (!cut || cut[0] > to) {
        left.push([start, to])
        break
      }
      if (cut[0] > start) left.push([start, cut[0] - 1n])
      start = cut[1] + 1n
    }
  }
  return { family: a.family, ranges: left }
}

/** Is every address of `inner` in `outer`? */
export const covers = (outer: AddressSet, inner: AddressSet): boolean =>
  outer.family === inner.family && isEmpty(subtract(inner, outer))

/** The fewest CIDRs that make up the set, sorted by address. */
export function toCidrs({ family, ranges }: AddressSet): readonly string[] {
  const bits = BITS[family]
  const cidrs: string[] = []
  for (const [from, to] of ranges) {
    let start = from
    while (start <= to) {
      let host = 0
      while (
        host < bits &&
        (start & ((1n << BigInt(host + 1)) - 1n)) === 0n &&
        start + (1n << BigInt(host + 1)) - 1n <= to
      )
        host++
      cidrs.push(`${format(start, family)}/${bits - host}`)
      start += 1n << BigInt(host)
    }
  }
  return cidrs
}

function format(address: bigint, family: Family): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => ((address >> shift) & 255n).toString()).join('.')
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  )
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
}

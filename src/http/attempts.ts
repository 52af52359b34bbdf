import { ipFamily } from '../model/ip.ts'

/** The wrong tokens that each source has shown lately. */
export interface Attempts {
  /** Counts one more. Returns how long its answer has to wait, ms. */
  wrong(source: string): number
}

/** Typing errors are answered at once. */
const FREE = 3
const FIRST_MS = 250
const LONGEST_MS = 2_000
/** Half of the wrong tokens of a source are forgotten in this time. */
const HALF_MS = 60_000
const MOST_SOURCES = 4_096

interface Counted {
  readonly count: number
  readonly at: number
}

/**
 * Only the answers to wrong tokens wait, so nobody who shows a right one is slowed or locked out. At most 4,096 sources are
 * kept; the one that was seen the longest time ago is dropped first.
 */
export function createAttempts(now: () => number, most = MOST_SOURCES): Attempts {
  const seen = new Map<string, Counted>()
  return {
    wrong(source) {
      const at = now()
      const before = seen.get(source)
      const left = before ? before.count * 0.5 ** ((at - before.at) / HALF_MS) : 0
      const count = left + 1
      seen.delete(source)
      seen.set(source, { count, at })
      for (const oldest of seen.keys()) {
        if (seen.size <= most) break
        seen.delete(oldest)
      }
      return count <= FREE
        ? 0
        : Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, Math.round(count - FREE - 1)))
    },
  }
}

/** IPv6 by its /64, which is one network of one owner. IPv4 as it is. */
export function sourceOf(address: string | null): string {
  const bare = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  return ipFamily(bare) === 6 ? `${groupsOf(bare).slice(0, 4).join(':')}::/64` : bare || 'unknown'
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = address.toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  return [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/, ''))
}

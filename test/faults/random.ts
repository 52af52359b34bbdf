/** Random choices from a seed. The same seed gives the same choices in every run. */
export interface Random {
  /** An integer from 0 to `n` - 1. */
  below(n: number): number
  chance(probability: number): boolean
  pick<T>(values: readonly [T, ...T[]] | readonly T[]): T
  /** `count` of the values, in their order; all of them if there are fewer. */
  some<T>(values: readonly T[], count: number): readonly T[]
}

/** Mulberry32 (public domain, Tommy Ettinger). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n: number): number => Math.floor(next() * n)
  return {
    below,
    chance: (probability) => next() < probability,
    pick(values) {
      const picked = values[below(values.length)]
      if (picked === undefined) throw new RangeError('nothing to pick from')
      return picked
    },
    some(values, count) {
      const left = values.map((_, i) => i)
      const taken = Array.from(
        { length: Math.min(count, values.length) },
        () => left.splice(below(left.length), 1)[0] ?? 0,
      )
      return taken.sort((a, b) => a - b).flatMap((i) => values.slice(i, i + 1))
    },
  }
}

import fc from 'fast-check'
import type { Fault } from './fault.ts'
import { FAMILIES, FAULTS } from './faults/index.ts'

/** `GUEST_SEED=2` draws another share. */
export const SEED = Number(process.env.GUEST_SEED ?? 1)

/** All faults, those that `GUEST_ONLY` names, or as many as `GUEST_FAULTS` says: some of each family, by the seed. */
export function wantedFaults(): readonly Fault[] {
  const names = process.env.GUEST_ONLY?.split(',')
  if (names) {
    const unknown = names.filter((name) => !FAULTS.some((fault) => fault.name === name))
    if (unknown.length > 0) throw new Error(`GUEST_ONLY names no fault: ${unknown.join(', ')}`)
    return FAULTS.filter(({ name }) => names.includes(name))
  }
  const count = Number(process.env.GUEST_FAULTS ?? FAULTS.length)
  return count < FAULTS.length ? shareOf(count, SEED) : FAULTS
}

/** One fault of each family in turn, until there are enough. */
export function shareOf(count: number, seed: number): readonly Fault[] {
  const shuffled = Object.values(FAMILIES).map((family) => {
    const [order = []] = fc.sample(
      fc.shuffledSubarray([...family], { minLength: family.length, maxLength: family.length }),
      { seed, numRuns: 1 },
    )
    return order
  })
  const longest = Math.max(...shuffled.map((order) => order.length))
  const turns = Array.from({ length: longest }, (_, turn) => shuffled.flatMap((order) => order[turn] ?? []))
  return turns.flat().slice(0, count)
}

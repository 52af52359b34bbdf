import { beforeAll, expect, it } from 'vitest'
import { requireLab } from './lab.ts'
import { machineOf, shown } from './random-machine.ts'
import { type Compared, compareMachine } from './random-suite.ts'
import { SEED } from './share.ts'

// Machines that nobody designed. GUEST_RANDOM=300 makes as many. GUEST_SEED draws others, and GUEST_MACHINES=1000,1001 makes
// those of these numbers.

const AT_ONE_TIME = Number(process.env.GUEST_BESIDE ?? 4)
/** A test that says `unknown` to everything would show nothing. */
const MOST_UNKNOWN = 0.3
/** Few machines may be alike by chance. */
const ENOUGH = 30

const numbersOf = (count: number): readonly number[] =>
  process.env.GUEST_MACHINES?.split(',').map(Number) ??
  Array.from({ length: Number(process.env.GUEST_RANDOM ?? count) }, (_, i) => SEED * 1000 + i)

/** As many as `count`, if nobody says it. */
export function testRandomMachines(count: number): void {
  const numbers = numbersOf(count)
  beforeAll(requireLab, 60_000)
  // A machine takes seconds. The limit only ends what hangs.
  it(
    'random machines do to probes what is evaluated',
    () => testMachines(numbers),
    120_000 + numbers.length * 60_000,
  )
}

async function testMachines(numbers: readonly number[]): Promise<void> {
  process.stdout.write(`guest: ${numbers.length} random machines, GUEST_SEED=${SEED}\n`)
  const first = await compareAll(numbers)
  // A busy machine answers late. So one that differs is made again, alone.
  const again: Compared[] = []
  for (const { seed, differences } of first)
    if (differences.length > 0) again.push(await compareMachine(seed))
  const wrong = again.filter(({ differences }) => differences.length > 0)
  const outcomes = first.flatMap((one) => one.outcomes)
  const unknown = outcomes.filter((outcome) => outcome === 'unknown').length
  const unsteady = first.filter(({ met }) => met === null).length
  process.stdout.write(
    `guest: ${unsteady} not steady, ${outcomes.length} outcomes, ${unknown} unknown, met ${counted(first)}\n`,
  )
  expect(wrong.map(told).join('\n\n'), 'GUEST_RECORD keeps what the machines printed').toBe('')
  if (numbers.length < ENOUGH) return
  expect(unknown / outcomes.length).toBeLessThan(MOST_UNKNOWN)
  expect(unsteady / numbers.length).toBeLessThan(0.1)
}

async function compareAll(seeds: readonly number[]): Promise<readonly Compared[]> {
  const found: Compared[] = []
  const left = [...seeds]
  const work = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      const one = await compareMachine(seed)
      if (one.differences.length > 0) process.stdout.write(`guest: differs at first: ${told(one)}\n`)
      found.push(one)
    }
  }
  await Promise.all(Array.from({ length: AT_ONE_TIME }, work))
  return found
}

const told = ({ seed, met, differences }: Compared): string =>
  [`GUEST_MACHINES=${seed}: met ${met?.join(', ')}`, ...differences, shown(machineOf(seed))].join('\n')

const counted = (all: readonly Compared[]): string => {
  const met = all.flatMap((one) => one.met ?? [])
  return [...new Set(met)].map((one) => `${one} ${met.filter((other) => other === one).length}`).join(', ')
}

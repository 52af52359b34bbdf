import { expect, it } from 'vitest'
import { FAULTS } from './faults/index.ts'
import { SEED, shareOf, wantedFaults } from './share.ts'
import { testFaults } from './suite.ts'

// Real faults on real backends, real probes. GUEST_FAULTS=12 takes a share, which GUEST_SEED draws.

const faults = wantedFaults()
process.stdout.write(`guest: ${faults.length} of ${FAULTS.length} faults, GUEST_SEED=${SEED}\n`)

testFaults(faults)

it('there are at least 40 faults, and at least ten are of kinds that the shared samples do not have', () => {
  expect(FAULTS.length).toBeGreaterThanOrEqual(40)
  expect(FAULTS.filter(({ isSampled }) => !isSampled).length).toBeGreaterThanOrEqual(10)
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length)
})

it('a share has a fault of each family, and the same seed draws the same', () => {
  expect(shareOf(12, 7)).toEqual(shareOf(12, 7))
  expect(shareOf(12, 7)).not.toEqual(shareOf(12, 8))
  expect(new Set(shareOf(12, 7)).size).toBe(12)
})

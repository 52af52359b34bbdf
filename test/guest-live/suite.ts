import { beforeAll, describe, expect, it } from 'vitest'
import { withFault } from './bench.ts'
import type { Fault } from './fault.ts'
import { requireLab } from './lab.ts'
import { record } from './recorder.ts'
import { outcomeOf } from './truth.ts'

/** `GUEST_RECORD=folder` keeps the recordings. */
const KEPT = process.env.GUEST_RECORD
/** Only ends what hangs. */
const LIMIT = 240_000

/** Each fault on a backend of its own, several at one time. */
export function testFaults(faults: readonly Fault[]): void {
  beforeAll(requireLab, LIMIT)
  describe.concurrent('a backend with', () => {
    it.each(faults)('$name', (fault) => testFault(fault), LIMIT)
  })
}

async function testFault(fault: Fault): Promise<void> {
  await withFault(fault, async ({ lab, probes, folder }) => {
    await probes.until(2)
    const truth = probes.truth()
    const outcomes = truth.map((met) => outcomeOf(met, fault.check))
    expect(outcomes, `the lab does not do what the fault says: ${JSON.stringify(truth)}`).toEqual(fault.meets)
    await record(lab, fault.check, truth, `${KEPT ?? folder}/${fault.name}`)
  })
}

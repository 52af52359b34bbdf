import { expect } from 'vitest'
import { type StormOptions, storm } from './storm.ts'

/** Each cause becomes one incident, which everybody is told, within all limits. Each CLB recovers once by its sender. */
export async function expectOneIncidentPerCause(options: StormOptions): Promise<void> {
  const {
    errors,
    p99: _,
    p50: __,
    wecomMessages: ___,
    diagnoses,
    wecomInAMinute,
    ...rest
  } = await storm(options)
  const { callbacks, clbs, causes } = options
  expect(errors).toEqual([])
  expect(rest).toEqual({
    accepted: callbacks,
    refused: 0,
    recoveries: clbs,
    openIncidents: causes,
    clbsInIncidents: clbs,
    toldWecom: causes,
    toldWebhook: causes,
    overRate: 0,
  })
  expect(diagnoses).toBeLessThanOrEqual(1.2 * (clbs + clbs))
  expect(wecomInAMinute).toBeLessThanOrEqual(20)
}

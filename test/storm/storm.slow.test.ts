import { expect, it } from 'vitest'
import { storm } from './storm.ts'

// A tenth of `npm run bench:storm`.
it.each(['folder', 'redis'] as const)(
  'a storm of 500 callbacks becomes one incident per cause (%s)',
  async (store) => {
    const {
      errors,
      p99: _,
      p50: __,
      wecomMessages: ___,
      diagnoses,
      wecomInAMinute,
      ...rest
    } = await storm({
      callbacks: 500,
      perSecond: 100,
      clbs: 20,
      causes: 5,
      store,
      patienceMs: 40_000,
    })
    expect(errors).toEqual([])
    expect(rest).toEqual({
      accepted: 500,
      refused: 0,
      recoveries: 20,
      openIncidents: 5,
      clbsInIncidents: 20,
      toldWecom: 5,
      toldWebhook: 5,
      overRate: 0,
    })
    expect(diagnoses).toBeLessThanOrEqual(1.2 * (20 + 20))
    expect(wecomInAMinute).toBeLessThanOrEqual(20)
  },
  120_000,
)

import { expect, it } from 'vitest'
import { storm } from './storm.ts'

// The whole of `npm run bench:storm`, without its times.
it.each(['folder', 'redis'] as const)(
  'a storm of 5,000 callbacks in ten seconds becomes one incident per cause (%s)',
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
      callbacks: 5_000,
      perSecond: 500,
      clbs: 50,
      causes: 5,
      store,
      patienceMs: 60_000,
    })
    expect(errors).toEqual([])
    expect(rest).toEqual({
      accepted: 5_000,
      refused: 0,
      recoveries: 50,
      openIncidents: 5,
      clbsInIncidents: 50,
      toldWecom: 5,
      toldWebhook: 5,
      overRate: 0,
    })
    expect(diagnoses).toBeLessThanOrEqual(1.2 * (50 + 50))
    expect(wecomInAMinute).toBeLessThanOrEqual(20)
  },
  180_000,
)

import { expect, it } from 'vitest'
import { chaos, TROUBLES } from './chaos.ts'

// Ten seconds of each trouble. chaos.long.test.ts has a minute of each, with 500 incidents. Another run: CHAOS_SEED=2.
/** So few that the limit of WeCom makes nobody wait. */
const CLBS = 16
const SEED = Number(process.env.CHAOS_SEED ?? 1)

// Together, because most of the time they wait.
it.concurrent.each(TROUBLES)(
  `every accepted alarm is told to every receiver, and repeats are marked: %s (seed ${SEED})`,
  async (trouble) => {
    const { accepted, refused, times, stopSeconds, ...wrong } = await chaos({
      trouble,
      seconds: 10,
      clbs: CLBS,
      seed: SEED,
      patienceMs: 120_000,
      makesTickets: true,
    })
    expect(wrong).toEqual({
      untoldAtWecom: [],
      untoldAtWebhook: [],
      unticketed: [],
      ticketedTwice: [],
      unmarkedRepeats: [],
    })
    expect(accepted + refused).toBe(CLBS)
    expect(accepted).toBeGreaterThan(CLBS / 2)
    expect(times).toBeGreaterThan(0)
    expect(stopSeconds).toBeLessThan(20)
  },
  240_000,
)

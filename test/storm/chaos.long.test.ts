import { expect, it } from 'vitest'
import { chaos, TROUBLES } from './chaos.ts'

// A minute of each trouble with 500 incidents. WeCom takes 20 messages a minute, so telling them takes some
// minutes more, and a Jira that fails part of the time half an hour and more, because failed attempts count towards its
// budget of 60 a minute, and a ticket that may have been made is looked for during two minutes before it is made again. Most of it is waiting, so all troubles run at once.
const CLBS = 500
const SEED = Number(process.env.CHAOS_SEED ?? 1)

it.concurrent.each(TROUBLES)(
  `every accepted alarm of 500 is told to every receiver: %s (seed ${SEED})`,
  async (trouble) => {
    const done = await chaos({ trouble, seconds: 60, clbs: CLBS, seed: SEED, patienceMs: 2_700_000 })
    process.stdout.write(`${JSON.stringify({ trouble, ...done })}\n`)
    expect(done).toMatchObject({
      untoldAtWecom: [],
      untoldAtWebhook: [],
      unticketed: [],
      ticketedTwice: [],
      unmarkedRepeats: [],
    })
    expect(done.accepted + done.refused).toBe(CLBS)
    expect(done.accepted).toBeGreaterThan(CLBS / 2)
    expect(done.stopSeconds).toBeLessThan(20)
  },
  3_000_000,
)

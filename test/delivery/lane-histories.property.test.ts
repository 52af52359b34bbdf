import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DAY_MS } from '../../src/delivery/lanes/plan.ts'
import type { Outcome, Window } from '../../src/delivery/receiver.ts'
import { type Attempt, DELIVERED, laneRig } from './lane-rig.ts'

// Whatever a receiver answers, each message ends by name or is kept, and no limit is exceeded.

const outcomes: fc.Arbitrary<Outcome> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(DELIVERED) },
  fc.constant<Outcome>({ kind: 'permanent', reason: 'HTTP 404' }),
  { weight: 2, arbitrary: fc.constant<Outcome>({ kind: 'unknown', reason: 'reset' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('retry' as const),
      afterMs: fc.constantFrom(0, 0, 700, 60_000, 600_000),
      reason: fc.constant('busy'),
    }),
  },
)

const histories = fc.record({
  /** Which incident is told again, and how long after the one before. */
  tellings: fc.array(fc.record({ about: fc.nat(9), after: fc.nat(40_000), rank: fc.nat(3) }), {
    minLength: 1,
    maxLength: 30,
  }),
  answers: fc.array(outcomes, { minLength: 1, maxLength: 40 }),
  /** Answered from then on. */
  last: outcomes,
  jitter: fc.constantFrom(0, 0.5, 0.999),
  idempotent: fc.boolean(),
  windows: fc.constantFrom<readonly Window[]>(
    [],
    [{ most: 2, perMs: 60_000 }],
    [
      { most: 1, perMs: 1_000 },
      { most: 4, perMs: 60_000 },
    ],
  ),
})

type History = typeof histories extends fc.Arbitrary<infer T> ? T : never

async function played({ tellings, answers, last, jitter, idempotent, windows }: History, ms: number) {
  const given: Outcome[] = []
  const answer = (): Outcome => {
    const outcome = answers[given.length] ?? last
    given.push(outcome)
    return outcome
  }
  const rig = laneRig({ a: { idempotent, windows, answer } }, { random: () => jitter })
  for (const { about, after, rank } of tellings) {
    await rig.run(after + 1)
    await rig.tell('a', `in-${about}`, { rank, news: [`news ${rig.clock.now()}`] })
  }
  await rig.run(ms)
  return { rig, given, attempts: rig.of('a'), kept: await rig.kept('a') }
}

const mostIn = (attempts: readonly Attempt[], perMs: number): number =>
  Math.max(
    0,
    ...attempts.map(({ at }) => attempts.filter((one) => one.at > at - perMs && one.at <= at).length),
  )

const checked = (holds: fc.IAsyncProperty<[History]>) => fc.assert(holds, { numRuns: 150 })

it('nothing that was told to a lane is lost: it ends by name, or stands in the outbox', () =>
  checked(
    fc.asyncProperty(histories, async (history) => {
      const { rig, kept } = await played(history, 900_000)
      // What may have arrived is named as unknown, and ends once more if the receiver comes back.
      const ends = rig.reports.filter(({ outcome }) => outcome !== 'unknown')
      const named = [...ends, ...kept].flatMap(({ news }) => news)
      expect(named.length).toBe(new Set(named).size)
      const all = [...rig.reports, ...kept].flatMap(({ news }) => news)
      expect(new Set(all).size).toBe(history.tellings.length)
    }),
  ))

it('no window is exceeded, and nothing is sent while the receiver asked for silence', () =>
  checked(
    fc.asyncProperty(histories, async (history) => {
      const { attempts, given } = await played(history, 900_000)
      for (const { most, perMs } of history.windows) expect(mostIn(attempts, perMs)).toBeLessThanOrEqual(most)
      attempts.slice(1).forEach(({ at }, i) => {
        const before = given[i]
        const silence = before?.kind === 'retry' ? before.afterMs : 0
        expect(at - (attempts[i]?.at ?? 0)).toBeGreaterThanOrEqual(silence)
      })
    }),
  ))

it('every repeat of what may have arrived at a chat bot is marked', () =>
  checked(
    fc.asyncProperty(histories, async (history) => {
      const { attempts, given } = await played({ ...history, idempotent: false }, 900_000)
      const unknowns = new Map<string, number>()
      attempts.forEach(({ about, mayRepeat }, i) => {
        if (!mayRepeat) expect(about.filter((one) => (unknowns.get(one) ?? 0) > 0)).toEqual([])
        for (const one of about)
          if (given[i]?.kind === 'unknown') unknowns.set(one, (unknowns.get(one) ?? 0) + 1)
          else if (given[i]?.kind !== 'retry') unknowns.delete(one)
        for (const [one, count] of unknowns) if (count > 1) unknowns.delete(one)
      })
    }),
  ))

it('after a day and an hour nothing waits that could not be sent', () =>
  fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const { kept } = await played(history, DAY_MS + 3_600_000)
      expect(kept).toEqual([])
    }),
    {
      numRuns: 15,
      examples: [
        // One asks for silence each time, so the others are never tried.
        [
          {
            tellings: [2, 4, 1, 0, 3, 5, 6, 7, 8].map((about) => ({ about, after: 0, rank: 0 })),
            answers: [],
            last: { kind: 'retry', afterMs: 600_000, reason: 'busy' },
            jitter: 0,
            idempotent: false,
            windows: [],
          },
        ],
      ],
    },
  ))

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { look, type Sighting, see } from '../../src/incidents/index.ts'
import { MOST_SIGHTINGS } from '../../src/incidents/see.ts'
import type { Look } from '../../src/incidents/sightings.ts'
import type { Alarm } from '../../src/model/alarm.ts'
import type { Recent } from '../../src/model/diagnosis.ts'
import { ALARM } from '../faults/cases.ts'

const HEALTHY = { verdict: 'healthy', pools: [] } as const
const MINUTE = 60_000
const began = (minute: number): string => new Date(minute * MINUTE).toISOString()

const lookAt = (minute: number, alarm: Alarm): Look =>
  look({ alarm, at: minute * MINUTE, until: minute * MINUTE }, HEALTHY)

type Sent = readonly [minute: number, fields: Partial<Alarm>]

/** What is known and told after each alarm of a history. */
function told(history: readonly Sent[]): readonly { recent: Recent | null; kept: readonly Sighting[] }[] {
  let kept: readonly Sighting[] = []
  return history.map(([minute, fields]) => {
    const seen = see(kept, lookAt(minute, { ...ALARM, ...fields }))
    kept = seen.sightings
    return { recent: seen.recent, kept }
  })
}

const firingsOf = (history: readonly Sent[]): readonly (number | null)[] =>
  told(history).map(({ recent }) => recent?.firings ?? null)

const at = (minute: number): Partial<Alarm> => ({ firstOccurredAt: began(minute) })
const UNDATED: Partial<Alarm> = { firstOccurredAt: null }
const OVER: Partial<Alarm> = { state: 'resolved' }
/** A recovery of the firing that began at `minute`. */
const over = (minute: number, recovered: number): Partial<Alarm> => ({
  ...at(minute),
  ...OVER,
  recoveredAt: began(recovered),
})
const otherPolicy = { policy: { id: 'policy-other', name: null } }
const otherBackend = { backend: { ip: '10.0.1.99', port: 8080 } }

describe('how often an alarm fired lately', () => {
  it.each<[string, readonly Sent[], readonly (number | null)[]]>([
    [
      'does not count a repeat',
      [
        [0, at(0)],
        [5, at(0)],
        [25, at(0)],
      ],
      [1, 1, 1],
    ],
    [
      'counts another firstOccurTime',
      [
        [0, at(0)],
        [20, at(19)],
        [25, at(19)],
      ],
      [1, 2, 2],
    ],
    [
      'counts a firing after a recovery',
      [
        [0, at(0)],
        [1, { ...at(0), ...OVER }],
        [2, at(0)],
      ],
      [1, null, 2],
    ],
    [
      'counts no recovery',
      [
        [0, OVER],
        [1, OVER],
        [2, at(2)],
      ],
      [null, null, 1],
    ],
    [
      'counts a firing only for 30 minutes',
      [
        [0, at(0)],
        [31, at(31)],
      ],
      [1, 1],
    ],
    [
      'without firstOccurTime takes 5 minutes for a repeat',
      [
        [0, UNDATED],
        [5, UNDATED],
        [10, UNDATED],
      ],
      [1, 1, 1],
    ],
    [
      'without firstOccurTime counts after more than 5 minutes',
      [
        [0, UNDATED],
        [5.1, UNDATED],
      ],
      [1, 2],
    ],
    [
      'takes the alarms of several backends for one trouble',
      [
        [0, at(0)],
        [1, { ...at(1), ...otherBackend }],
      ],
      [1, 1],
    ],
    [
      'takes two policies for one trouble',
      [
        [0, at(0)],
        [1, { ...at(0), ...otherPolicy }],
      ],
      [1, 1],
    ],
    [
      'counts another backend later',
      [
        [0, at(0)],
        [9, { ...at(9), ...otherBackend }],
      ],
      [1, 2],
    ],
    [
      'keeps its number while an older alarm repeats',
      [
        [0, at(0)],
        [9, { ...at(9), ...otherBackend }],
        [10, at(0)],
      ],
      [1, 2, 2],
    ],
    [
      'takes two backends that fire again together for one firing',
      [
        [0, at(0)],
        [0, { ...at(0), ...otherBackend }],
        [12, at(12)],
        [12, { ...at(12), ...otherBackend }],
      ],
      [1, 1, 2, 2],
    ],
    [
      'goes by the time in the alarm, not by its arrival',
      [
        [0, at(0)],
        [9, { ...at(0), ...otherBackend }],
      ],
      [1, 1],
    ],
    [
      'counts a firing that arrives after a later one',
      [
        [12, at(12)],
        [13, at(0)],
      ],
      [1, 2],
    ],
    [
      'takes a firing that arrives after its own recovery for a repeat',
      [
        [0, at(0)],
        [5, over(0, 5)],
        [6, at(0)],
        [9, at(8)],
      ],
      [1, null, 1, 2],
    ],
    [
      'counts a firing once that arrives only after its recovery',
      [
        [5, over(0, 5)],
        [6, at(0)],
        [9, at(8)],
      ],
      [null, 1, 2],
    ],
    [
      'counts an event once that arrives only after its recovery',
      [
        [5, { ...over(0, 5), ...UNDATED }],
        [6, at(0)],
        [9, at(8)],
      ],
      [null, 1, 2],
    ],
    [
      'counts by a clock that is ten minutes slow',
      [
        [0, at(-10)],
        [12, at(2)],
        [12, { ...at(2), ...otherBackend }],
      ],
      [1, 2, 2],
    ],
    [
      'counts by the arrival if the clock is fast',
      [
        [0, at(60)],
        [4, { ...at(50), ...otherBackend }],
        [12, at(72)],
      ],
      [1, 1, 2],
    ],
    [
      'counts by a clock in another time zone',
      [
        [0, at(-480)],
        [12, at(-468)],
      ],
      [1, 2],
    ],
    [
      'does not count old alarms that a new process hears of one after the other',
      [
        [0, at(-180)],
        [12, { ...at(-168), ...otherBackend }],
      ],
      [1, 1],
    ],
    [
      'does not count a firing that began hours ago with one of now',
      [
        [0, at(-180)],
        [12, at(12)],
      ],
      [1, 1],
    ],
    [
      'keeps its number as long as the second firing is repeated',
      [
        [0, at(0)],
        [12, at(12)],
        [30, at(12)],
        [50, at(12)],
      ],
      [1, 2, 2, 2],
    ],
  ])('%s', (_, history, firings) => {
    expect(firingsOf(history)).toEqual(firings)
  })

  describe('of more backends than are kept', () => {
    const backends = Array.from({ length: 3 * MOST_SIGHTINGS }, (_, i) => ({
      backend: { ip: `10.0.1.${i}`, port: 8080 },
    }))
    const all = (minute: number, fields: Partial<Alarm>): readonly Sent[] =>
      backends.map((backend) => [minute, { ...fields, ...backend }])

    it('does not count repeats', () => {
      expect(new Set(firingsOf([...all(0, at(0)), ...all(10, at(0)), ...all(20, at(0))]))).toEqual(
        new Set([1]),
      )
    })

    it('does not count alarms without a time that may be repeats', () => {
      expect(new Set(firingsOf([...all(0, UNDATED), ...all(4, UNDATED), ...all(8, UNDATED)]))).toEqual(
        new Set([1]),
      )
    })

    it('counts the second firing, with each of its alarms', () => {
      expect(new Set(firingsOf([...all(0, at(0)), ...all(12, at(12))]).slice(backends.length))).toEqual(
        new Set([2]),
      )
    })
  })

  it('ends a firing only by the recovery of the same policy, object and firstOccurTime', () => {
    for (const other of [otherPolicy, otherBackend, at(7)])
      expect(
        firingsOf([
          [0, at(0)],
          [1, { ...at(0), ...OVER, ...other }],
          [2, at(0)],
        ]),
      ).toEqual([1, null, 1])
  })

  it('says the real time since the first of these firings, rounded up', () => {
    const [first, second, repeat] = told([
      [0, at(0)],
      [19.2, at(19)],
      [21, at(19)],
    ])
    expect(first?.recent).toEqual({ minutes: 1, firings: 1 })
    expect(second?.recent).toEqual({ minutes: 20, firings: 2 })
    expect(repeat?.recent).toEqual({ minutes: 21, firings: 2 })
  })

  it('says the time between firings by the clock of their sender', () => {
    const [, late] = told([
      [12, at(12)],
      [14, at(0)],
    ])
    expect(late?.recent).toEqual({ minutes: 14, firings: 2 })
    const [, elsewhere, repeat] = told([
      [0, at(-480)],
      [12, at(-468)],
      [15, at(-468)],
    ])
    expect(elsewhere?.recent).toEqual({ minutes: 12, firings: 2 })
    expect(repeat?.recent).toEqual({ minutes: 15, firings: 2 })
  })

  it('keeps what was seen last', () => {
    const counts = { total: 3, alive: 1, dead: 2 }
    const first = lookAt(0, { ...ALARM, ...at(0) })
    const { sightings } = see(see([], first).sightings, {
      ...first,
      at: MINUTE,
      until: MINUTE,
      verdict: 'degraded',
      counts,
    })
    expect(sightings).toMatchObject([{ at: 0, until: MINUTE, verdict: 'degraded', counts }])
  })
})

const sent = fc.record({
  wait: fc.double({ min: 0, max: 12, noNaN: true }),
  state: fc.constantFrom('firing' as const, 'firing' as const, 'resolved' as const),
  began: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }),
  policy: fc.constantFrom('policy-1', 'policy-2'),
  port: fc.constantFrom(80, 443),
})
type Drawn = typeof sent extends fc.Arbitrary<infer T> ? T : never

const historyOf = (drawn: readonly Drawn[]): readonly Sent[] => {
  let minute = 0
  return drawn.map(({ wait, state, began: nth, policy, port }) => {
    minute += wait
    return [
      minute,
      {
        state,
        policy: { id: policy, name: 'health' },
        listener: { port, protocol: 'https' },
        firstOccurredAt: nth === null ? null : began(nth),
      },
    ]
  })
}

/** The same alarm with its keys in the opposite order. */
const reversed = <T>(value: T): T =>
  typeof value === 'object' && value !== null
    ? (Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, own]) => [key, reversed(own)]),
      ) as T)
    : value

const SEED = Number(process.env.SIGHTINGS_SEED ?? Date.now() % 1_000_000)

describe(`random histories of alarms (SIGHTINGS_SEED=${SEED})`, () => {
  const holds = (property: (drawn: readonly Drawn[]) => void, maxLength = 40): void =>
    fc.assert(fc.property(fc.array(sent, { maxLength }), property), { seed: SEED, numRuns: 200 })

  it('never have more firings than alarms that fire', () => {
    holds((drawn) => {
      const history = historyOf(drawn)
      firingsOf(history).forEach((firings, i) => {
        const alarms = history.slice(0, i + 1).filter(([, { state }]) => state === 'firing')
        expect(firings ?? 1).toBeGreaterThan(0)
        if (firings !== null) expect(firings).toBeLessThanOrEqual(alarms.length)
      })
    })
  })

  it('give the same number if every firing is repeated at once', () => {
    holds((drawn) => {
      const history = historyOf(drawn)
      const repeated = firingsOf(history.flatMap((one) => [one, one]))
      expect(repeated.filter((_, i) => i % 2 === 0)).toEqual(firingsOf(history))
      expect(repeated.filter((_, i) => i % 2 === 1)).toEqual(firingsOf(history))
    })
  })

  it('do not depend on the order of keys', () => {
    holds((drawn) => {
      let kept: readonly Sighting[] = []
      for (const [minute, fields] of historyOf(drawn)) {
        const alarm = { ...ALARM, ...fields }
        const seen = see(kept, lookAt(minute, alarm))
        const other = see(kept.map(reversed), lookAt(minute, reversed(alarm)))
        expect(other).toEqual(seen)
        kept = seen.sightings
      }
    })
  })

  it('keep a limited number of sightings: of the last 30 minutes, and what those are counted with', () => {
    holds((drawn) => {
      const history = historyOf(drawn.map((one) => ({ ...one, wait: one.wait / 20 }))).map(
        ([minute, fields], i): Sent => [minute, { ...fields, firstOccurredAt: began(i) }],
      )
      told(history).forEach(({ kept }, i) => {
        expect(kept.length).toBeLessThanOrEqual(MOST_SIGHTINGS)
        const now = (history[i]?.[0] ?? 0) * MINUTE
        for (const { until } of kept) expect(now - until).toBeLessThanOrEqual(60 * MINUTE)
      })
    }, 120)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { look, namesOf, outvote, type Sighting, see, TIMES } from '../../src/incidents/index.ts'
import type { Alarm } from '../../src/model/alarm.ts'
import { ALARM } from '../faults/cases.ts'

const MINUTE = 60_000

/** A condition of the CLB: an event without a state, or an alarm about health checks, or about something else. */
type Kind = 'event' | 'health' | 'traffic'
const alarmOf = (name: string, kind: Kind, state: Alarm['state'], at: number): Alarm => ({
  ...ALARM,
  identity: name,
  state,
  subject: kind === 'traffic' ? 'ClientOuttraffic' : 'UnhealthRsCount',
  condition: null,
  firstOccurredAt: state === 'firing' ? new Date(at).toISOString() : null,
  recoveredAt: state === 'resolved' ? new Date(at).toISOString() : null,
  ...(kind === 'event' ? { isStateless: true as const } : {}),
})

interface Step {
  readonly minutes: number
  /** What is heard before the look. Null: time alone leads to it. */
  readonly alarm: { readonly name: string; readonly state: Alarm['state'] } | null
  readonly saw: 'healthy' | 'dead' | 'nothing'
}

const KINDS: Readonly<Record<string, Kind>> = {
  e: 'event',
  f: 'event',
  m: 'health',
  n: 'health',
  x: 'traffic',
}

interface Played {
  readonly sightings: readonly Sighting[]
  readonly endHeardAt: number | undefined
  readonly healthySince: number | undefined
  readonly last: ReturnType<typeof outvote> | null
}

/** What app/ does with each look. */
function played(
  steps: readonly Step[],
): Played & { readonly looks: readonly (Step & { readonly at: number })[] } {
  let at = Date.parse('2026-06-01T00:00:00Z')
  let state: Played = { sightings: [], endHeardAt: undefined, healthySince: undefined, last: null }
  const looks: (Step & { at: number })[] = []
  for (const step of steps) {
    at += step.minutes * MINUTE
    const { alarm, saw } = step
    const own = alarm && alarmOf(alarm.name, KINDS[alarm.name] ?? 'health', alarm.state, at)
    const verdict = { healthy: 'healthy', dead: 'degraded', nothing: 'inconclusive' } as const
    const sightings = own
      ? see(state.sightings, look({ alarm: own, at, until: at }, { verdict: verdict[saw], pools: [] }))
          .sightings
      : state.sightings
    const last = outvote(sightings, {
      now: at,
      isHealthy: saw === 'healthy',
      healthySince: state.healthySince,
      endHeardAt: state.endHeardAt,
      heard: own ? [namesOf(own)] : [],
      ended: own?.state === 'resolved' ? [namesOf(own)] : [],
    })
    state = {
      sightings: last.sightings,
      endHeardAt: last.hasHeardEnd ? at : state.endHeardAt,
      healthySince:
        saw === 'nothing' ? state.healthySince : saw === 'healthy' ? (state.healthySince ?? at) : undefined,
      last,
    }
    looks.push({ ...step, at })
  }
  return { ...state, looks }
}

const fires = (name: string, minutes = 0, saw: Step['saw'] = 'dead'): Step => ({
  minutes,
  alarm: { name, state: 'firing' },
  saw,
})
const ends = (name: string, minutes = 5, saw: Step['saw'] = 'healthy'): Step => ({
  minutes,
  alarm: { name, state: 'resolved' },
  saw,
})
const seen = (minutes: number, saw: Step['saw'] = 'healthy'): Step => ({ minutes, alarm: null, saw })
const outcomeOf = (steps: readonly Step[]) => {
  const { last } = played(steps)
  return last?.isOutvoted ? 'over' : last?.isLeftToLooks ? 'left to looks' : 'fires'
}

describe('a condition whose recovery is missing', () => {
  it.each<[string, readonly Step[], string]>([
    ['an event without a state is left to looks', [fires('e')], 'left to looks'],
    ['the look of the event itself ends nothing', [fires('e', 0, 'healthy')], 'left to looks'],
    ['the next healthy look ends it', [fires('e'), seen(5)], 'over'],
    ['a look that sees Dead backends does not', [fires('e'), seen(5, 'dead')], 'left to looks'],
    ['a look that sees nothing does not', [fires('e'), seen(5, 'nothing')], 'left to looks'],
    ['an event ends beside the recovery of an alarm', [fires('e'), fires('m'), ends('m')], 'over'],
    ['an event does not end an alarm beside it', [fires('e'), fires('m'), seen(60), seen(60)], 'fires'],
    ['an alarm alone waits for its sender', [fires('m'), seen(60), seen(60)], 'fires'],
    [
      'an alarm is left to looks beside the end of another',
      [fires('m'), fires('n'), ends('m')],
      'left to looks',
    ],
    [
      'two healthy looks with half an hour between end it',
      [fires('m'), fires('n'), ends('m'), seen(30)],
      'over',
    ],
    ['not sooner', [fires('m'), fires('n'), ends('m'), seen(29)], 'left to looks'],
    [
      'not with Dead backends between',
      [fires('m'), fires('n'), ends('m'), seen(15, 'dead'), seen(20)],
      'left to looks',
    ],
    [
      'not after a word of its own',
      [fires('m'), fires('n'), ends('m'), fires('n', 25, 'healthy'), seen(35)],
      'fires',
    ],
    [
      'nothing but its sender ends what is not about health',
      [fires('x'), fires('m'), ends('m'), seen(90)],
      'fires',
    ],
  ])('%s', (_, steps, outcome) => {
    expect(outcomeOf(steps)).toBe(outcome)
  })
})

const steps = fc.array(
  fc.record({
    minutes: fc.constantFrom(0, 1, 5, 10, 29, 30, 31, 60),
    alarm: fc.option(
      fc.record({
        name: fc.constantFrom(...Object.keys(KINDS)),
        state: fc.constantFrom('firing' as const, 'resolved' as const),
      }),
    ),
    saw: fc.constantFrom('healthy' as const, 'healthy' as const, 'dead' as const, 'nothing' as const),
  }),
  { minLength: 1, maxLength: 14 },
)

describe('whatever looks see and senders say', () => {
  it('only a healthy look outvotes, and nothing that was heard with it', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const { looks, last } = played(history)
        const now = looks.at(-1)
        if (!last?.isOutvoted) return
        expect(now?.saw).toBe('healthy')
        expect(now?.alarm?.state).not.toBe('firing')
      }),
      { numRuns: 500 },
    )
  })

  it('an alarm is over only after half an hour of looks that saw every backend healthy, without a word of it', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const { looks, last } = played(history)
        const now = looks.at(-1)
        const before = played(history.slice(0, -1))
        if (!last || !now) return
        for (const one of before.sightings) {
          const after = last.sightings.find(({ at, identity }) => at === one.at && identity === one.identity)
          const isEnded = now.alarm?.state === 'resolved' && now.alarm.name === one.identity
          if (!after || after.recovered === one.recovered || isEnded) continue
          expect(one.outvotedBy).toBeDefined()
          if (one.outvotedBy === 'next') continue
          const lately = looks.filter(({ at }) => now.at - at < TIMES.outvote)
          expect(lately.some(({ saw }) => saw === 'dead')).toBe(false)
          expect(lately.some(({ alarm }) => alarm?.name === one.identity)).toBe(false)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('an event without a state never fires after a later healthy look', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const { looks, sightings } = played(history)
        const healthy = looks.findLast(({ saw }) => saw === 'healthy')
        const heardThen = healthy?.alarm?.name
        const open = sightings.filter(
          ({ outvotedBy, recovered, fired, until, identity }) =>
            outvotedBy === 'next' &&
            fired &&
            !recovered &&
            healthy !== undefined &&
            until < healthy.at &&
            identity !== heardThen,
        )
        // An earlier one of the same event has given way to the later one.
        const latest = open.filter(
          (one) => !sightings.some((other) => other.identity === one.identity && other.until > one.until),
        )
        expect(latest).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})

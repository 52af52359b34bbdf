import fc from 'fast-check'
import type { Outcome } from '../../src/delivery/receiver.ts'
import type { Incident } from '../../src/incidents/index.ts'
import type { Route } from '../../src/model/routing.ts'
import {
  attentionOf,
  type Clb,
  type Heard,
  type Looked,
  MINUTE,
  routedWorld,
  SECOND,
  type Trouble,
  WAYS,
  type Way,
} from './routed.ts'

// Random histories of the CLBs of several teams, each with a receiver of its own. One receiver hears of what is act-now,
// and one refuses every message: what it refuses goes to the default.

const DELIVERED: Outcome = { kind: 'delivered' }
export const RECEIVERS = {
  a: DELIVERED,
  b: DELIVERED,
  c: { kind: 'permanent', reason: 'HTTP 404' },
  urgent: DELIVERED,
  rest: DELIVERED,
} as const satisfies Readonly<Record<string, Outcome>>
export const REFUSES = 'c-3'
export const [A, B, URGENT, REST] = ['a-1', 'b-2', 'urgent-4', 'rest-5'] as const
const OF_TEAM: Readonly<Record<string, string>> = { a: A, b: B, c: REFUSES }

const CLBS: readonly Clb[] = ['a', 'a', 'b', 'b', 'c', 'nobody'].map((team, i) => ({
  id: `lb-aaaaaaa${i}`,
  team,
}))

/** Whom the routes name for a CLB that is not well. */
export const namedFor = ({ team }: Clb, trouble: Trouble | null): readonly string[] => [
  ...(attentionOf(trouble) === 'act-now' ? [URGENT] : []),
  ...[OF_TEAM[team] ?? []].flat(),
]

export type Happening =
  | {
      readonly kind: 'alarm'
      readonly clb: number
      readonly way: Way
      readonly trouble: Trouble | null
      readonly isEvent?: boolean
    }
  | { readonly kind: 'recovery'; readonly clb: number; readonly way: Way; readonly trouble: Trouble | null }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'others'; readonly doWait: boolean }
  | { readonly kind: 'silence'; readonly nth: number; readonly hours: number }

const clb = fc.nat({ max: CLBS.length - 1 })
const way = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Way>('id') },
  { weight: 3, arbitrary: fc.constantFrom(...WAYS) },
)
const trouble = fc.record({
  cause: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(2)),
  isDown: fc.boolean(),
})
const ms = fc.constantFrom(
  0,
  SECOND,
  4 * SECOND,
  6 * SECOND,
  31 * SECOND,
  MINUTE,
  4 * MINUTE,
  6 * MINUTE,
  16 * MINUTE,
  31 * MINUTE,
  300 * MINUTE,
)

export const histories: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('alarm' as const),
        clb,
        way,
        trouble: fc.option(trouble, { freq: 8 }),
        isEvent: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('recovery' as const),
        clb,
        way,
        trouble: fc.option(trouble, { freq: 1 }),
      }),
    },
    { weight: 7, arbitrary: fc.record({ kind: fc.constant('time' as const), ms }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('others' as const), doWait: fc.boolean() }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('silence' as const),
        nth: fc.nat(3),
        hours: fc.constantFrom(1, 4, 24),
      }),
    },
  ),
  { maxLength: 30, size: 'max' },
)

const to = (match: Route['match'], ...names: readonly string[]): Route => ({
  match,
  to: names,
  continue: false,
})

/** The routes of all teams, or of these receivers alone. */
const routingFor = (receivers: readonly string[]) => ({
  routes: [
    { match: { attention: ['act-now'] as const }, to: [URGENT], continue: true },
    ...Object.entries(OF_TEAM).map(([team, name]) => to({ tag: { team: [team] } }, name)),
    to({ tag: { team: ['nobody'] } }),
  ].map((route) => ({ ...route, to: route.to.filter((name) => receivers.includes(name)) })),
  // Of a CLB that no look found nobody knows the team.
  default: [REST].filter((name) => receivers.includes(name)),
})

export interface Played {
  readonly heard: readonly Heard[]
  readonly looks: readonly Looked[]
  readonly incidents: readonly Incident[]
}

/** Plays a history. At its end each CLB recovers, and all that is due is told. */
export async function played(
  history: readonly Happening[],
  receivers: readonly string[] = [A, B, REFUSES, URGENT, REST],
): Promise<Played> {
  const world = routedWorld({ routing: routingFor(receivers), receivers: RECEIVERS })
  for (const one of history) await happens(one, world)
  await world.others(false)
  await world.passes(MINUTE)
  for (const one of CLBS) {
    await world.look(one, null, false, { way: 'address' })
    await world.look(one, null, false, { way: 'id' })
  }
  await world.passes(10 * MINUTE)
  return { heard: world.heard, looks: world.looks, incidents: await world.incidents() }
}

async function happens(one: Happening, world: ReturnType<typeof routedWorld>): Promise<void> {
  if (one.kind === 'time') return world.passes(one.ms)
  if (one.kind === 'others') return world.others(one.doWait)
  if (one.kind === 'silence') {
    const open = (await world.incidents()).filter(({ closedAt }) => closedAt === null)
    const incident = open[one.nth % Math.max(1, open.length)]
    return incident && world.silence(incident.id, one.hours)
  }
  const own = CLBS[one.clb]
  if (!own) throw new Error('no CLB')
  const isEvent = one.kind === 'alarm' && one.isEvent === true
  await world.look(own, one.trouble, one.kind === 'alarm', { way: one.way, isEvent })
}

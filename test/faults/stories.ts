import type { Alarm } from '../../src/model/alarm.ts'
import type { Language } from '../../src/model/language.ts'
import type { Fault as ApiFault } from '../../src/simulator/faults.ts'
import { ALARM, type Case, caseOf } from './cases.ts'
import { recordChange } from './catalogue/changes.ts'
import { type Injection, poolsOf, type Site, siteOf, type Target } from './catalogue/fault.ts'
import { checkIn } from './catalogue/things.ts'
import { ALARMED_AT } from './healthy.ts'
import { type Random, randomFrom } from './random.ts'
import { type Truth, truthOf, worldsAfter } from './truth.ts'

// Several looks at one CLB that changes between them. The seed decides all of it.

const MINUTE_MS = 60_000
const ALARMED = Date.parse(ALARMED_AT)

/** One alarm, and the CLB at the time of its look. */
export interface Look {
  /** The time of the look, in ms since the epoch. */
  readonly at: number
  readonly alarm: Alarm
  /** The world and its truth. */
  readonly one: Case
  /** Which firing within half an hour it is. 0 for a recovery. */
  readonly firing: number
  /** True if the health of the backends could not be read. */
  readonly isUnread: boolean
}

export interface Story {
  readonly seed: number
  readonly kind: StoryKind
  readonly language: Language
  readonly looks: readonly Look[]
}

/** The world before the faults of a case, and after some of them. */
interface Stages {
  readonly random: Random
  readonly before: Case
  readonly after: Case
  /** With only one of the faults. */
  readonly alone: readonly Case[]
  /** What every alarm of the story names. */
  readonly named: Partial<Alarm>
}

/** One step: minutes after the last one, what the alarm says, and the CLB. */
interface Step {
  readonly wait: number
  readonly says: 'fires' | 'repeats' | 'is over'
  readonly one: Case
  readonly apiFaults?: Readonly<Record<string, ApiFault>>
}

interface Plot {
  readonly faults: number
  steps(stages: Stages): readonly Step[]
}

const FAILED: ApiFault = { kind: 'error', code: 'InternalError' }
const DENIED: ApiFault = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' }

/** Reads that fail, so that the health of the backends is not known. */
const UNREADABLE: readonly Readonly<Record<string, ApiFault>>[] = [
  { '*': FAILED },
  { 'clb:DescribeTargetHealth': DENIED, 'clb:DescribeClassicalLBHealthStatus': DENIED },
  { 'clb:DescribeTargetHealth': FAILED, 'clb:DescribeClassicalLBHealthStatus': FAILED },
]

const PLOTS = {
  'Dead, then all healthy by itself, and it fires again': {
    faults: 1,
    steps({ random, before, after }) {
      const over: Step = { wait: 2 + random.below(6), says: 'is over', one: before }
      const first: Step = { wait: 1, says: 'fires', one: after }
      return [
        first,
        ...(random.chance(0.5) ? [over] : []),
        { wait: 6 + random.below(14), says: 'fires', one: before },
      ]
    },
  },
  'Dead, then mended by a change, and it recovers': {
    faults: 1,
    steps: ({ random, before, after }) => [
      { wait: 1, says: 'fires', one: after },
      { wait: 3 + random.below(25), says: 'is over', one: changed(before, after) },
    ],
  },
  'two faults, and it recovers while one is left': {
    faults: 2,
    steps: ({ random, after, alone }) => [
      { wait: 1, says: 'fires', one: after },
      { wait: 3 + random.below(25), says: 'is over', one: random.pick(alone) },
    ],
  },
  'Dead, then a second fault': {
    faults: 2,
    steps: ({ random, after, alone }) => [
      { wait: 1, says: 'fires', one: random.pick(alone) },
      { wait: 2 + random.below(25), says: random.chance(0.5) ? 'repeats' : 'fires', one: after },
    ],
  },
  'fires over healthy backends, several times in half an hour': {
    faults: 0,
    steps: ({ random, before }) =>
      Array.from({ length: 2 + random.below(3) }, (_, i) => ({
        wait: i === 0 ? 1 : 2 + random.below(7),
        says: 'fires',
        one: before,
      })),
  },
  'fires over healthy backends, and again after more than half an hour': {
    faults: 0,
    steps: ({ random, before }) => [
      { wait: 1, says: 'fires', one: before },
      { wait: 31 + random.below(60), says: 'fires', one: before },
    ],
  },
  'Dead, then nothing can be read': {
    faults: 1,
    steps: ({ random, before, after }) => [
      { wait: 1, says: 'fires', one: after },
      {
        wait: 2 + random.below(20),
        says: random.pick(['fires', 'repeats', 'is over'] as const),
        one: random.pick([before, after]),
        apiFaults: random.pick(UNREADABLE),
      },
    ],
  },
  'fires over healthy backends, and one look in between cannot read anything': {
    faults: 0,
    steps: ({ random, before }) => [
      { wait: 1, says: 'fires', one: before },
      { wait: 2 + random.below(7), says: 'fires', one: before, apiFaults: { '*': FAILED } },
      { wait: 2 + random.below(7), says: 'fires', one: before },
    ],
  },
} as const satisfies Readonly<Record<string, Plot>>

export type StoryKind = keyof typeof PLOTS
export const STORY_KINDS = Object.keys(PLOTS) as readonly StoryKind[]

const isDead = (target: Target): boolean => target.status() === 'Dead'

/** Faults that take some backends down. Of the others the statuses say nothing. */
const TAKES_DOWN: readonly Injection['kind'][] = ['gate', 'machine', 'path', 'suspect', 'hidden']

/** The last digit of a seed decides the number of faults (cases.ts). */
const DIGITS = [[0], [1, 2, 3, 4, 5, 6], [7, 8, 9]] as const

export function storyOf(kind: StoryKind, seed: number): Story {
  const random = randomFrom(seed * 8191 + STORY_KINDS.indexOf(kind))
  const plot: Plot = PLOTS[kind]
  const digits = DIGITS[plot.faults] ?? DIGITS[0]
  for (let attempt = 0; attempt < 500; attempt++) {
    const one = caseOf(10 * random.below(200) + random.pick(digits))
    const stages = stagesOf(one, random)
    if (stages) return { seed, kind, language: seed % 2 ? 'en' : 'zh-CN', looks: looksOf(plot, stages) }
  }
  throw new Error(`no CLB for the story "${kind}" with seed ${seed}`)
}

function stagesOf(one: Case, random: Random): Stages | null {
  if (one.injections.some(({ kind }) => !TAKES_DOWN.includes(kind))) return null
  const world = structuredClone(one.before.world)
  const idle = random.chance(0.25) ? idlePool(one, random) : null
  // Before and after the faults, the check of one more pool is off.
  if (idle) checkIn(world, idle).on = false
  const { after, alone } = worldsAfter(siteOf(world), one.injections)
  const of = (site: Site, injections: readonly Injection[], each: readonly Site[]): Case => {
    let truth: Truth | null = null
    return {
      ...one,
      site,
      injections,
      get truth() {
        truth ??= truthOf(site, injections, each)
        return truth
      },
    }
  }
  const dead = after.targets.filter(isDead)
  if (alone.some(({ targets }) => !targets.some(isDead))) return null
  const subject = random.pick(
    dead.length > 0 ? dead : after.targets.filter(({ rule }) => rule.id !== idle?.id),
  )
  return {
    random,
    before: of(siteOf(world), [], []),
    after: of(after, one.injections, alone),
    alone: alone.map((site, i) => of(site, one.injections.slice(i, i + 1), [site])),
    named: { ...namedBy(subject, random), ...clbOf(one, random) },
  }
}

/** A pool of which no backend is Dead, beside others. */
function idlePool({ site }: Case, random: Random): Target['rule'] | null {
  const pools = poolsOf(site)
  const well = pools.filter(({ targets }) => !targets.some(isDead))
  return pools.length > 1 && well.length > 0 ? random.pick(well).rule : null
}

/** The alarm is about the CLB, a listener or a backend. */
function namedBy({ listener, backend }: Target, random: Random): Partial<Alarm> {
  const own = {
    subject: random.pick(['UnhealthRsCount', 'HealthRsCount', '健康检查异常数']),
    policy: { id: 'policy-1', name: 'clb-health' },
  }
  const { port } = listener
  const named = { port, protocol: random.pick([null, listener.protocol.toLowerCase()]) }
  if (random.chance(0.4)) return own
  return random.chance(0.5)
    ? { ...own, listener: named }
    : { ...own, listener: named, backend: { ip: backend.ip, port: backend.port } }
}

/** Some senders name a public CLB by its VIP. */
const clbOf = ({ site: { front } }: Case, random: Random): Partial<Alarm> =>
  front.type === 'OPEN' && front.vip.includes('.') && random.chance(0.4)
    ? { clb: { loadBalancerId: null, vip: front.vip, vpcId: null, numericVpcId: null } }
    : {}

/** The healthy world, with the changes that mended it in the audit log. */
function changed(before: Case, after: Case): Case {
  const world = structuredClone(before.site.world)
  for (const { subject } of after.injections) recordChange(world, subject, -120)
  return { ...before, site: siteOf(world) }
}

const isoOf = (at: number): string => new Date(at).toISOString()

function looksOf(plot: Plot, stages: Stages): readonly Look[] {
  const looks: Look[] = []
  let at = ALARMED
  let began = ALARMED
  const firings: number[] = []
  for (const { wait, says, one, apiFaults } of plot.steps(stages)) {
    at += wait * MINUTE_MS
    // The first firing is that of ALARM. A later one begins a minute before its look.
    if (says === 'fires') {
      if (firings.length > 0) began = at - MINUTE_MS
      firings.push(at)
    }
    const isOver = says === 'is over'
    looks.push({
      at,
      alarm: {
        ...ALARM,
        ...stages.named,
        state: isOver ? 'resolved' : 'firing',
        firstOccurredAt: isoOf(began),
        recoveredAt: isOver ? isoOf(at - MINUTE_MS) : null,
      },
      one: apiFaults ? { ...one, apiFaults } : one,
      firing: isOver ? 0 : firings.filter((time) => at - time <= 30 * MINUTE_MS).length,
      isUnread: apiFaults !== undefined,
    })
  }
  return looks
}

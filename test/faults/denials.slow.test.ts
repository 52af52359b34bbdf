import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shop } from '../../src/simulator/base.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import {
  type Baseline,
  baselineOf,
  type Setting,
  saysTheSame,
  scenarioSettings,
  seededSettings,
  wrongs,
} from './denials.ts'
import { randomFrom } from './random.ts'

// One or two actions are denied, fail or are slow. The diagnosis has no wrong "certain" and no "healthy" without health
// data, and a gap names the action. `DENIAL_SEED` draws other pairs.

const KINDS = {
  denied: { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' },
  'a bad gateway': { kind: 'http', status: 502 },
  'an internal error': { kind: 'error', code: 'InternalError' },
  slow: { kind: 'slow', ms: 60_000 },
} as const satisfies Record<string, Fault>
type Kind = keyof typeof KINDS
const kinds = Object.keys(KINDS) as readonly Kind[]

/** The time for reading: short if an action is slow, otherwise more than enough. */
const BUDGET_MS = { slow: 400, other: 20_000 }
const PARALLEL = 6
const PAIRS = 200
const pairSeed = Number(process.env.DENIAL_SEED ?? 1)

interface Trial {
  readonly base: Baseline
  readonly broken: readonly (readonly [action: string, kind: Kind])[]
}

const clouds: SimulatedCloud[] = []
beforeAll(async () => {
  for (let i = 0; i < PARALLEL; i++) clouds.push(await openCloud(shop().world, { over: 'memory' }))
})
afterAll(async () => {
  await Promise.all(clouds.map((cloud) => cloud.close()))
})

/** Runs several trials in parallel, because trials with a slow action mostly wait. */
async function inParallel<T, R>(
  values: readonly T[],
  run: (cloud: SimulatedCloud, value: T) => Promise<R>,
): Promise<readonly R[]> {
  const left = [...values.entries()]
  const results: R[] = []
  await Promise.all(
    clouds.map(async (cloud) => {
      for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await run(cloud, next[1])
    }),
  )
  return results
}

const baselines = (settings: readonly Setting[]): Promise<readonly Baseline[]> =>
  inParallel(settings, baselineOf)

/** True if the diagnosis is the same when only this action is denied. Then no gap has to name it. */
async function isUnneeded(
  cloud: SimulatedCloud,
  { setting, diagnosis }: Baseline,
  action: string,
): Promise<boolean> {
  const faults = { ...setting.faults, [action]: KINDS.denied }
  const run = await cloud.diagnose(setting.world, { clb: setting.clb, faults })
  return saysTheSame(diagnosis, run.diagnosis)
}

async function problemsOf(trials: readonly Trial[]): Promise<readonly string[]> {
  const all = await inParallel(trials, async (cloud, { base, broken }) => {
    const { setting } = base
    const faults = {
      ...setting.faults,
      ...Object.fromEntries(broken.map(([action, kind]) => [action, KINDS[kind]])),
    }
    const isSlow = broken.some(([, kind]) => kind === 'slow')
    const budgetMs = isSlow ? BUDGET_MS.slow : BUDGET_MS.other
    const run = await cloud.diagnose(setting.world, { clb: setting.clb, faults, budgetMs })
    const names = broken.map(([action, kind]) => `${action} ${kind}`).join(' and ')
    const found: string[] = []
    for (const { text, unnamed } of wrongs(
      base,
      run,
      broken.map(([action]) => action),
    ))
      if (unnamed === null || !(await isUnneeded(cloud, base, unnamed)))
        found.push(`${setting.name}, ${names}: ${text}`)
    return found
  })
  return all.flat()
}

const singles = (bases: readonly Baseline[], kind: Kind): readonly Trial[] =>
  bases.flatMap((base) => base.asked.map((action) => ({ base, broken: [[action, kind]] })))

/** Ten healthy CLBs, and 45 with faults. */
const SEEDS = [
  ...Array.from({ length: 10 }, (_, i) => i * 10),
  ...Array.from({ length: 50 }, (_, i) => 100 + i),
].filter((seed, i) => i < 10 || seed % 10 !== 0)

describe('with one action that fails, a diagnosis has no wrong certainty and names the gap', () => {
  it.each(kinds.filter((kind) => kind !== 'slow'))(
    'in every scenario, if the failure is: %s',
    async (kind) => {
      expect(await problemsOf(singles(await baselines(scenarioSettings()), kind))).toEqual([])
    },
    300_000,
  )

  it('in random CLBs, if the action is denied', async () => {
    expect(await problemsOf(singles(await baselines(seededSettings(SEEDS)), 'denied'))).toEqual([])
  }, 300_000)

  it('in every fourth scenario, if the action is slower than the time for reading', async () => {
    const some = scenarioSettings().filter((_, i) => i % 4 === 0)
    expect(await problemsOf(singles(await baselines(some), 'slow'))).toEqual([])
  }, 300_000)
})

describe('with two actions that fail, a diagnosis has no wrong certainty and names the gaps', () => {
  it(`in ${PAIRS} pairs that are drawn with seed ${pairSeed}`, async () => {
    const random = randomFrom(pairSeed)
    const bases = await baselines([...scenarioSettings(), ...seededSettings(SEEDS)])
    const trials = Array.from({ length: PAIRS }, (): Trial => {
      const base = random.pick(bases)
      return { base, broken: random.some(base.asked, 2).map((action) => [action, random.pick(kinds)]) }
    })
    expect(await problemsOf(trials)).toEqual([])
  }, 300_000)
})

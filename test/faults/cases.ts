import type { Alarm } from '../../src/model/alarm.ts'
import type { Fault as ApiFault } from '../../src/simulator/faults.ts'
import { alarmSince } from '../support/simulated.ts'
import { type Injection, type Site, siteOf } from './catalogue/fault.ts'
import { CATALOGUE } from './catalogue/index.ts'
import { ALARMED_AT, CASE, healthy } from './healthy.ts'
import { DENIED, HERRINGS, idleDenials } from './herrings.ts'
import { type Random, randomFrom } from './random.ts'
import { type Truth, truthOf, worldsAfter } from './truth.ts'

/** One CLB, what is wrong with it, and what merely looks so; decided by the seed alone. */
export interface Case {
  readonly seed: number
  readonly site: Site
  readonly injections: readonly Injection[]
  readonly herrings: readonly string[]
  readonly apiFaults: Readonly<Record<string, ApiFault>>
  readonly truth: Truth
}

/** Of ten cases one is healthy, six have one fault, three have two. */
const COUNTS = [0, 1, 1, 1, 1, 1, 1, 2, 2, 2]
export const CODES: readonly string[] = [...new Set(CATALOGUE.map(({ code }) => code))]

export function caseOf(seed: number): Case {
  const count = COUNTS[seed % COUNTS.length] ?? 0
  const wanted = count === 0 ? null : (CODES[Math.floor(seed / COUNTS.length + seed) % CODES.length] ?? null)
  for (let attempt = 0; attempt < 2000; attempt++) {
    const made = attemptOf(seed, randomFrom(seed * 4096 + attempt), count, wanted)
    if (made) return made
  }
  throw new Error(`no CLB for ${wanted} with seed ${seed}`)
}

/** A CLB with this fault alone, the same whatever other faults the catalogue has. */
export function caseWith(code: string): Case {
  for (let attempt = 0; attempt < 2000; attempt++) {
    const made = attemptOf(0, randomFrom(attempt), 1, code)
    if (made) return made
  }
  throw new Error(`no CLB for ${code}`)
}

function attemptOf(seed: number, random: Random, count: number, wanted: string | null): Case | null {
  const world = healthy(random)
  // Cheaper to find out before the herrings are in.
  if (wanted !== null && !injectionOf(random, siteOf(world), wanted)) return null
  const herrings = HERRINGS.filter((herring) => random.chance(0.2) && herring.apply(world, random)).map(
    ({ name }) => name,
  )
  const apiFaults = random.chance(0.2) ? idleDenials(world, random) : {}
  const before = siteOf(world)
  const injections: Injection[] = []
  for (let i = 0; i < count; i++) {
    const code = i === 0 ? wanted : random.pick(CODES)
    const next = code === null ? null : injectionOf(random, before, code)
    if (!next || injections.some((other) => clash(other, next))) return null
    injections.push(next)
  }
  if (
    injections.some(({ code }) => code.startsWith('recent-change')) &&
    apiFaults['cloudaudit:DescribeEvents']
  )
    return null
  const { after, alone } = worldsAfter(before, injections)
  const truth = truthOf(after, injections, alone)
  for (const [i, own] of injections.entries()) {
    const one = alone[i]
    if (!one || !hasEffect(own, one === after ? truth : truthOf(one, [own], [one]), one)) return null
  }
  return {
    seed,
    site: after,
    injections,
    herrings: [...herrings, ...(Object.keys(apiFaults).length > 0 ? [DENIED] : [])],
    apiFaults,
    truth,
  }
}

const injectionOf = (random: Random, site: Site, code: string): Injection | null =>
  random.pick(CATALOGUE.filter((fault) => fault.code === code)).inject(random, site)

/** Two faults of one thing would be one fault. */
const clash = (a: Injection, b: Injection): boolean =>
  a.subject === b.subject || (a.kind === 'state' && b.kind === 'state' && a.code === b.code)

/** By itself, it is what it is meant to be. */
function hasEffect(own: Injection, { expected }: Truth, alone: Site): boolean {
  if (own.kind === 'hidden') return alone.targets.some((target) => target.status() === 'Dead')
  return (
    expected.some(({ code, roles }) => code === own.code && !roles.includes('contributor')) ||
    expected.some(({ code, ceiling }) => code === own.code && ceiling === 'possible')
  )
}

/** About the CLB of a case. */
export const ALARM: Alarm = alarmSince(ALARMED_AT, {
  clb: { loadBalancerId: CASE, vip: null, vpcId: null, numericVpcId: null },
})

/** In a few words, for whoever replays it. */
export const describeCase = ({ seed, injections, herrings, site }: Case): string =>
  [
    `seed ${seed}: ${injections.map(({ code, what }) => `${code} (${what})`).join('; ') || 'nothing is wrong'}`,
    ...(herrings.length > 0 ? [`beside it: ${herrings.join('; ')}`] : []),
    `Dead: ${
      site.targets
        .filter((target) => target.status() === 'Dead')
        .map(({ key }) => key)
        .join(' ') || 'none'
    }`,
  ].join('\n  ')

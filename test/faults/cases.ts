import type { Alarm } from '../../src/model/alarm.ts'
import type { Fault as ApiFault } from '../../src/simulator/faults.ts'
import { alarmSince } from '../support/simulated.ts'
import { type Fault, type Injection, pickOr, type Site, siteOf } from './catalogue/fault.ts'
import { CATALOGUE, CODES, DRAWN_CODES } from './catalogue/index.ts'
import { ALARMED_AT, CASE, healthy } from './healthy.ts'
import { DENIED, HERRINGS, idleDenials } from './herrings.ts'
import { type Random, randomFrom } from './random.ts'
import { SHAPES, type Shape, shaped } from './shapes.ts'
import { type Truth, truthOf, worldsAfter } from './truth.ts'

/** One CLB with its faults and its red herrings. The seed decides all of them. */
export interface Case {
  readonly seed: number
  readonly site: Site
  /** The same CLB without the faults. */
  readonly before: Site
  readonly injections: readonly Injection[]
  readonly herrings: readonly string[]
  /** The name of its shape, for the cases of `shapes.ts`. */
  readonly shape?: string
  readonly apiFaults: Readonly<Record<string, ApiFault>>
  readonly truth: Truth
}

/** The number of faults: of ten cases one has none, six have one, and three have two. */
const COUNTS = [0, 1, 1, 1, 1, 1, 1, 2, 2, 2]
const DRAWN = 2000
/** The number of cases for each code of `laterFaults`. */
const OWN = 40
const SHAPED_FROM = DRAWN + OWN * (CODES.length - DRAWN_CODES.length)
/** The number of cases for each shape of `shapes.ts`. */
const SHAPED = 100
/** The number of faults of these: of ten cases two have none, six have one, and two have two. */
const SHAPED_COUNTS = [0, 1, 1, 1, 2, 0, 1, 1, 1, 2]
/** The seeds are 0 to CASES - 1. */
export const CASES = SHAPED_FROM + SHAPED * SHAPES.length

/** The first fault of a case, and the codes that a second one may have. */
function choiceOf(seed: number): { readonly first: string | null; readonly codes: readonly string[] } {
  const later = DRAWN_CODES.length + Math.floor((seed - DRAWN) / OWN)
  if (seed >= DRAWN) return { first: CODES[later] ?? null, codes: CODES.slice(0, later + 1) }
  const turn = Math.floor(seed / COUNTS.length + seed) % DRAWN_CODES.length
  return { first: DRAWN_CODES[turn] ?? null, codes: DRAWN_CODES }
}

export function caseOf(seed: number): Case {
  const shape = SHAPES[Math.floor((seed - SHAPED_FROM) / SHAPED)]
  if (shape) return shapedCase(seed, shape)
  const count = COUNTS[seed % COUNTS.length] ?? 0
  const { first, codes } = choiceOf(seed)
  const wanted = count === 0 ? null : first
  for (let attempt = 0; attempt < 2000; attempt++) {
    const made = attemptOf({ seed, count, wanted, codes }, randomFrom(seed * 4096 + attempt))
    if (made) return made
  }
  throw new Error(`no CLB for ${wanted} with seed ${seed}`)
}

/** Every second fault is one of the shape's own. */
function shapedCase(seed: number, shape: Shape): Case {
  const count = SHAPED_COUNTS[seed % SHAPED_COUNTS.length] ?? 0
  for (let attempt = 0; attempt < 2000; attempt++) {
    const random = randomFrom(seed * 4096 + attempt)
    const own = seed % 2 === 0 ? pickOr(random, shape.faults) : null
    const wanted = count === 0 ? null : (own?.code ?? random.pick(DRAWN_CODES))
    const made = attemptOf({ seed, count, wanted, codes: DRAWN_CODES, shape }, random)
    if (made) return { ...made, shape: shape.name }
  }
  throw new Error(`no CLB for ${shape.name} with seed ${seed}`)
}

/** A CLB with only this fault. It does not depend on the other faults of the catalogue. */
export function caseWith(code: string): Case {
  for (let attempt = 0; attempt < 2000; attempt++) {
    const made = attemptOf({ seed: 0, count: 1, wanted: code, codes: [code] }, randomFrom(attempt))
    if (made) return made
  }
  throw new Error(`no CLB for ${code}`)
}

/** A CLB of random shape with this fault and nothing else. */
export function caseOfFault({ code, inject }: Fault, seed: number): Case {
  for (let attempt = 0; attempt < 2000; attempt++) {
    const random = randomFrom(seed * 4096 + attempt)
    const before = siteOf(healthy(random))
    const own = inject(random, before)
    if (!own) continue
    const { after, alone } = worldsAfter(before, [own])
    const truth = truthOf(after, [own], alone)
    if (!hasEffect(own, truth, after)) continue
    return { seed, site: after, before, injections: [own], herrings: [], apiFaults: {}, truth }
  }
  throw new Error(`no CLB for ${code} with seed ${seed}`)
}

interface Plan {
  readonly seed: number
  /** The number of faults. */
  readonly count: number
  /** The code of the first fault; null for a healthy CLB. */
  readonly wanted: string | null
  /** The codes that the other faults may have. */
  readonly codes: readonly string[]
  readonly shape?: Shape
}

function attemptOf({ seed, count, wanted, codes, shape }: Plan, random: Random): Case | null {
  const world = shape ? shaped(random, shape) : healthy(random)
  if (!world) return null
  // This check is cheaper before the herrings are added.
  if (wanted !== null && !injectionOf(random, siteOf(world), wanted)) return null
  const herrings = HERRINGS.filter((herring) => random.chance(0.2) && herring.apply(world, random)).map(
    ({ name }) => name,
  )
  const apiFaults = random.chance(0.2) ? idleDenials(world, random) : {}
  const before = siteOf(world)
  const injections: Injection[] = []
  for (let i = 0; i < count; i++) {
    const code = i === 0 ? wanted : random.pick(codes)
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
    before,
    injections,
    herrings: [...herrings, ...(Object.keys(apiFaults).length > 0 ? [DENIED] : [])],
    apiFaults,
    truth,
  }
}

function injectionOf(random: Random, site: Site, code: string): Injection | null {
  const known = CATALOGUE.filter((fault) => fault.code === code)
  const faults =
    known.length > 0 ? known : SHAPES.flatMap((shape) => shape.faults).filter((fault) => fault.code === code)
  if (faults.length === 0)
    throw new RangeError(`no fault for ${code}: add one to test/faults/catalogue/later.ts`)
  return random.pick(faults).inject(random, site)
}

/** Two faults must not change the same thing. */
const clash = (a: Injection, b: Injection): boolean =>
  a.subject === b.subject || (a.kind === 'state' && b.kind === 'state' && a.code === b.code)

/** True if the fault has its effect when it is the only fault. */
function hasEffect(own: Injection, { expected }: Truth, alone: Site): boolean {
  if (own.kind === 'hidden' || own.kind === 'unclear')
    return alone.targets.some((target) => target.status() === 'Dead')
  return (
    expected.some(({ code, roles }) => code === own.code && !roles.includes('contributor')) ||
    expected.some(({ code, ceiling }) => code === own.code && ceiling === 'possible')
  )
}

/** The alarm for the CLB of a case. */
export const ALARM: Alarm = alarmSince(ALARMED_AT, {
  clb: { loadBalancerId: CASE, vip: null, vpcId: null, numericVpcId: null },
})

/** A short summary for people who replay the case. */
export const describeCase = ({ seed, injections, herrings, site, shape }: Case): string =>
  [
    `seed ${seed}: ${injections.map(({ code, what }) => `${code} (${what})`).join('; ') || 'nothing is wrong'}`,
    ...(shape === undefined ? [] : [`shape: ${shape}`]),
    ...(herrings.length > 0 ? [`red herrings: ${herrings.join('; ')}`] : []),
    `Dead: ${
      site.targets
        .filter((target) => target.status() === 'Dead')
        .map(({ key }) => key)
        .join(' ') || 'none'
    }`,
  ].join('\n  ')

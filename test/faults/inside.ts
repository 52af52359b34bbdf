import { crc32 } from 'node:zlib'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { endpointOf } from '../../src/model/endpoint.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { isIpv6 } from '../../src/simulator/cidr.ts'
import { checkOf, packetsOf } from '../../src/simulator/packets.ts'
import type { World } from '../../src/simulator/world.ts'
import { registered } from '../support/tat.ts'
import {
  isPod,
  isRemote,
  isService,
  type PoolOf,
  poolsOf,
  type Site,
  siteOf,
  type Target,
} from './catalogue/fault.ts'
import { type InsideFault, type InsideOf, MODEL_FAULTS } from './catalogue/inside.ts'
import { RECORDED_FAULTS } from './catalogue/inside-recorded.ts'
import { healthy } from './healthy.ts'
import { type Random, randomFrom } from './random.ts'

// CLBs of random shape with one fault inside machines, and a look inside.

export const HARMFUL: readonly InsideFault[] = [
  ...MODEL_FAULTS,
  ...RECORDED_FAULTS.filter(({ isHarmless }) => !isHarmless),
]
export const HARMLESS: readonly InsideFault[] = RECORDED_FAULTS.filter(({ isHarmless }) => isHarmless)

export interface InsideCase {
  readonly seed: number
  readonly fault: InsideFault
  readonly world: World
  /** The keys of the pool's backends that the fault makes Dead. */
  readonly dead: readonly string[]
  /** Those of other pools on the same machines, too. Their checks may meet the fault as another one. */
  readonly allDead: readonly string[]
}

const isMachine = (target: Target): boolean => !isService(target) && !isPod(target) && !isRemote(target)

function insideOf({ world, front }: Site, { listener, rule, targets }: PoolOf): InsideOf | null {
  const [first] = targets
  const check = checkOf(world, rule)
  if (!first || !check.on || !targets.every(isMachine)) return null
  const packets = targets.flatMap(({ backend }) => packetsOf(world, front, listener, rule, backend))
  const [packet] = packets
  if (!packet) return null
  const sources = [...new Set(packets.map(({ source }) => source))]
  const isRange = sources.every((source) => world.probers.includes(source))
  const isSix = isIpv6(packet.target)
  return {
    check,
    protocol: listener.protocol,
    port: packet.port,
    ip: packet.target,
    isIpv6: isSix,
    isKnown: isSix || (check.source !== null && !front.classic),
    sources: isRange ? ['100.64.0.0/10'] : sources.map((source) => `${source}/${isSix ? 128 : 32}`),
  }
}

/**
 * The seed decides everything, and the seeds go through all faults in turn. A CLB follows from the name of its fault and
 * the turn, so that another fault in the list changes no other CLB.
 */
export const insideCase = (seed: number): InsideCase =>
  caseWith(seed, HARMFUL[seed % HARMFUL.length], attemptOf)

export function caseWith<T>(
  seed: number,
  fault: InsideFault | undefined,
  attempt: (seed: number, fault: InsideFault, random: Random) => T | null,
): T {
  const turn = Math.floor(seed / HARMFUL.length)
  const first = crc32(fault?.name ?? '') + turn * 4_096
  for (let i = 0; fault && i < 3_000; i++) {
    const made = attempt(seed, fault, randomFrom(first + i))
    if (made) return made
  }
  throw new Error(`no CLB for ${fault?.name} with seed ${seed}`)
}

export interface Chosen {
  readonly world: World
  readonly pool: PoolOf
  readonly inside: InsideOf
  /** The backends of the pool that get the fault. */
  readonly hit: readonly Target[]
}

/** A random CLB with a pool that the fault fits. */
export function chosenFor(fault: InsideFault, random: Random): Chosen | null {
  const world = registered(healthy(random))
  const site = siteOf(world)
  const fitting = poolsOf(site).flatMap((pool) => {
    const inside = insideOf(site, pool)
    const isFit = inside !== null && fault.fits(inside) && (!fault.isAlone || isOnlyPort(pool))
    return isFit ? [{ pool, inside }] : []
  })
  const chosen = fitting.length > 0 ? random.pick(fitting) : null
  if (!chosen) return null
  const { pool, inside } = chosen
  if (fault.isAlone) keepOnly(site, pool)
  return { world, pool, inside, hit: random.some(pool.targets, 1 + random.below(pool.targets.length)) }
}

/** Is each machine in the pool once, with the same port? */
const isOnlyPort = ({ targets }: PoolOf): boolean =>
  new Set(targets.map(({ home }) => home?.machineId)).size === targets.length &&
  new Set(targets.map(({ backend }) => backend.port)).size === 1

/** Leaves one pool, so that no machine serves another port. */
function keepOnly({ front }: Site, { listener, rule }: PoolOf): void {
  front.listeners = front.listeners.filter(({ id }) => id === listener.id)
  listener.rules = listener.rules.filter(({ id }) => id === rule.id)
}

export function harm({ hit, inside }: Chosen, fault: InsideFault, random: Random): void {
  for (const { home, backend } of hit)
    if (home?.guest) fault.harm(home.guest, { ...inside, ip: backend.ip }, random)
}

function attemptOf(seed: number, fault: InsideFault, random: Random): InsideCase | null {
  const chosen = chosenFor(fault, random)
  if (!chosen) return null
  const { world, pool } = chosen
  harm(chosen, fault, random)
  const dead = siteOf(world).targets.filter((target) => target.status() === 'Dead')
  const keysOf = (targets: readonly Target[]): readonly string[] => targets.map(({ key }) => key)
  const own = dead.filter(({ rule }) => rule.id === pool.rule.id)
  return own.length > 0 ? { seed, fault, world, dead: keysOf(own), allDead: keysOf(dead) } : null
}

export interface InsideResult {
  /** Dead backends that were looked at. */
  readonly looked: number
  /** Those of them that a certain or likely cause of the right code explains. */
  readonly named: number
  readonly certain: number
  /** Causes of another code: `certainty code`. */
  readonly wrong: readonly string[]
}

export function insideResult(
  { fault, dead, allDead }: InsideCase,
  { findings, pools }: Diagnosis,
  { guests = {} }: Snapshot,
): InsideResult {
  const targets = pools.flatMap((pool) => pool.targets)
  const looked = dead.filter((key) => {
    const target = targets.find((one) => one.key === key)
    return target !== undefined && guests[endpointOf(target)]?.state === 'ok'
  })
  const causes = findings.filter(({ role }) => role === 'cause')
  const right = causes.filter(({ code, certainty }) => code === fault.code && certainty !== 'possible')
  const isNamed = (key: string): boolean => right.some(({ explains }) => explains.includes(key))
  return {
    looked: looked.length,
    named: looked.filter(isNamed).length,
    certain: looked.filter((key) =>
      right.some(({ explains, certainty }) => certainty === 'certain' && explains.includes(key)),
    ).length,
    wrong: causes
      .filter(
        ({ code, certainty, explains }) =>
          certainty !== 'possible' &&
          ((code !== fault.code && explains.some((key) => dead.includes(key))) ||
            explains.some((key) => !allDead.includes(key))),
      )
      .map(({ code, certainty }) => `${certainty} ${code}`),
  }
}

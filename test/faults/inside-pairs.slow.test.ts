import { afterAll, beforeAll, expect, it } from 'vitest'
import { isCause } from '../../src/model/diagnosis.ts'
import { endpointOf } from '../../src/model/endpoint.ts'
import { shop } from '../../src/simulator/base.ts'
import type { World } from '../../src/simulator/world.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { fastClock } from '../support/tat.ts'
import { siteOf } from './catalogue/fault.ts'
import type { InsideFault } from './catalogue/inside.ts'
import { CASE } from './healthy.ts'
import { type Chosen, caseWith, chosenFor, HARMFUL, HARMLESS, harm } from './inside.ts'
import type { Random } from './random.ts'

// What stands inside a machine beside something that the API shows: the network ACL of its subnet drops every probe.

let cloud: SimulatedCloud
beforeAll(async () => {
  cloud = await openCloud(shop().world, { over: 'memory', clock: fastClock() })
})
afterAll(() => cloud.close())

const ACL = 'network-acl/probe-blocked'
const DROP = { protocol: 'all', port: '', cidr: '0.0.0.0/0', action: 'Drop' } as const

/** True if the ACL of each machine of the pool drops now what it let in. */
function block(world: World, { pool, hit }: Chosen): boolean {
  const subnets = new Set(hit.map(({ home }) => home?.subnetId))
  for (const subnet of world.subnets)
    for (const acl of world.acls)
      if (subnets.has(subnet.id) && acl.id === subnet.aclId)
        acl.ingress.unshift({
          ...DROP,
          ...(acl.type === 'QUINTUPLE' ? { sourcePort: 'all', destinationCidr: '0.0.0.0/0' } : {}),
        })
  const keys = hit.map(({ key }) => key)
  return siteOf(world).targets.every(
    (target) => target.rule.id !== pool.rule.id || !keys.includes(target.key) || target.status() === 'Dead',
  )
}

interface Pair {
  readonly world: World
  readonly keys: readonly string[]
}

/** Each of both keeps the backends Dead by itself; what only looks like a fault does not. */
function pairOf(_: number, fault: InsideFault, random: Random): Pair | null {
  const chosen = chosenFor(fault, random)
  if (!chosen || chosen.inside.isIpv6) return null
  const alone = structuredClone(chosen.world)
  if (!block(alone, chosen)) return null
  harm(chosen, fault, random)
  const keys = chosen.hit.map(({ key }) => key)
  const own = siteOf(chosen.world).targets.filter(({ key }) => keys.includes(key))
  const isDead = own.every((target) => target.status() === 'Dead')
  if (isDead === (fault.isHarmless === true)) return null
  if (!block(chosen.world, chosen)) return null
  const dead = siteOf(chosen.world).targets.filter((target) => target.status() === 'Dead')
  return dead.length <= MOST_ASKED ? { world: chosen.world, keys } : null
}

/** Backends that look alike. With more, others than those with the fault may be asked. */
const MOST_ASKED = 3

async function found(seed: number, fault: InsideFault) {
  const { world, keys } = caseWith(seed, fault, pairOf)
  const asked = { clb: CASE, looks: { inGuest: 'registered' } } as const
  const { diagnosis, snapshot } = await cloud.diagnose(world, asked)
  const targets = diagnosis.pools.flatMap((pool) => pool.targets)
  const looked = keys.filter((key) => {
    const target = targets.find((one) => one.key === key)
    return target !== undefined && snapshot?.guests?.[endpointOf(target)]?.state === 'ok'
  })
  const causes = diagnosis.findings.filter(isCause)
  const told = causes.map(({ code, certainty, explains }) => `${certainty} ${code} ${explains.join()}`)
  return { causes, looked, text: `seed ${seed}, ${fault.name}, ${keys.join()}\n${told.join('\n')}` }
}

const FOUR = HARMFUL.filter(({ name }) => !name.includes('v6-'))

it.each(FOUR.map((fault, i) => [fault.name, fault, i] as const))(
  'both are causes, and neither hides the other: an ACL and %s',
  async (_, fault, seed) => {
    const { causes, looked, text } = await found(seed, fault)
    expect(looked.length, text).toBeGreaterThan(0)
    for (const key of looked) {
      const own = causes.filter(({ explains }) => explains.includes(key))
      expect(
        own.map(({ code }) => code),
        text,
      ).toEqual(expect.arrayContaining([ACL, fault.code]))
      const sure = own.filter(({ certainty }) => certainty !== 'possible')
      expect(
        sure.map(({ code }) => code).filter((code) => code !== ACL && code !== fault.code),
        text,
      ).toEqual([])
    }
    const ranks = causes.map(({ certainty }) => ['certain', 'likely', 'possible'].indexOf(certainty))
    expect(ranks, text).toEqual(ranks.toSorted((a, b) => a - b))
  },
)

it.each(
  HARMLESS.filter(({ name }) => !name.includes('v6-')).map((fault, i) => [fault.name, fault, i] as const),
)('only the ACL is a cause beside what looks like a fault: %s', async (_, fault, seed) => {
  const { causes, text } = await found(seed, fault)
  const sure = causes.filter(({ certainty }) => certainty !== 'possible')
  expect([...new Set(sure.map(({ code }) => code))], text).toEqual([ACL])
})

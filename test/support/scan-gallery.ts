import { scan } from '../../src/app/scan.ts'
import type { Language } from '../../src/model/language.ts'
import type { Scan } from '../../src/model/scan.ts'
import { REGION } from '../../src/simulator/base.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import type { World } from '../../src/simulator/world.ts'
import { worldOf } from '../scan/support.ts'
import { inMemory } from './in-memory.ts'

// The scans of docs/gallery.md. Clocks stand still and no socket is opened.

export const scanInMemory = (
  world: World,
  language: Language,
  faults: Readonly<Record<string, Fault>> = {},
): Promise<Scan> =>
  inMemory(world, { region: REGION, faults }, async (context, signal) => {
    const question = { regions: [REGION], source: 'cli', language } as const
    return (await scan(question, context, signal)).scan
  })

/** The group of all machines denies every probe. */
export function oneCause(): World {
  const world = worldOf(40)
  world.groups[0]?.rules.unshift({
    protocol: 'TCP',
    port: '8080',
    source: '203.0.113.0/24',
    action: 'DROP',
    note: 'block scanners',
  })
  return world
}

/** A group, a stopped machine and weights of 0. */
function threeCauses(): World {
  const world = worldOf(6, ({ balancer, machines }, n) => {
    for (const one of n === 0 ? machines : []) one.groups = ['sg-newempty']
    for (const one of n === 1 ? machines.slice(1) : []) one.state = 'STOPPED'
    for (const { rules } of n === 2 ? balancer.listeners : [])
      for (const { backends } of rules) for (const one of backends) one.weight = 0
  })
  world.groups.push({ id: 'sg-newempty', name: 'new-and-empty', rules: [] })
  return world
}

const idle = (): World =>
  worldOf(3, ({ balancer }) => {
    balancer.listeners = []
  })

const DENIED = { kind: 'error', code: 'UnauthorizedOperation' } as const

const inBoth = async (
  build: () => World,
  faults: Readonly<Record<string, Fault>> = {},
): Promise<Readonly<Record<Language, Scan>>> => ({
  'zh-CN': await scanInMemory(build(), 'zh-CN', faults),
  en: await scanInMemory(build(), 'en', faults),
})

export const scanExamples = async () => [
  ['scan: forty CLBs, one cause', await inBoth(oneCause)] as const,
  [
    'scan: three CLBs, three causes, the network ACLs not read',
    await inBoth(threeCauses, { 'vpc:DescribeNetworkAcls': DENIED }),
  ] as const,
  ['scan: all healthy', await inBoth(() => worldOf(12))] as const,
  ['scan: nothing to check', await inBoth(idle)] as const,
]

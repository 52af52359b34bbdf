import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/context.ts'
import { scan } from '../../src/app/scan.ts'
import { createCloud } from '../../src/cloud/session.ts'
import { type Clock, systemClock } from '../../src/model/clock.ts'
import type { Language } from '../../src/model/language.ts'
import { silentLog } from '../../src/model/log.ts'
import type { Scan } from '../../src/model/scan.ts'
import { REGION } from '../../src/simulator/base.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { createSimulatedApi } from '../../src/simulator/simulated-api.ts'
import type { World } from '../../src/simulator/world.ts'
import { worldOf } from '../scan/support.ts'
import { transportTo } from './in-memory.ts'

// The scans of docs/gallery.md. Clocks stand still and no socket is opened.

const NOW = Date.parse('2026-11-20T00:00:00Z')
const hurried: Clock = { now: () => NOW, sleep: async (_, signal) => signal?.throwIfAborted() }

export async function scanInMemory(
  world: World,
  language: Language,
  faults: Readonly<Record<string, Fault>> = {},
): Promise<Scan> {
  const api = createSimulatedApi(world, { requestsPerSecond: 100_000 })
  for (const [action, fault] of Object.entries(faults)) api.faults.set(action, fault)
  const config = loadConfig({
    TENCENTCLOUD_SECRETID: 'AKIDinmemory',
    TENCENTCLOUD_SECRETKEY: 'key',
    TENCENTCLOUD_REGION: REGION,
    CLB_DOCTOR_API_ORIGIN: 'http://127.0.0.1',
    CLB_DOCTOR_API_RATE: '100000',
  })
  const real = createContext(config, silentLog)
  const cloud = createCloud({
    ...config,
    transport: transportTo(api),
    ratePerSecond: config.apiRate,
    clock: hurried,
    random: () => 0,
    log: silentLog,
  })
  const clock: Clock = { now: () => NOW, sleep: systemClock.sleep }
  const context = { ...real, cloud, clock, newId: (kind = 'dx') => `${kind}-0000000000000000` }
  try {
    const question = { regions: [REGION], source: 'cli', language } as const
    return (await scan(question, context, AbortSignal.timeout(20_000))).scan
  } finally {
    cloud.close()
    real.close()
  }
}

/** The group of all machines denies every probe. */
function oneCause(): World {
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

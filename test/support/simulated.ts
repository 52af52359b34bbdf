import { setImmediate } from 'node:timers/promises'
import { expect } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import type { AppContext } from '../../src/app/context.ts'
import { createContext } from '../../src/app/create.ts'
import { type DiagnoseAnswer, diagnose } from '../../src/app/diagnose.ts'
import type { FurtherLooks } from '../../src/app/look-further.ts'
import { createCloud } from '../../src/cloud/session.ts'
import type { Alarm, ClbReference } from '../../src/model/alarm.ts'
import { type Clock, systemClock } from '../../src/model/clock.ts'
import type { Language } from '../../src/model/language.ts'
import { type Log, silentLog } from '../../src/model/log.ts'
import { REGION, SHOP } from '../../src/simulator/base.ts'
import type { Calls } from '../../src/simulator/calls.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import type { KubernetesOptions } from '../../src/simulator/kubernetes/api.ts'
import { createSimulatedApi } from '../../src/simulator/simulated-api.ts'
import type { World } from '../../src/simulator/world.ts'
import { clusterIn } from './clusters.ts'
import { transportTo } from './in-memory.ts'

type Faults = Readonly<Record<string, Fault>>

interface Asked {
  readonly faults?: Faults
  readonly alarm?: Alarm | null
  readonly language?: Language
  /** A reference or an id. */
  readonly clb?: ClbReference | string
  /** The time limit for reading. */
  readonly budgetMs?: number
  readonly looks?: FurtherLooks
  /** What the API of the cluster refuses or does not have. */
  readonly kubernetes?: KubernetesOptions
}

export interface SimulatedRun extends DiagnoseAnswer {
  readonly calls: Calls
}

/** A simulated account. Each diagnosis can use another world. */
export interface SimulatedCloud {
  /** The context of its diagnoses. */
  readonly context: AppContext
  /** Puts another world and other API faults in place. */
  show(world: World, faults?: Faults): void
  /** By default it diagnoses the shop's CLB, in English. */
  diagnose(world: World, asked?: Asked): Promise<SimulatedRun>
  close(): Promise<void>
}

const named = (loadBalancerId: string): ClbReference => ({
  loadBalancerId,
  vip: null,
  vpcId: null,
  numericVpcId: null,
})

/** Pauses between attempts and for the rate end at once. */
const hurried: Clock = {
  now: systemClock.now,
  sleep: async (_, signal) => {
    await setImmediate(undefined, signal ? { signal } : {})
  },
}

/** Real sockets, or function calls for thousands of runs. */
type Carrier = 'sockets' | 'memory'

const UNLIMITED = { requestsPerSecond: 100_000 }

async function carry(world: World, over: Carrier) {
  if (over === 'sockets') {
    const simulator = await startSimulator(world, UNLIMITED)
    return { ...simulator, carrier: {} }
  }
  const api = createSimulatedApi(world, UNLIMITED)
  const credentials = { secretId: 'AKIDinmemory', secretKey: 'key' }
  return { ...api, credentials, origin: 'http://127.0.0.1', carrier: { transport: transportTo(api) } }
}

export async function openCloud(
  initial: World,
  {
    log = silentLog,
    over = 'sockets',
    clock = systemClock,
  }: { readonly log?: Log; readonly over?: Carrier; readonly clock?: Clock } = {},
): Promise<SimulatedCloud> {
  const current: World = { ...initial }
  const simulator = await carry(current, over)
  const config = loadConfig({
    TENCENTCLOUD_SECRETID: simulator.credentials.secretId,
    TENCENTCLOUD_SECRETKEY: simulator.credentials.secretKey,
    TENCENTCLOUD_REGION: REGION,
    CLB_DOCTOR_API_ORIGIN: simulator.origin,
    CLB_DOCTOR_API_RATE: '100000',
    CLB_DOCTOR_TAT_COMMAND: 'cmd-probe001',
  })
  const real = createContext(config, log)
  const cloud = createCloud({
    ...config,
    ...simulator.carrier,
    ratePerSecond: config.apiRate,
    clock: hurried,
    random: () => 0,
    log,
  })
  const context = { ...real, cloud, clock }
  const show = (world: World, faults: Faults = {}): void => {
    Object.assign(current, world)
    simulator.calls.reset()
    simulator.faults.clear()
    for (const [action, fault] of Object.entries(faults)) simulator.faults.set(action, fault)
  }
  return {
    context,
    show,
    async diagnose(
      world,
      {
        faults = {},
        alarm = null,
        language = 'en',
        clb = SHOP,
        budgetMs = 20_000,
        looks = {},
        kubernetes = {},
      } = {},
    ) {
      show(world, faults)
      const source = alarm === null ? 'cli' : 'cloud-monitor'
      const question = {
        clb: typeof clb === 'string' ? named(clb) : clb,
        region: null,
        language,
        trigger: { source, alarm },
        ...looks,
      } as const
      const asking = { ...context, ...clusterIn(world, kubernetes) }
      const answered = await diagnose(question, asking, AbortSignal.timeout(budgetMs))
      // The product calls only actions of the CAM policy.
      expect(simulator.calls.refused()).toBe(0)
      return { ...answered, calls: simulator.calls }
    },
    async close() {
      cloud.close()
      real.close()
      await simulator.close()
    },
  }
}

/** One diagnosis in a simulated account of its own, by default of the shop's CLB. */
export async function askSimulated(
  world: World,
  {
    log = silentLog,
    clock = systemClock,
    ...asked
  }: Asked & { readonly log?: Log; readonly clock?: Clock } = {},
): Promise<SimulatedRun> {
  const cloud = await openCloud(world, { log, clock })
  try {
    return await cloud.diagnose(world, asked)
  } finally {
    await cloud.close()
  }
}

/** One diagnosis in English, without an alarm. */
export const diagnoseSimulated = (
  world: World,
  faults: Faults = {},
  clb: ClbReference | string = SHOP,
): Promise<SimulatedRun> => askSimulated(world, { faults, clb })

/** An alarm about the shop's CLB. */
export const alarmSince = (firstOccurredAt: string, fields: Partial<Alarm> = {}): Alarm => ({
  source: 'cloud-monitor',
  state: 'firing',
  kind: 'metric',
  clb: named(SHOP),
  region: REGION,
  unknownRegion: null,
  listener: null,
  backend: null,
  policy: { id: null, name: null },
  subject: null,
  condition: null,
  durationSeconds: null,
  sessionId: null,
  firstOccurredAt,
  recoveredAt: null,
  ...fields,
})

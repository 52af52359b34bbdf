import { loadConfig } from '../../src/config.ts'
import type { Alarm, ClbReference } from '../../src/model/alarm.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import type { Language } from '../../src/model/language.ts'
import { type Log, silentLog } from '../../src/model/log.ts'
import { type Answer, answer } from '../../src/pipeline.ts'
import { SHOP } from '../../src/simulator/base.ts'
import type { Calls } from '../../src/simulator/calls.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import type { World } from '../../src/simulator/world.ts'
import { start } from '../../src/start.ts'

interface Asked {
  readonly faults?: Readonly<Record<string, Fault>>
  readonly alarm?: Alarm | null
  readonly language?: Language
  readonly log?: Log
  readonly clb?: ClbReference
}

const THE_SHOP: ClbReference = { loadBalancerId: SHOP, vip: null, vpcId: null, numericVpcId: null }

/** The shop's CLB, asked about in a world behind the real API on real sockets. */
export async function askSimulated(
  world: World,
  { faults = {}, alarm = null, language = 'en', log = silentLog, clb = THE_SHOP }: Asked = {},
): Promise<Answer & { readonly calls: Calls }> {
  const simulator = await startSimulator(world, { requestsPerSecond: 1000 })
  for (const [action, fault] of Object.entries(faults)) simulator.faults.set(action, fault)
  const config = loadConfig({
    TENCENTCLOUD_SECRETID: simulator.credentials.secretId,
    TENCENTCLOUD_SECRETKEY: simulator.credentials.secretKey,
    TENCENTCLOUD_REGION: 'ap-guangzhou',
    CLB_DOCTOR_API_ORIGIN: simulator.origin,
    CLB_DOCTOR_LANG: language,
  })
  const around = start(config, log)
  try {
    const source = alarm === null ? 'cli' : 'cloud-monitor'
    const question = { clb, region: null, trigger: { source, alarm } } as const
    return { ...(await answer(question, around, AbortSignal.timeout(20_000))), calls: simulator.calls }
  } finally {
    around.close()
    await simulator.close()
  }
}

/** One diagnosis of it, in English, without an alarm. */
export async function diagnoseSimulated(
  world: World,
  faults: Readonly<Record<string, Fault>> = {},
  clb: ClbReference = THE_SHOP,
): Promise<{ readonly diagnosis: Diagnosis; readonly calls: Calls }> {
  return askSimulated(world, { faults, clb })
}

/** An alarm about the shop's CLB. */
export const alarmSince = (firstOccurredAt: string, fields: Partial<Alarm> = {}): Alarm => ({
  source: 'cloud-monitor',
  state: 'firing',
  kind: 'metric',
  clb: THE_SHOP,
  region: 'ap-guangzhou',
  unknownRegion: null,
  listener: null,
  backend: null,
  policy: { id: null, name: null },
  subject: null,
  sessionId: null,
  firstOccurredAt,
  recoveredAt: null,
  ...fields,
})

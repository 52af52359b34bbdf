import { loadConfig } from '../../src/config.ts'
import type { ClbReference } from '../../src/model/alarm.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { silentLog } from '../../src/model/log.ts'
import { answer } from '../../src/pipeline.ts'
import { SHOP } from '../../src/simulator/base.ts'
import type { Calls } from '../../src/simulator/calls.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import type { World } from '../../src/simulator/world.ts'
import { start } from '../../src/start.ts'

/** One diagnosis of the shop's CLB, in English, of a world behind the real API on real sockets. */
export async function diagnoseSimulated(
  world: World,
  faults: Readonly<Record<string, Fault>> = {},
  clb: ClbReference = { loadBalancerId: SHOP, vip: null, vpcId: null, numericVpcId: null },
): Promise<{ readonly diagnosis: Diagnosis; readonly calls: Calls }> {
  const simulator = await startSimulator(world, { requestsPerSecond: 1000 })
  for (const [action, fault] of Object.entries(faults)) simulator.faults.set(action, fault)
  const config = loadConfig({
    TENCENTCLOUD_SECRETID: simulator.credentials.secretId,
    TENCENTCLOUD_SECRETKEY: simulator.credentials.secretKey,
    TENCENTCLOUD_REGION: 'ap-guangzhou',
    CLB_DOCTOR_API_ORIGIN: simulator.origin,
    CLB_DOCTOR_LANG: 'en',
  })
  const around = start(config, silentLog)
  try {
    const question = { clb, region: null, trigger: { source: 'cli', alarm: null } } as const
    const { diagnosis } = await answer(question, around, AbortSignal.timeout(20_000))
    return { diagnosis, calls: simulator.calls }
  } finally {
    around.close()
    await simulator.close()
  }
}

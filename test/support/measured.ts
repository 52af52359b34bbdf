import { expect } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { type DiagnoseAnswer, diagnose } from '../../src/app/diagnose.ts'
import { silentLog } from '../../src/model/log.ts'
import type { Calls } from '../../src/simulator/calls.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import type { Large } from './large.ts'

/** A CLB and its world. */
export type Asked = Pick<Large, 'world' | 'loadBalancerId' | 'vip'>

export interface Terms {
  readonly by?: 'id' | 'vip'
  readonly faults?: Readonly<Record<string, Fault>>
}

/**
 * One diagnosis over real sockets, and the calls that the simulated cloud received. No call waits for the
 * rate limit.
 */
export async function measure(
  { world, loadBalancerId, vip }: Asked,
  { by = 'id', faults = {} }: Terms = {},
): Promise<DiagnoseAnswer & { readonly calls: Calls }> {
  const simulator = await startSimulator(world, { wholeWaves: true, requestsPerSecond: 10_000 })
  for (const [action, fault] of Object.entries(faults)) simulator.faults.set(action, fault)
  const context = createContext(
    loadConfig({
      TENCENTCLOUD_SECRETID: simulator.credentials.secretId,
      TENCENTCLOUD_SECRETKEY: simulator.credentials.secretKey,
      TENCENTCLOUD_REGION: world.region,
      CLB_DOCTOR_API_ORIGIN: simulator.origin,
      CLB_DOCTOR_API_RATE: '10000',
      CLB_DOCTOR_LANG: 'en',
    }),
    silentLog,
  )
  const named = by === 'id' ? { loadBalancerId, vip: null } : { loadBalancerId: null, vip }
  const question = {
    clb: { ...named, vpcId: null, numericVpcId: null },
    region: null,
    trigger: { source: 'cli', alarm: null },
  } as const
  try {
    return { ...(await diagnose(question, context, AbortSignal.timeout(25_000))), calls: simulator.calls }
  } finally {
    context.close()
    expect(simulator.calls.refused()).toBe(0)
    await simulator.close()
  }
}

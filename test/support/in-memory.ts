import { loadConfig } from '../../src/app/config.ts'
import type { AppContext } from '../../src/app/context.ts'
import { createContext } from '../../src/app/create.ts'
import { SERVICES } from '../../src/cloud/actions.ts'
import { readAnswer } from '../../src/cloud/answer.ts'
import { writeExactly } from '../../src/cloud/exact-json.ts'
import { createCloud } from '../../src/cloud/session.ts'
import type { Transport } from '../../src/cloud/transport.ts'
import { type Clock, systemClock } from '../../src/model/clock.ts'
import { silentLog } from '../../src/model/log.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { createSimulatedApi, type SimulatedApi } from '../../src/simulator/simulated-api.ts'
import type { World } from '../../src/simulator/world.ts'

/** Passes requests and answers as JSON texts, without sockets and without signatures. */
export function transportTo(api: SimulatedApi): Transport {
  return {
    async send(action, request, region, signal) {
      const [service = ''] = action.split(':')
      const version = Object.entries(SERVICES).find(([name]) => name === service)?.[1]
      const reply = await api.answer(
        { action, region, version, body: writeExactly(request), refusal: null },
        signal,
      )
      if (reply.kind === 'http') return readAnswer(action, { status: reply.status, text: '' })
      if (reply.kind !== 'answer') throw new Error(`${reply.kind} needs sockets`)
      return readAnswer(action, { status: 200, text: reply.text })
    },
    dropIdle() {},
    close() {},
  }
}

const NOW = Date.parse('2026-11-20T00:00:00Z')
const still: Clock = { now: () => NOW, sleep: systemClock.sleep }
const hurried: Clock = { now: () => NOW, sleep: async (_, signal) => signal?.throwIfAborted() }

/** Runs a story against a simulated account. The clock stands still and no socket is opened. */
export async function inMemory<T>(
  world: World,
  { region, faults = {} }: { readonly region: string; readonly faults?: Readonly<Record<string, Fault>> },
  run: (context: AppContext, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const api = createSimulatedApi(world, { requestsPerSecond: 100_000 })
  for (const [action, fault] of Object.entries(faults)) api.faults.set(action, fault)
  const config = loadConfig({
    TENCENTCLOUD_SECRETID: 'AKIDinmemory',
    TENCENTCLOUD_SECRETKEY: 'key',
    TENCENTCLOUD_REGION: region,
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
  const context = { ...real, cloud, clock: still, newId: (kind = 'dx') => `${kind}-0000000000000000` }
  try {
    return await run(context, AbortSignal.timeout(20_000))
  } finally {
    cloud.close()
    real.close()
  }
}

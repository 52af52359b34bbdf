import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { type Progress, type ScanQuestion, scan } from '../../src/app/scan.ts'
import { silentLog } from '../../src/model/log.ts'
import type { Scan, ScanRow } from '../../src/model/scan.ts'
import { backend, balancer, check, guest, machine, REGION, rule, shop } from '../../src/simulator/base.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import type { Balancer, HealthCheck, Machine, World } from '../../src/simulator/world.ts'

const schema = JSON.parse(readFileSync(new URL('../../docs/scan.schema.json', import.meta.url), 'utf8'))
const ajv = new Ajv2020({ allErrors: true, strict: false })
addFormats.default(ajv)
ajv.addSchema(JSON.parse(readFileSync(new URL('../../docs/diagnosis.schema.json', import.meta.url), 'utf8')))
const validate = ajv.compile(schema)

/** Fails with the error message of the schema. */
export function expectScan(value: unknown): void {
  validate(JSON.parse(JSON.stringify(value)))
  expect(validate.errors ?? []).toEqual([])
}

export interface Member {
  readonly balancer: Balancer
  readonly machines: Machine[]
  readonly check: HealthCheck
}

export const idOf = (n: number): string => `lb-fleet${String(n).padStart(3, '0')}`

/** A working account of `count` CLBs with one TCP listener and three machines each, probed from the VIP. */
export function worldOf(count: number, change: (member: Member, n: number) => void = () => {}): World {
  const { world } = shop()
  world.balancers = []
  world.machines = []
  for (let n = 0; n < count; n++) {
    const machines = [0, 1, 2].map((i) =>
      machine(0, {
        id: `ins-fleet${n}x${i}`,
        name: `fleet-${n}-${i}`,
        ip: `10.0.1.${n * 3 + i + 1}`,
        guest: guest(8080),
      }),
    )
    const own = check({ type: 'TCP', source: 0, method: null, host: null, path: null })
    const front = balancer({
      id: idOf(n),
      name: `fleet-${n}`,
      vip: `203.0.113.${n + 1}`,
      listeners: [
        {
          id: `lbl-fleet${String(n).padStart(3, '0')}`,
          name: 'tcp-80',
          protocol: 'TCP',
          port: 80,
          stopped: false,
          rules: [rule({ check: own, backends: machines.map((one) => backend(one, 8080)) })],
        },
      ],
    })
    change({ balancer: front, machines, check: own }, n)
    world.machines.push(...machines)
    world.balancers.push(front)
  }
  return world
}

export interface ScanRun {
  readonly scan: Scan
  readonly simulator: Simulator
  readonly rows: Readonly<Record<string, ScanRow>>
}

export interface ScanOptions {
  readonly question?: Partial<ScanQuestion>
  readonly faults?: Readonly<Record<string, Fault>>
  readonly rate?: number
  readonly latencyMs?: number
  readonly signal?: AbortSignal
  readonly progress?: (now: Progress) => void
  readonly env?: Readonly<Record<string, string>>
}

/** One scan of a world in English, over real sockets. The call counts can be read after the simulator closes. */
export async function scanOf(world: World, options: ScanOptions = {}): Promise<ScanRun> {
  const simulator = await startSimulator(world, {
    requestsPerSecond: 10_000,
    latencyMs: options.latencyMs ?? 0,
  })
  for (const [action, fault] of Object.entries(options.faults ?? {})) simulator.faults.set(action, fault)
  const config = loadConfig({
    TENCENTCLOUD_SECRETID: simulator.credentials.secretId,
    TENCENTCLOUD_SECRETKEY: simulator.credentials.secretKey,
    CLB_DOCTOR_API_ORIGIN: simulator.origin,
    CLB_DOCTOR_API_RATE: String(options.rate ?? 1_000),
    ...options.env,
  })
  const context = createContext(config, silentLog)
  try {
    const { scan: result } = await scan(
      { regions: [REGION], source: 'cli', language: 'en', ...options.question },
      context,
      // It only ends scans that hang: under load a scan takes several times longer.
      options.signal ?? AbortSignal.timeout(120_000),
      options.progress,
    )
    expectScan(result)
    const rows = Object.fromEntries(result.loadBalancers.map((row) => [row.id, row]))
    return { scan: result, simulator, rows }
  } finally {
    context.close()
    expect(simulator.calls.refused()).toBe(0)
    await simulator.close()
  }
}

/** Removes every rule of the first group, so that it blocks every probe. */
export const shut = (world: World): void => {
  world.groups[0]?.rules.splice(0, Number.POSITIVE_INFINITY)
}

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { guest } from '../../src/simulator/base.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { startWecomStandIn, type WecomGroup } from '../../src/simulator/wecom.ts'
import { idOf, worldOf } from '../scan/support.ts'
import { type Instance, startInstance } from '../storm/instance.ts'
import { catchDiagnoses, type WebhookCatcher } from '../support/receivers.ts'

// The built `serve` with its records in a folder, ended by SIGKILL.

const CLBS = 40
const REGION = 'ap-guangzhou'

let cleanup: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of cleanup.reverse()) await close()
  cleanup = []
})

async function serving(env: Readonly<Record<string, string>>): Promise<Instance> {
  const one = await startInstance(env)
  cleanup.push(() => one.stop('SIGKILL'))
  return one
}

async function setUp(): Promise<{ env: Record<string, string>; group: WecomGroup; hook: WebhookCatcher }> {
  const world = worldOf(CLBS, ({ machines }) => {
    for (const machine of machines) machine.guest = guest(9_999)
  })
  const cloud: Simulator = await startSimulator(world)
  const [group, hook] = await Promise.all([startWecomStandIn(), catchDiagnoses()])
  cleanup.push(
    () => cloud.close(),
    () => group.close(),
    () => hook.close(),
  )
  return {
    group,
    hook,
    env: {
      TENCENTCLOUD_SECRETID: cloud.credentials.secretId,
      TENCENTCLOUD_SECRETKEY: cloud.credentials.secretKey,
      TENCENTCLOUD_REGION: REGION,
      CLB_DOCTOR_API_ORIGIN: cloud.origin,
      CLB_DOCTOR_API_RATE: '200',
      CLB_DOCTOR_SINKS: `wecom+${group.url} ${hook.address}`,
      CLB_DOCTOR_LANG: 'en',
      CLB_DOCTOR_DATA: mkdtempSync(join(tmpdir(), 'killed-')),
    },
  }
}

const alarmOf = (n: number, i: number): object => ({
  sessionId: `s-${n}-${i}`,
  alarmStatus: '1',
  alarmType: 'metric',
  alarmObjInfo: {
    region: 'gz',
    namespace: 'qce/lb_public',
    dimensions: { loadBalancerId: idOf(n), vport: `${80 + i}`, protocol: 'tcp' },
  },
  alarmPolicyInfo: { policyId: `policy-${i}`, conditions: { metricName: 'UnhealthRsCount' } },
  firstOccurTime: '2026-11-28 10:00:00',
})

const clbsIn = ({ data }: WebhookCatcher['events'][number]): readonly string[] => {
  const { loadBalancer, members, notices } = data as {
    loadBalancer?: { id: string }
    members?: { id: string }[]
    notices?: { members: { id: string }[] }[]
  }
  return [
    ...(loadBalancer ? [loadBalancer] : []),
    ...(members ?? []),
    ...(notices ?? []).flatMap((one) => one.members),
  ].map(({ id }) => id)
}

it('nothing that was accepted is lost if the process is killed', async () => {
  const { env, hook, group } = await setUp()
  const first = await serving(env)
  const alarms = Array.from({ length: 250 }, (_, i) => alarmOf(i % CLBS, Math.floor(i / CLBS)))
  const accepted = await Promise.all(
    alarms.map(async (alarm) => {
      const { status } = await fetch(`${first.origin}/alarms`, {
        method: 'POST',
        body: JSON.stringify(alarm),
      })
      return status
    }),
  )
  expect(accepted.filter((status) => status !== 200)).toEqual([])
  await first.stop('SIGKILL')
  const before = new Set(hook.events.flatMap(clbsIn)).size
  expect(before, 'the kill came before everything was told').toBeLessThan(CLBS)
  await serving(env)
  await expect.poll(() => new Set(hook.events.flatMap(clbsIn)).size, { timeout: 60_000 }).toBe(CLBS)
  const chat = () => group.messages.map(({ content }) => content).join('\n')
  await expect
    .poll(() => Array.from({ length: CLBS }, (_, n) => n).filter((n) => !chat().includes(`fleet-${n}`)), {
      timeout: 150_000,
    })
    .toEqual([])
}, 240_000)

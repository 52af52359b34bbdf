import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { serve } from '../../src/http/serve.ts'
import type { Diagnosis, Finding } from '../../src/model/diagnosis.ts'
import type { Language } from '../../src/model/language.ts'
import { silentLog } from '../../src/model/log.ts'
import {
  type Scenario,
  type SimulatorOptions,
  type StartedScenario,
  startScenario,
} from '../../src/simulator/index.ts'
import { startWecomStandIn, type WecomGroup } from '../../src/simulator/wecom.ts'
import { contradictionsIn } from '../support/consistency.ts'
import { catchDiagnoses, type WebhookCatcher } from '../support/receivers.ts'
import { expectDiagnosis } from '../support/schema.ts'
import type { Expectation } from './expectations.ts'

export interface Stage {
  readonly cloud: StartedScenario
  readonly group: WecomGroup
  readonly hook: WebhookCatcher
  readonly env: Record<string, string>
  close(): Promise<void>
}

/** A simulated cloud, a WeCom group and a webhook receiver, all on real sockets. */
export async function setStage(
  scenario: Scenario,
  language: Language = 'zh-CN',
  options: SimulatorOptions = {},
): Promise<Stage> {
  const [cloud, group, hook, data] = await Promise.all([
    startScenario(scenario, options),
    startWecomStandIn(),
    catchDiagnoses(),
    mkdtemp(join(tmpdir(), 'stage-')),
  ])
  return {
    cloud,
    group,
    hook,
    env: {
      TENCENTCLOUD_SECRETID: cloud.credentials.secretId,
      TENCENTCLOUD_SECRETKEY: cloud.credentials.secretKey,
      TENCENTCLOUD_REGION: scenario.region,
      CLB_DOCTOR_API_ORIGIN: cloud.origin,
      CLB_DOCTOR_SINKS: `wecom+${group.url} ${hook.address}`,
      CLB_DOCTOR_LANG: language,
      // Otherwise one test would send what another one left in the folder of the checkout.
      CLB_DOCTOR_DATA: data,
      ...(cloud.cluster ? { KUBECONFIG: cloud.cluster.path } : {}),
    },
    close: async () => {
      // The product sends only actions that its CAM policy allows.
      expect(cloud.calls.refused()).toBe(0)
      await Promise.all([cloud.close(), group.close(), hook.close()])
      await rm(data, { recursive: true, force: true })
    },
  }
}

export const contextOf = (stage: Stage, extra: Record<string, string> = {}) =>
  createContext(loadConfig({ ...stage.env, ...extra }), silentLog)

const hostOf = (key: string): string => /(\d+|:\d+)\]?:\d+$/.exec(key)?.[1]?.replace(':', '') ?? key

export const causesOf = (diagnosis: Diagnosis): readonly string[] =>
  diagnosis.findings
    .filter(({ role }) => role === 'cause')
    .map(({ code, certainty, explains }) => `${code} ${certainty} ${explains.map(hostOf).join(',')}`)

/** The first cause, which messages show first. */
export const mainCauseOf = ({ findings }: Diagnosis): Finding | undefined =>
  findings.find(({ role }) => role === 'cause')

/** Checks one expectation, and the properties that every diagnosis has. */
export function expectAsExpected(diagnosis: Diagnosis, expected: Expectation): void {
  expectDiagnosis(diagnosis)
  expect({ verdict: diagnosis.verdict, causes: causesOf(diagnosis) }).toEqual({
    verdict: expected.verdict,
    causes: expected.causes,
  })
  const sum = (of: (counts: Diagnosis['pools'][number]['counts']) => number): number =>
    diagnosis.pools.reduce((total, { counts }) => total + of(counts), 0)
  expect([sum((c) => c.alive), sum((c) => c.dead), sum((c) => c.unknown), sum((c) => c.off)]).toEqual(
    expected.counts,
  )
  const alarmed = diagnosis.trigger.alarm ? (expected.alarmed ?? []) : []
  const found = diagnosis.findings.map(({ code, role }) => `${code} ${role}`)
  expect(found).toEqual(expect.arrayContaining([...(expected.also ?? []), ...alarmed]))
  expect(diagnosis.gaps.some(({ byHand }) => (byHand?.length ?? 0) > 0)).toBe(expected.byHand === true)
  expect(diagnosis.gaps.find(({ grant }) => grant)?.grant).toBe(expected.grant)
  if (expected.proven) expect(mainCauseOf(diagnosis)?.fix).toMatchObject({ verified: true })

  expect(contradictionsIn(diagnosis)).toEqual([])
  for (const { code, certainty, detail } of diagnosis.findings) {
    if (certainty === 'likely' && code !== 'security-group/order-dependent')
      expect(detail).toMatch(/likely, not certain|不是“确定”/)
  }
}

/** Posts a payload to a running server and waits until the accepted work is done. */
export async function postToServe(stage: Stage, payload: unknown, times = 1): Promise<readonly Response[]> {
  const context = contextOf(stage)
  try {
    // A busy machine takes its time, and the message is what a test waits for.
    const server = await serve(context, { host: '127.0.0.1', port: 0, stopMs: 60_000 })
    const replies: Response[] = []
    for (let i = 0; i < times; i++)
      replies.push(
        await fetch(`http://127.0.0.1:${server.address.port}/alarms`, {
          method: 'POST',
          body: JSON.stringify(payload),
        }),
      )
    await server.stop()
    return replies
  } finally {
    context.close()
  }
}

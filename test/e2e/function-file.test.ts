import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findScenario } from '../../src/simulator/index.ts'
import { startWecomStandIn, type WecomGroup } from '../../src/simulator/wecom.ts'
import { sample } from '../alarms/samples.ts'
import { deployedWith, startedWith } from './deployed.ts'
import { type Stage, setStage } from './support.ts'

// The deployed function with `clb-doctor.json` beside its code.

let stage: Stage
let oncall: WecomGroup
let shop: WecomGroup
let folder: string | null = null

beforeEach(async () => {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  ;[stage, oncall, shop] = await Promise.all([
    setStage(scenario, 'en'),
    startWecomStandIn(),
    startWecomStandIn(),
  ])
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  if (folder !== null) rmSync(folder, { recursive: true })
  folder = null
  await Promise.all([stage.close(), oncall.close(), shop.close()])
})

const RECEIVERS = {
  oncall: { url: 'env:ONCALL', mention: ['zhangsan'] },
  shop: { url: 'env:SHOP', language: 'zh-CN' },
}

/** The answer to an alarm of the shop, with this file and no receiver in CLB_DOCTOR_SINKS. */
function answered(file: object): Promise<unknown> {
  const variables = { ONCALL: `wecom+${oncall.url}`, SHOP: `wecom+${shop.url}`, CLB_DOCTOR_SINKS: '' }
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const bundle = deployedWith({ receivers: RECEIVERS, ...file })
  folder = dirname(bundle)
  return startedWith({ ...stage.env, ...variables }, bundle)(sample('metric-l7-listener'))
}

const counts = (): readonly number[] => [oncall.messages.length, shop.messages.length]

describe('clb-doctor.json beside the code of the function', () => {
  it('names the receiver that its route tells of an alarm, in the language of that receiver', async () => {
    const routes = [
      { match: { tag: { service: 'pay-*' } }, to: ['oncall'] },
      { match: { tag: { service: 'shop-*' }, attention: ['act-now', 'act-soon'] }, to: ['shop'] },
    ]
    expect(await answered({ routes, default: ['oncall'] })).toMatchObject({
      handled: [{ loadBalancer: 'lb-7dpmqwcu', deliveries: [{ receiver: 'shop', outcome: 'delivered' }] }],
    })
    expect(counts()).toEqual([0, 1])
    expect(shop.messages[0]?.content).toMatch(/后端/)
  })

  it('names the default for what no route takes, with its mentions', async () => {
    const routes = [{ match: { tag: { service: 'pay-*' } }, to: ['shop'] }]
    await answered({ routes, default: ['oncall'] })
    expect(counts()).toEqual([1, 0])
    expect(oncall.messages[0]?.content).toContain('<@zhangsan>')
  })

  it('stops the function with one line if it is wrong, so that the platform sees it', async () => {
    await expect(answered({ default: ['onkall'] })).rejects.toThrow(/onkall.*did you mean "oncall"/)
    expect([stage.cloud.calls.total(), ...counts()]).toEqual([0, 0, 0])
  })
})

import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { findScenario, type Scenario } from '../../src/simulator/index.ts'
import { clbDoctor, onStage } from './cli.ts'
import { deployedWith, startedWith } from './deployed.ts'
import { type Stage, setStage } from './support.ts'

// The built function and the built command with KUBECONFIG. The reader of clusters is a bundle of its own.

let folder: string | null = null
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  if (folder !== null) rmSync(folder, { recursive: true })
  folder = null
})

function scenarioOf(name: string): Scenario {
  const scenario = findScenario(name)
  if (!scenario) throw new Error(name)
  return scenario
}

/** The message about an alarm that the deployed function sends. */
async function told(stage: Stage, scenario: Scenario, kubeconfig: string): Promise<string> {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const bundle = deployedWith({})
  folder = dirname(bundle)
  await startedWith({ ...stage.env, KUBECONFIG: kubeconfig }, bundle)(scenario.alarm())
  return stage.group.messages.map(({ content }) => content).join('\n')
}

describe('KUBECONFIG', () => {
  it('of the function lets a message name what only the cluster knows', async () => {
    const scenario = scenarioOf('no-endpoints')
    const stage = await setStage(scenario, 'en')
    const message = await told(stage, scenario, stage.cloud.cluster?.path ?? '')
    await stage.close()
    expect(message).toContain('Service shop/web has no pod that could answer')
  })

  it('that is not set reads no cluster', async () => {
    const scenario = scenarioOf('no-endpoints')
    const stage = await setStage(scenario, 'en')
    const message = await told(stage, scenario, '')
    const requests = stage.cloud.cluster?.requests ?? []
    await stage.close()
    expect(message).not.toContain('shop/web')
    expect(requests).toEqual([])
  })

  it('of the command line is read by diagnose and by scan', async () => {
    await onStage('kube-proxy-down', async ({ env }) => {
      const { out } = await clbDoctor(['diagnose', 'lb-7dpmqwcu', '--lang', 'en'], env)
      expect(out).toContain('kube-proxy is not ready on 10.0.1.18')
      const scan = await clbDoctor(['scan', '--region', 'ap-guangzhou', '--format', 'json'], env)
      expect(scan.out).toContain('tke-node/kube-proxy-not-ready')
    })
  })
})

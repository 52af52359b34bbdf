import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAlarms } from '../../src/app/alarms.ts'
import { handleInPlace } from '../../src/app/incidents/engine.ts'
import { eventBudget, httpBudget } from '../../src/function/budgets.ts'
import { serve } from '../../src/http/serve.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { silentLog } from '../../src/model/log.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { PROBE_COMMAND } from '../../src/simulator/probe-command.ts'
import { expectDiagnosis } from '../support/schema.ts'
import { clbDoctor, onStage } from './cli.ts'
import { causesOf, contextOf, postToServe, type Stage } from './support.ts'

// A look inside machines, from the command line, over HTTP and for alarms, against the simulated TAT.

const CAUSES: Readonly<Record<string, string>> = {
  'guest-loopback': 'guest-port/loopback-only certain 16,20',
  'guest-iptables': 'guest-firewall/probe-dropped certain 16,20',
  'guest-vpn': 'guest-firewall/probe-dropped certain 16,20',
  'guest-status': 'guest-http/status-mismatch likely 16,20',
  'guest-slow': 'guest-http/too-slow likely 16,20',
}
const COMMAND = { CLB_DOCTOR_TAT_COMMAND: PROBE_COMMAND }
const INSIDE = { ...COMMAND, CLB_DOCTOR_IN_GUEST: 'on' }
const ask = (stage: Stage, args: readonly string[], env: Record<string, string> = COMMAND) =>
  clbDoctor(['diagnose', 'lb-7dpmqwcu', '--format', 'json', '--lang', 'en', ...args], {
    ...stage.env,
    ...env,
  })

describe('diagnose --in-guest', () => {
  it.each(Object.entries(CAUSES))('names the cause of %s', (name, cause) =>
    onStage(name, async (stage) => {
      const file = join(mkdtempSync(join(tmpdir(), 'inside-')), 'snapshot.json')
      const { status, out, err } = await ask(stage, ['--in-guest', '--save-snapshot', file])
      expect([status, err]).toEqual([1, ''])
      const diagnosis: Diagnosis = JSON.parse(out)
      expectDiagnosis(diagnosis)
      expect(causesOf(diagnosis)).toEqual([cause])
      expect(diagnosis.gaps.filter(({ action }) => action?.startsWith('tat:'))).toEqual([])
      // The outputs are kept, so the snapshot gives the same again, without an account.
      expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')).guests)).toHaveLength(3)
      const again = await clbDoctor(['diagnose', '--snapshot', file, '--format', 'json', '--lang', 'en'])
      expect(JSON.parse(again.out).findings).toEqual(diagnosis.findings)
    }),
  )

  it('of backends that the API explains, too, says what is wrong beside that', () =>
    onStage('guest-loopback', async (stage) => {
      const { out } = await ask(stage, [], INSIDE)
      expect(causesOf(JSON.parse(out))).toEqual([CAUSES['guest-loopback']])
    }))

  it.each([
    [['--in-guest'], {}, 'guest-script --register'],
    [['--run-command'], {}, '--run-command goes with --in-guest only'],
    [['--in-guest', '--run-command'], COMMAND, `does not use ${PROBE_COMMAND}`],
  ])('%j with %j is refused, and says what to do', (args, env, words) =>
    onStage('guest-loopback', async (stage) => {
      const { status, err } = await ask(stage, args, env)
      expect([status, err]).toEqual([2, expect.stringContaining(words)])
      expect(stage.cloud.calls.total()).toBe(0)
    }),
  )
})

describe('CLB_DOCTOR_IN_GUEST=on', () => {
  it('lets POST /v1/diagnoses look inside', () =>
    onStage('guest-status', async (stage) => {
      const context = contextOf(stage, INSIDE)
      try {
        const server = await serve(context, { host: '127.0.0.1', port: 0 })
        const answer = await fetch(`http://127.0.0.1:${server.address.port}/v1/diagnoses`, {
          method: 'POST',
          body: JSON.stringify({ loadBalancerId: 'lb-7dpmqwcu' }),
        })
        expect(causesOf((await answer.json()) as Diagnosis)).toEqual([CAUSES['guest-status']])
        await server.stop()
      } finally {
        context.close()
      }
    }))

  it('tells an alarm at serve at once, and the cause once the machines have said it', () =>
    onStage('guest-vpn', async (stage) => {
      await postToServe({ ...stage, env: { ...stage.env, ...INSIDE } }, scenario('guest-vpn').alarm())
      const told = stage.hook.diagnoses.map(causesOf)
      expect(told).toEqual([[], [CAUSES['guest-vpn']]])
      expect(stage.group.messages[1]?.content).toContain('已找到原因')
      const actions = stage.cloud.calls.log().map(({ action }) => action)
      // The first message went out before any machine was asked.
      expect(actions.filter((action) => action === 'clb:DescribeTargetHealth')).toHaveLength(2)
      expect(actions.indexOf('tat:InvokeCommand')).toBeGreaterThan(
        actions.lastIndexOf('clb:DescribeTargetHealth'),
      )
    }))

  const inPlace = (stage: Stage, budget: Parameters<typeof handleInPlace>[2]) => {
    const context = contextOf(stage, INSIDE)
    const { alarms } = parseAlarms(scenario('guest-slow').alarm(), silentLog)
    return handleInPlace(alarms, context, budget).finally(() => context.close())
  }

  it('has the function look inside where an event leaves the time, and name the cause at once', () =>
    onStage('guest-slow', async (stage) => {
      await inPlace(stage, eventBudget({ time_limit_in_ms: 60_000 }, 0))
      expect(stage.hook.diagnoses.map(causesOf)).toEqual([[CAUSES['guest-slow']]])
    }))

  it('leaves machines alone where an HTTP event does not leave the time, and says so', () =>
    onStage('guest-slow', async (stage) => {
      await inPlace(stage, httpBudget({ time_limit_in_ms: 60_000 }, 0))
      const [diagnosis] = stage.hook.diagnoses
      expect(diagnosis?.gaps.map(({ errorCode }) => errorCode)).toContain('NoTime')
      expect(stage.cloud.calls.count('tat:InvokeCommand')).toBe(0)
    }))
})

function scenario(name: string) {
  const found = findScenario(name)
  if (!found) throw new Error(name)
  return found
}

import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findScenario } from '../../src/simulator/index.ts'
import { clbDoctor, onStage } from './cli.ts'
import { serving } from './serving.ts'
import type { Stage } from './support.ts'

const KEYS = {
  CLB_DOCTOR_DATA: mkdtempSync(join(tmpdir(), 'serve-')),
  TENCENTCLOUD_SECRETID: 'id',
  TENCENTCLOUD_SECRETKEY: 'key',
  CLB_DOCTOR_LANG: 'en',
}

/** With a folder of its own. */
const startedWith = (env: Readonly<Record<string, string>>) =>
  serving({ CLB_DOCTOR_DATA: mkdtempSync(join(tmpdir(), 'serve-')), ...env })

describe('clb-doctor serve', () => {
  it('names the address once if another process listens there: exit 2', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    const { status, err } = await clbDoctor(['serve', '--host', '127.0.0.1', '--port', port], KEYS)
    other.close()
    expect([status, err.split('\n').at(-2)]).toEqual([
      2,
      expect.stringMatching(/^clb-doctor: [^\n]*another process already listens there$/),
    ])
    expect(err.split('\n').at(-2)?.split(port)).toHaveLength(2)
  })

  it.each([
    [['--port', '-1'], /^clb-doctor: --port must be 0 to 65535\n$/],
    [['--port=-1'], /^clb-doctor: --port must be 0 to 65535\n$/],
    [['--host', '203.0.113.9'], /this machine does not have that address\n$/],
  ])('says what is wrong with %j: exit 2', async (args, words) => {
    const { status, err } = await clbDoctor(['serve', ...args], KEYS)
    expect([status, err.split('\n').at(-2)?.concat('\n')]).toEqual([2, expect.stringMatching(words)])
  })

  it('ends at once at a second signal, and one line says what is left: exit 3', () =>
    onStage('sg-blocks-vip', async (stage: Stage) => {
      stage.cloud.faults.set('clb:DescribeTargetHealth', { kind: 'slow', ms: 20_000 })
      const { child, port, closed, log } = await startedWith(stage.env)
      const body = JSON.stringify(findScenario('sg-blocks-vip')?.alarm())
      await fetch(`http://127.0.0.1:${port}/alarms`, { method: 'POST', body })
      child.kill('SIGTERM')
      await expect.poll(log).toContain('stopping')
      child.kill('SIGINT')
      expect(await closed).toBe(3)
      const last = JSON.parse(log().trim().split('\n').at(-1) ?? '')
      expect(last).toMatchObject({
        message: 'ended by a second signal before everything was finished',
        requests: 0,
        alarms: 1,
      })
    }))

  it('warns at the start of a token that can be guessed, and does not show it', async () => {
    const { child, closed, log } = await startedWith({
      ...KEYS,
      CLB_DOCTOR_ALARM_TOKEN: 'long-enough-to-be-kept hunter2',
      CLB_DOCTOR_API_TOKEN: 'long-enough-to-be-kept',
    })
    child.kill('SIGTERM')
    expect(await closed).toBe(0)
    const warned = log()
      .split('\n')
      .filter((line) => line.includes('fewer than 16'))
    expect(warned).toEqual([expect.stringContaining('CLB_DOCTOR_ALARM_TOKEN')])
    expect(log()).not.toContain('hunter2')
  })

  it('refuses three tokens, and does not show them', async () => {
    const { status, err } = await clbDoctor(['serve'], { ...KEYS, CLB_DOCTOR_API_TOKEN: 'one two hunter2' })
    expect([status, err]).toEqual([
      2,
      expect.stringContaining('CLB_DOCTOR_API_TOKEN: must be one secret, or two'),
    ])
    expect(err).not.toContain('hunter2')
  })
})

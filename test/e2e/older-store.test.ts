import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { systemClock } from '../../src/model/clock.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { openFolder } from '../../src/store/embedded/index.ts'
import type { Put } from '../../src/store/index.ts'
import { serving } from './serving.ts'
import { type Stage, setStage } from './support.ts'

// What an older version wrote: the records of an open incident, of commit 90b6aa9, which `serve` was killed with.

interface Record {
  readonly collection: string
  readonly id: string
  readonly at: number
  readonly value: unknown
}

const written = readFileSync(new URL('older-records.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Record)
const INCIDENT = written.find(({ collection }) => collection === 'incidents')?.id

const folder = mkdtempSync(join(tmpdir(), 'older-'))
let stage: Stage | null = null
afterEach(async () => {
  await stage?.close()
  stage = null
  rmSync(folder, { recursive: true, force: true })
})

it('an incident of an older version is shown, and its end is told to those who heard of it', async () => {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  const build = () => {
    const world = scenario.build()
    for (const { rules } of world.groups)
      rules.unshift({ protocol: 'TCP', port: '8080', source: '203.0.113.26/32', action: 'ACCEPT' })
    return world
  }
  stage = await setStage({ ...scenario, build }, 'en')
  const store = await openFolder(folder, { clock: systemClock })
  await store.write({ put: written.map((one): Put => ({ ...one, value: JSON.stringify(one.value) })) })
  await store.close()

  const { child, url, closed } = await serving({
    ...stage.env,
    CLB_DOCTOR_DATA: folder,
    CLB_DOCTOR_ALARM_TOKEN: 'a-token-of-alarms',
    CLB_DOCTOR_API_TOKEN: 'a-token-of-readers',
  })
  const shown = async () => {
    const authorization = 'Bearer a-token-of-readers'
    return (await fetch(`${url}/v1/incidents/${INCIDENT}`, { headers: { authorization } })).json()
  }
  expect(await shown()).toMatchObject({
    state: 'open',
    deliveries: [{ receiver: 'wecom-1', outcome: 'delivered' }],
  })
  const labels = { alertname: 'x', loadbalancer_id: 'lb-7dpmqwcu', region: 'ap-guangzhou' }
  const alert = {
    status: 'resolved',
    fingerprint: 'f1',
    labels,
    startsAt: '2026-11-29T08:00:00Z',
    endsAt: new Date(),
  }
  const body = JSON.stringify({ version: '4', alerts: [alert] })
  const answer = await fetch(`${url}/alarms?token=a-token-of-alarms`, { method: 'POST', body })
  expect(answer.status).toBe(200)
  await expect.poll(() => stage?.group.messages.length, { timeout: 20_000 }).toBe(1)
  expect(stage.group.messages[0]?.content).toContain('Recovered')
  expect(await shown()).toMatchObject({ id: INCIDENT, state: 'recovered' })
  child.kill('SIGTERM')
  expect(await closed).toBe(0)
})

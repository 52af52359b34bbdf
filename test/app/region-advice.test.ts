import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseAlarm } from '../../src/alarms/index.ts'
import { diagnose, regionFor } from '../../src/app/diagnose.ts'
import { deadlineIn } from '../../src/model/clock.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { contextOf, type Stage, setStage } from '../e2e/support.ts'

// The region of an alarm goes before TENCENTCLOUD_REGION. So advice to set that variable helps only if the alarm has none.

let stage: Stage
beforeEach(async () => {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  stage = await setStage(scenario, 'en')
})
afterEach(() => stage.close())

async function headlineOf(region: string | undefined, vip: string): Promise<string> {
  const { alarms } = parseAlarm({
    alarmStatus: '1',
    alarmObjInfo: { ...(region === undefined ? {} : { region }), dimensions: { vip } },
  })
  const [alarm] = alarms
  if (!alarm) throw new Error('no alarm')
  const { diagnosis } = await diagnose(
    { clb: alarm.clb, region: regionFor(alarm), trigger: { source: alarm.source, alarm } },
    contextOf(stage),
    deadlineIn(10_000),
  )
  return diagnosis.headline + JSON.stringify(diagnosis.gaps)
}

it.each(['sh', 'xx'])(
  'an alarm with the region %s: the advice is about the region in the alarm',
  async (region) => {
    const said = await headlineOf(region, '203.0.113.26')
    expect(said).toContain('the region in the alarm, which wins over TENCENTCLOUD_REGION')
  },
)

it('an alarm without a region: the advice is about the setting', async () => {
  const said = await headlineOf(undefined, '203.0.113.99')
  expect(said).toContain('set TENCENTCLOUD_REGION of clb-doctor')
})

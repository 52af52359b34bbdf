import { describe, expect, it } from 'vitest'
import { parseAlarms } from '../../src/app/alarms.ts'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { diagnose, diagnoseSnapshot } from '../../src/app/diagnose.ts'
import { silentLog } from '../../src/model/log.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { SCENARIOS, startScenario } from '../../src/simulator/index.ts'
import { PLAIN_READER } from '../support/snapshots.ts'

describe('a saved snapshot', () => {
  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    'of scenario %s gives the same bytes again, from memory and from its JSON',
    async (_, scenario) => {
      const cloud = await startScenario(scenario)
      const env = {
        TENCENTCLOUD_SECRETID: cloud.credentials.secretId,
        TENCENTCLOUD_SECRETKEY: cloud.credentials.secretKey,
        TENCENTCLOUD_REGION: scenario.region,
        CLB_DOCTOR_API_ORIGIN: cloud.origin,
      }
      const context = createContext(loadConfig(env), silentLog)
      try {
        const [alarm] = parseAlarms(scenario.alarm(), silentLog).alarms
        if (!alarm) throw new Error('no alarm')
        const trigger = { source: alarm.source, alarm } as const
        const question = { clb: alarm.clb, region: alarm.region, trigger }
        const { diagnosis, snapshot } = await diagnose(question, context, AbortSignal.timeout(20_000))
        if (!snapshot) throw new Error('nothing was read')
        const again = (read: Snapshot): string => {
          const { id, createdAt, stats } = diagnosis
          return JSON.stringify(
            diagnoseSnapshot(read, {
              id,
              createdAt,
              stats,
              trigger,
              language: 'zh-CN',
              ...PLAIN_READER,
            }),
          )
        }
        expect(again(snapshot)).toBe(JSON.stringify(diagnosis))
        expect(again(JSON.parse(JSON.stringify(snapshot)))).toBe(JSON.stringify(diagnosis))
      } finally {
        context.close()
        expect(cloud.calls.refused()).toBe(0)
        await cloud.close()
      }
    },
  )
})

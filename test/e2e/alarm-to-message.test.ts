import { describe, expect, it } from 'vitest'
import type { Language } from '../../src/model/language.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import { expectDiagnosis } from '../support/schema.ts'
import { EXPECTATIONS } from './expectations.ts'
import { expectAsExpected, mainCauseOf, postToServe, type Stage, setStage } from './support.ts'

/** The actions that the diagnosis of a CLB with machines calls. */
const DENIABLE = [
  'clb:DescribeLoadBalancers',
  'clb:DescribeListeners',
  'clb:DescribeTargets',
  'clb:DescribeTargetHealth',
  'cvm:DescribeInstances',
  'vpc:DescribeSubnets',
  'vpc:DescribeNetworkAcls',
  'vpc:DescribeSecurityGroupPolicies',
]

/** The states of a title, by the verdict of the diagnosis. */
const STATES = {
  healthy: /告警中，此刻正常|没有后端承接流量/,
  degraded: /[1-9]\/[1-9] 后端异常|未提供服务/,
  down: /([1-9])\/\1 后端异常|\d 个监听器异常|\d 条转发规则异常/,
  inconclusive: /无法判断|未做健康检查/,
} as const

describe('an alarm posted to serve', () => {
  it('has an expected diagnosis in every scenario', () => {
    expect(SCENARIOS.map(({ name }) => name).sort()).toEqual(Object.keys(EXPECTATIONS).sort())
    expect(SCENARIOS.length).toBeGreaterThanOrEqual(14)
  })

  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    'in scenario %s becomes one WeCom message and a webhook event with the expected diagnosis',
    async (name, scenario) => {
      const expected = EXPECTATIONS[name]
      if (!expected) throw new Error(`no expectation for ${name}`)
      const stage = await setStage(scenario)
      try {
        const [reply] = await postToServe(stage, scenario.alarm())
        expect([reply?.status, await reply?.json()]).toEqual([
          200,
          { sessionId: 'ECkYDW5CbFIIPabdCq4y7w3t', retCode: 0 },
        ])

        const [diagnosis] = stage.hook.diagnoses
        if (!diagnosis) throw new Error('no event arrived')
        expectAsExpected(diagnosis, expected)
        expect(diagnosis.trigger).toMatchObject({ source: 'cloud-monitor', alarm: { state: 'firing' } })
        expect(diagnosis.stats.apiCalls).toBe(stage.cloud.calls.total())

        expect(stage.group.messages).toHaveLength(1)
        const content = stage.group.messages[0]?.content ?? ''
        const [head] = content.split('\n')
        expect(head).toMatch(STATES[expected.verdict])
        expect(head).toContain('shop-front')
        expect(content.split('\n')[1]).toMatch(/^\*\*业务影响\*\* /)
        expect(content.split('\n').at(-1)).toContain('lb-7dpmqwcu')
        const cause = mainCauseOf(diagnosis)
        if (cause) expect(content).toContain(cause.title)
        if (expected.proven) expect(content).toMatch(/\*\*处理建议\*\* .*推演/)
        if (expected.grant) expect(content).toContain(expected.grant)
        if (expected.verdict === 'down') expect(content).toContain('转发')
      } finally {
        await stage.close()
      }
    },
  )

  it.each(['zh-CN', 'en'] as const)(
    'becomes a message in language %s with the same ids, address and port',
    async (language: Language) => {
      const scenario = SCENARIOS.find(({ name }) => name === 'sg-blocks-vip')
      if (!scenario) throw new Error('no scenario')
      const stage = await setStage(scenario, language)
      await postToServe(stage, scenario.alarm())
      const content = stage.group.messages[0]?.content ?? ''
      for (const value of ['sg-hardened', '203.0.113.26', 'TCP 8080']) expect(content).toContain(value)
      expect(/\p{Script=Han}/u.test(content)).toBe(language === 'zh-CN')
      await stage.close()
    },
  )

  it('becomes one message even if the sender repeats it', async () => {
    const scenario = SCENARIOS.find(({ name }) => name === 'sg-blocks-vip')
    if (!scenario) throw new Error('no scenario')
    const stage = await setStage(scenario)
    await postToServe(stage, scenario.alarm(), 3)
    expect(stage.group.messages).toHaveLength(1)
    await stage.close()
  })

  it.each([
    ['the API is down', (stage: Stage) => stage.cloud.faults.set('*', { kind: 'http', status: 503 }), 'API'],
    ['the API answers garbage', (stage: Stage) => stage.cloud.faults.set('*', { kind: 'garbage' }), 'API'],
    [
      'the credentials are rejected',
      (stage: Stage) => stage.cloud.faults.set('*', { kind: 'error', code: 'AuthFailure.SignatureFailure' }),
      'TENCENTCLOUD_SECRETKEY',
    ],
  ])('becomes one message that says "cannot tell" if %s', async (_, breakIt, words) => {
    const scenario = SCENARIOS.find(({ name }) => name === 'healthy')
    if (!scenario) throw new Error('no scenario')
    const stage = await setStage(scenario)
    breakIt(stage)
    await postToServe(stage, scenario.alarm())
    expect(stage.group.messages).toHaveLength(1)
    expect(stage.group.messages[0]?.content).toContain('无法判断')
    expect(stage.group.messages[0]?.content).toContain(words)
    expectDiagnosis(stage.hook.diagnoses[0])
    await stage.close()
  })

  it.each(['zz', '广州', 'ap-nowhere'])(
    'is inconclusive if it names the unknown region %s, and its VIP is not looked up in another region',
    async (region) => {
      const scenario = SCENARIOS.find(({ name }) => name === 'sg-blocks-vip')
      if (!scenario) throw new Error('no scenario')
      const stage = await setStage(scenario)
      const alarm = scenario.alarm() as { alarmObjInfo: object }
      await postToServe(stage, { ...alarm, alarmObjInfo: { ...alarm.alarmObjInfo, region } })
      const [diagnosis] = stage.hook.diagnoses
      expect([diagnosis?.verdict, diagnosis?.loadBalancer]).toEqual(['inconclusive', null])
      expect(stage.group.messages[0]?.content).toMatch(new RegExp(`不认识地域 ?${region}`))
      await stage.close()
    },
  )

  it.each(DENIABLE)(
    'leads to a gap that names the CAM action if %s is denied, and to no wrong cause',
    async (action) => {
      const scenario = SCENARIOS.find(({ name }) => name === 'two-faults')
      if (!scenario) throw new Error('no scenario')
      const stage = await setStage(scenario)
      stage.cloud.faults.set(action, { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' })
      await postToServe(stage, {
        ...(scenario.alarm() as object),
        alarmObjInfo: { region: 'gz', dimensions: { loadBalancerId: 'lb-7dpmqwcu' } },
      })
      const [diagnosis] = stage.hook.diagnoses
      if (!diagnosis) throw new Error('nothing arrived')
      expectDiagnosis(diagnosis)
      expect(diagnosis.verdict).not.toBe('healthy')
      expect(diagnosis.gaps).toContainEqual(expect.objectContaining({ action, grant: action }))
      const right = new Set(['security-group/probe-blocked', 'instance-state/not-running'])
      for (const { code, role } of diagnosis.findings) if (role === 'cause') expect(right).toContain(code)
      await stage.close()
    },
  )
})

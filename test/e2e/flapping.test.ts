import { describe, expect, it } from 'vitest'
import { type Server, serve } from '../../src/http/serve.ts'
import type { Language } from '../../src/model/language.ts'
import { findScenario, SCENARIOS } from '../../src/simulator/index.ts'
import { deferred } from '../support/deferred.ts'
import { contextOf, type Stage, setStage } from './support.ts'

interface Callback {
  readonly alarmObjInfo: object
  readonly firstOccurTime?: string
}

/** Runs `story` with a server. `post` sends the scenario's alarm and gives the new messages of the WeCom group. */
async function told(
  name: string,
  language: Language,
  story: (post: (fields: object) => Promise<readonly string[]>, stage: Stage) => Promise<void>,
): Promise<void> {
  const scenario = SCENARIOS.find((one) => one.name === name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  const stage = await setStage(scenario, language)
  const context = contextOf(stage)
  const servers: Server[] = []
  try {
    await story(async (fields) => {
      const before = stage.group.messages.length
      // A server that stops has handled everything that it took. The context keeps the memory.
      const server = await serve(context, { host: '127.0.0.1', port: 0 })
      servers.push(server)
      const body = JSON.stringify({ ...(scenario.alarm() as Callback), ...fields })
      await fetch(`http://127.0.0.1:${server.address.port}/alarms`, { method: 'POST', body })
      await server.stop()
      return stage.group.messages.slice(before).map(({ content }) => content)
    }, stage)
  } finally {
    context.close()
    await stage.close()
  }
}

/** The last message after these alarms have waited for one look, behind an alarm of another CLB. */
async function lastOfQueue(alarms: readonly object[]): Promise<string | undefined> {
  const scenario = findScenario('healthy')
  if (!scenario) throw new Error('no scenario')
  const stage = await setStage(scenario, 'zh-CN')
  const context = contextOf(stage)
  try {
    const server = await serve(context, { host: '127.0.0.1', port: 0, looksAtOnce: 1 })
    const busy = deferred<void>()
    stage.cloud.faults.set('clb:DescribeLoadBalancers', { kind: 'held', until: busy.promise, times: 1 })
    const post = (fields: object) =>
      fetch(`http://127.0.0.1:${server.address.port}/alarms`, {
        method: 'POST',
        body: JSON.stringify({ ...(scenario.alarm() as Callback), ...fields }),
      })
    await post(about('198.51.100.99', 443))
    await expect.poll(() => stage.cloud.calls.count('clb:DescribeLoadBalancers')).toBe(1)
    for (const alarm of alarms) expect((await post(alarm)).status).toBe(200)
    busy.resolve()
    await server.stop()
    expect(stage.hook.diagnoses).toHaveLength(2)
    return stage.group.messages.at(-1)?.content
  } finally {
    context.close()
    await stage.close()
  }
}

const SHOP_VIP = '203.0.113.26'
const about = (vip: string, port: number): object => ({
  alarmObjInfo: {
    region: 'gz',
    namespace: 'qce/loadbalance',
    dimensions: { protocol: 'https', vip, port: `${port}`, objId: `${vip}#${port}#https` },
  },
})
/** The alarm of another listener of the same CLB. */
const on = (port: number, fields: object): object => ({ ...fields, ...about(SHOP_VIP, port) })

const FIRST = { firstOccurTime: '2026-11-28 10:00:00' }
const SECOND = { firstOccurTime: '2026-11-28 10:12:00' }
const THIRD = { firstOccurTime: '2026-11-28 10:20:00' }
const OVER = { alarmStatus: '0', recoverTime: '2026-11-28 10:15:00' }

describe('an alarm that fires over healthy backends', () => {
  it('is told once, told as flapping when it fires again, and told as over by its sender only', async () => {
    await told('healthy', 'zh-CN', async (post, stage) => {
      const [first] = await post(FIRST)
      expect(first).toMatch(/告警中，此刻正常/)
      expect(first).toContain('可能在抖动，或监控有延迟')
      expect(await post(FIRST)).toEqual([])
      const [second] = await post(SECOND)
      expect(second).toMatch(/分钟内第 2 次触发，此刻 \d 个后端都正常：在抖动/)
      expect(second).toContain('只放行部分探测源的规则、响应变慢、机器过载')
      expect(second).not.toMatch(/恢复已确认/)
      expect(await post(SECOND)).toEqual([])
      expect(await post(THIRD)).toEqual([])
      const [over] = await post({ ...THIRD, ...OVER })
      expect(over).toMatch(/恢复已确认/)
      expect(stage.hook.diagnoses.map(({ recent, attention }) => [recent?.firings, attention])).toEqual([
        [1, 'watch'],
        [2, 'watch'],
        [undefined, 'none'],
      ])
    })
  })

  it('flaps if it fires after a recovery', async () => {
    await told('healthy', 'en', async (post) => {
      await post(FIRST)
      await post({ ...FIRST, ...OVER })
      const [again] = await post(SECOND)
      expect(again).toMatch(/The alarm fired 2 times within (a minute|\d+ minutes), .*: they flap/)
    })
  })

  it('flaps at the second firing if both wait for one look', async () => {
    expect(await lastOfQueue([FIRST, SECOND])).toMatch(/分钟内第 2 次触发/)
    expect(await lastOfQueue([FIRST, { ...FIRST, ...OVER }, THIRD])).toMatch(/分钟内第 2 次触发/)
    expect(await lastOfQueue([SECOND, FIRST])).toMatch(/分钟内第 2 次触发/)
  })

  it('counts one firing if two listeners wait for one look', async () => {
    expect(await lastOfQueue([on(443, FIRST), on(8443, FIRST)])).toMatch(/可能在抖动/)
    expect(await lastOfQueue([on(443, FIRST), on(8443, FIRST), on(443, SECOND), on(8443, SECOND)])).toMatch(
      /分钟内第 2 次触发/,
    )
  })

  it('is over if the recoveries of two listeners wait with their alarms', async () => {
    const both = [on(443, FIRST), on(8443, FIRST)]
    expect(await lastOfQueue([...both, ...both.map((alarm) => ({ ...alarm, ...OVER }))])).toMatch(
      /恢复已确认/,
    )
  })

  it('stays over if a firing arrives after its own recovery, and flaps at the next one', async () => {
    await told('healthy', 'zh-CN', async (post) => {
      await post(FIRST)
      const [over] = await post({ ...FIRST, ...OVER })
      expect(over).toMatch(/恢复已确认/)
      expect(await post(FIRST)).toEqual([])
      const [again] = await post(THIRD)
      expect(again).toMatch(/分钟内第 2 次触发/)
    })
  })

  it.each([
    ['acl-partial-cover', 'zh-CN', /网络 ACL|ACL/],
    ['acl-partial-cover', 'en', /ACL/],
  ] as const)('names the partial cover that can do it: %s, %s', async (scenario, language, cover) => {
    await told(scenario, language, async (post, stage) => {
      await post(FIRST)
      const [second] = await post(SECOND)
      const risk = stage.hook.diagnoses.at(-1)?.findings.find(({ role }) => role === 'risk')
      expect(second).toContain(risk?.title ?? 'no risk')
      expect(second).toMatch(cover)
      expect(second).toMatch(
        language === 'en' ? /slow answers, at overloaded machines/ : /响应变慢、机器过载/,
      )
    })
  })
})

import { afterEach, describe, expect, it } from 'vitest'
import { serve } from '../../src/http/serve.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { contextOf, type Stage, setStage } from '../e2e/support.ts'
import { deferred } from '../support/deferred.ts'

let stage: Stage | null = null

afterEach(async () => {
  await stage?.close()
  stage = null
})

async function served({ stopMs }: { readonly stopMs?: number } = {}) {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  stage = await setStage(scenario, 'en')
  const troubles: string[] = []
  const trouble = (message: string, fields?: unknown): void => {
    troubles.push(`${message} ${JSON.stringify(fields ?? {})}`)
  }
  const context = { ...contextOf(stage), log: { info: () => {}, warn: trouble, error: trouble } }
  const server = await serve(context, { host: '127.0.0.1', port: 0, ...(stopMs ? { stopMs } : {}) })
  const post = (path: string, body: unknown) =>
    fetch(`http://127.0.0.1:${server.address.port}${path}`, { method: 'POST', body: JSON.stringify(body) })
  const stop = async () => {
    await server.stop()
    context.close()
  }
  return { stage, context, post, stop, troubles, alarm: scenario.alarm() as Record<string, unknown> }
}

describe('serve', () => {
  it('accepts 300 copies of one alarm, with few diagnoses and one message', async () => {
    const { stage, post, stop, alarm } = await served()
    const replied = deferred<void>()
    stage.cloud.faults.set('clb:DescribeTargets', { kind: 'held', until: replied.promise, times: 4 })
    const replies = await Promise.all(Array.from({ length: 300 }, () => post('/alarms', alarm)))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
    replied.resolve()
    await expect.poll(() => stage.group.messages.length).toBe(1)
    await stop()
    expect(stage.group.messages).toHaveLength(1)
    // Four workers begin at once. All other copies wait as one alarm.
    expect(stage.cloud.calls.count('clb:DescribeTargets')).toBeLessThan(10)
  })

  it('takes all 1,200 alerts of one body with few looks, also that of the CLB that stands last', async () => {
    const { stage, post, stop, troubles } = await served()
    const alerts = Array.from({ length: 1_200 }, (_, i) => ({
      status: 'firing',
      labels: {
        alertname: 'unhealthy',
        loadbalancer_id: i < 1_199 ? 'lb-7dpmqwcu' : 'lb-8dpmqwcu',
        port: `${i}`,
      },
      fingerprint: `f${i}`,
      startsAt: '2026-11-20T07:00:00Z',
    }))
    const { status } = await post('/alarms', { version: '4', alerts })
    expect(status).toBe(200)
    await expect.poll(() => troubles.some((line) => line.includes('lb-8dpmqwcu'))).toBe(true)
    await stop()
    expect(troubles.filter((line) => line.includes('refused'))).toEqual([])
    expect(stage.cloud.calls.count('clb:DescribeTargets')).toBeLessThan(5)
  })

  it('reports a second incident after the first has recovered', async () => {
    const { stage, post, stop, alarm } = await served()
    const states = () => stage.hook.diagnoses.map(({ trigger }) => trigger.alarm?.state)
    await post('/alarms', alarm)
    await expect.poll(states).toEqual(['firing'])
    await post('/alarms', { ...alarm, alarmStatus: '0', recoverTime: '2026-11-20 07:10:00' })
    await expect.poll(states).toEqual(['firing', 'resolved'])
    await post('/alarms', { ...alarm, firstOccurTime: '2026-11-20 07:20:00' })
    await stop()
    expect(states()).toEqual(['firing', 'resolved', 'firing'])
  })

  it('answers pending requests before it stops, and closes their connections', async () => {
    const { stage, post, stop } = await served()
    stage.cloud.faults.set('vpc:DescribeNetworkAcls', { kind: 'slow', ms: 500 })
    const asked = post('/v1/diagnoses', { loadBalancerId: 'lb-7dpmqwcu' })
    await expect.poll(() => stage.cloud.calls.count('vpc:DescribeNetworkAcls')).toBe(1)
    await stop()
    const { status, headers } = await asked
    expect([status, headers.get('connection')]).toEqual([200, 'close'])
  })

  it('stops while the API does not answer, and keeps the alarm for the next start', async () => {
    const { stage, context, post, stop, troubles, alarm } = await served({ stopMs: 800 })
    const never = deferred<void>()
    stage.cloud.faults.set('*', { kind: 'held', until: never.promise })
    expect((await post('/alarms', alarm)).status).toBe(200)
    await expect.poll(() => stage.cloud.calls.count('clb:DescribeLoadBalancers')).toBe(1)
    const asked = post('/v1/diagnoses', { loadBalancerId: 'lb-7dpmqwcu' }).then(
      () => 'answered',
      () => 'cut off',
    )
    const [looks] = await context.store.list('looks', { limit: 10 })
    const begun = performance.now()
    await stop()
    expect(performance.now() - begun).toBeLessThan(3_000)
    expect(await asked).toBe('cut off')
    never.resolve()
    // Nothing was told that was not seen, and nothing was taken away.
    expect(stage.group.messages).toEqual([])
    expect((await context.store.list('looks', { limit: 10 })).map(({ id }) => id)).toEqual([looks?.id])
    expect(troubles).toEqual([])
  })
})

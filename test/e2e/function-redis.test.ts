import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { silentLog } from '../../src/model/log.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { openRedis } from '../../src/store/redis/index.ts'
import { sample } from '../alarms/samples.ts'
import { incidentOf, recordsOf } from '../support/incident-records.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { startedWith } from './deployed.ts'
import { type Stage, setStage } from './support.ts'

// Instances of the deployed function that share a real Redis. Each is loaded anew, as the platform starts one.

let redis: TestRedis
let stage: Stage

beforeAll(async () => {
  redis = await startRedis()
}, 30_000)
afterAll(() => redis.close())
afterEach(async () => {
  vi.unstubAllEnvs()
  redis.cli('FLUSHALL')
  await stage.close()
})

async function instances(count: number) {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  stage = await setStage(scenario)
  const env = { ...stage.env, CLB_DOCTOR_REDIS_URL: redis.url }
  return Array.from({ length: count }, () => startedWith(env))
}

const DUE = { Type: 'Timer', TriggerName: 'due', Time: '2026-11-20T00:00:00Z', Message: '{"task":"due"}' }
const firing = sample('metric-l7-listener')

it('several instances tell a repeated alarm once', async () => {
  const [first, second] = await instances(2)
  expect(await first?.(firing)).toMatchObject({ handled: [{ loadBalancer: 'lb-7dpmqwcu' }] })
  await second?.(firing)
  expect(stage.group.messages).toHaveLength(1)
})

it('a message that the receiver did not take is sent by another instance at its timer', async () => {
  const [first, second] = await instances(2)
  stage.group.reply({ errcode: 45009, errmsg: 'api freq out of limit' }, 1)
  await first?.(firing)
  expect(stage.group.messages).toHaveLength(0)
  const now = Date.now()
  const later = vi.spyOn(Date, 'now').mockImplementation(() => now + 70_000)
  const done = await second?.(DUE)
  later.mockRestore()
  expect(done).toMatchObject({ due: { deliveries: [{ receiver: 'wecom-1', outcome: 'delivered' }] } })
  expect(stage.group.messages).toHaveLength(1)
})

const http = (url: string, body?: string) => {
  const { pathname, searchParams } = new URL(url)
  return {
    httpMethod: body === undefined ? 'GET' : 'POST',
    path: pathname,
    headers: { host: 'x.ap-guangzhou.tencentscf.com', 'content-type': 'application/x-www-form-urlencoded' },
    queryString: Object.fromEntries(searchParams),
    body: body ?? '',
  }
}
const linksIn = (text = '') => [...text.matchAll(/https:\/\/x\.ap-guangzhou[^)\s]*/g)].map(([url]) => url)

it('the links of a message open pages in another instance, and its button is pressed there', async () => {
  vi.stubEnv('CLB_DOCTOR_PUBLIC_URL', 'https://x.ap-guangzhou.tencentscf.com')
  vi.stubEnv('CLB_DOCTOR_LINK_KEY', 'a-link-key-of-16-letters')
  const [first, second] = await instances(2)
  await first?.(firing)
  const [view, acknowledge] = linksIn(stage.group.messages[0]?.content)
  const page = (await second?.(http(view ?? ''))) as { statusCode: number; body: string }
  expect([page.statusCode, page.body]).toEqual([200, expect.stringContaining('shop-front')])
  const pressed = await second?.(http(acknowledge ?? '', 'by=Li+Wei'))
  expect(pressed).toMatchObject({ statusCode: 200, body: expect.stringContaining('Li Wei') })
  const shown = (await first?.(http(view ?? ''))) as { body: string }
  expect(shown.body).toContain('Li Wei')
})

it('without its Redis an instance answers HTTP with 503 and Retry-After, and fails other events', async () => {
  const [only] = await instances(1)
  vi.stubEnv('CLB_DOCTOR_REDIS_URL', 'redis://127.0.0.1:1')
  vi.stubEnv('CLB_DOCTOR_ALARM_TOKEN', 'alarm-t0ken-of-16')
  expect(await only?.(http('https://x/alarms?token=alarm-t0ken-of-16', '{}'))).toMatchObject({
    statusCode: 503,
    headers: { 'retry-after': '10' },
  })
  await expect(only?.(firing)).rejects.toThrow('CLB_DOCTOR_REDIS_URL')
})

it('what one instance refused is shown by another one, from a direct call and over HTTP', async () => {
  vi.stubEnv('CLB_DOCTOR_API_TOKEN', 'api-t0ken-of-16-letters')
  vi.stubEnv('CLB_DOCTOR_ALARM_TOKEN', 'alarm-t0ken-of-16')
  const [first, second] = await instances(2)
  await first?.({ hello: 1, pass: 'hunter2' })
  await first?.(http('https://x/alarms?token=alarm-t0ken-of-16', '{"hello":2}'))
  const reply = (await second?.(http('https://x/v1/refused?token=api-t0ken-of-16-letters'))) as {
    body: string
  }
  const { refused } = JSON.parse(reply.body) as { refused: readonly { excerpt: string }[] }
  expect(refused.map(({ excerpt }) => excerpt).toSorted()).toEqual([
    '{"hello":1,"pass":"***"}',
    '{"hello":2}',
  ])
})

it('the timer removes incidents that were closed 90 days ago', async () => {
  const day = 86_400_000
  const [only] = await instances(1)
  const store = await openRedis(redis.address, { log: silentLog })
  const closed = (id: string, days: number) =>
    recordsOf(incidentOf(id, Date.now() - 100 * day, { closedAt: Date.now() - days * day }))
  await store.write({ put: [...closed('in-old', 91), ...closed('in-recent', 89)] })
  await only?.(DUE)
  expect((await store.list('incidents', { limit: 9 })).map(({ id }) => id)).toEqual(['in-recent'])
  await store.close()
})

it('an instance removes what is old once an hour, not at each timer', async () => {
  const [first] = await instances(1)
  const turn = '{clb-doctor}:claim:retention'
  await first?.(DUE)
  expect(redis.cli('EXISTS', turn)).toBe('1')
  redis.cli('DEL', turn)
  await first?.(DUE)
  expect(redis.cli('EXISTS', turn)).toBe('0')
})

it('what waits goes on to its receiver after CLB_DOCTOR_SINKS was reordered', async () => {
  const [first] = await instances(1)
  const SINKS = stage.env.CLB_DOCTOR_SINKS ?? ''
  stage.group.reply({ errcode: 45009, errmsg: 'api freq out of limit' }, 1)
  await first?.(firing)
  expect(stage.group.messages).toHaveLength(0)
  const reordered = SINKS.split(' ').toReversed().join(' ')
  const second = startedWith({ ...stage.env, CLB_DOCTOR_REDIS_URL: redis.url, CLB_DOCTOR_SINKS: reordered })
  const now = Date.now()
  const later = vi.spyOn(Date, 'now').mockImplementation(() => now + 70_000)
  const done = await second(DUE)
  later.mockRestore()
  expect(done).toMatchObject({ due: { deliveries: [{ receiver: 'wecom-2', outcome: 'delivered' }] } })
  expect([stage.group.messages.length, stage.hook.events.length]).toEqual([1, 1])
})

import { afterEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { parseConfigFile } from '../../src/app/config-file.ts'
import { createContext } from '../../src/app/create.ts'
import { jsonLog } from '../../src/app/log.ts'
import { serve } from '../../src/http/serve.ts'
import type { IncidentDetails, IncidentPage } from '../../src/model/incident.ts'
import { shop } from '../../src/simulator/base.ts'
import { SCENARIOS } from '../../src/simulator/index.ts'
import { startWecomStandIn, type WecomGroup } from '../../src/simulator/wecom.ts'
import type { World } from '../../src/simulator/world.ts'
import { type Stage, setStage } from './support.ts'

// Three groups hear of one CLB by the routes of clb-doctor.json, through a real server.

const base = SCENARIOS.find(({ name }) => name === 'changed-before')
const scanners = { protocol: 'TCP', port: '8000-9000', source: '203.0.113.0/24', action: 'DROP' } as const

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

interface Running {
  readonly stage: Stage
  readonly world: World
  readonly groups: Readonly<Record<'shop' | 'abroad' | 'other', WecomGroup>>
  readonly log: () => string
  post(fields?: object): Promise<void>
  incident(): Promise<IncidentDetails>
}

/** A server whose file has these routes. `world` is that of a shop with a rule that blocks the probes. */
async function running(routing: object): Promise<Running> {
  if (!base) throw new Error('no scenario')
  const { world } = shop()
  world.groups[0]?.rules.unshift({ ...scanners })
  const stage = await setStage({ ...base, build: () => world })
  closers.push(() => stage.close())
  const groups = {
    shop: await startWecomStandIn(),
    abroad: await startWecomStandIn(),
    other: await startWecomStandIn(),
  }
  const env: Record<string, string> = { ...stage.env, CLB_DOCTOR_SINKS: '' }
  for (const [name, group] of Object.entries(groups)) {
    closers.push(() => group.close())
    env[name.toUpperCase()] = `wecom+${group.url}`
  }
  const receivers = {
    shop: { url: 'env:SHOP', mention: ['zhangsan'] },
    abroad: { url: 'env:ABROAD', mention: ['lisi'], language: 'en' },
    other: { url: 'env:OTHER' },
  }
  const file = parseConfigFile(JSON.stringify({ receivers, ...routing }), 'clb-doctor.json')
  let lines = ''
  const log = jsonLog((line) => {
    lines += line
  }, Date.now)
  const context = createContext(loadConfig(env, file), log, { canWait: true })
  const server = await serve(context, { host: '127.0.0.1', port: 0 })
  closers.push(async () => {
    await server.stop()
    context.close()
  })
  const url = `http://127.0.0.1:${server.address.port}`
  return {
    stage,
    world,
    groups,
    log: () => lines,
    async post(fields = {}) {
      const body = JSON.stringify({ ...(base.alarm() as object), ...fields })
      expect((await fetch(`${url}/alarms`, { method: 'POST', body })).status).toBe(200)
    },
    async incident() {
      const page = (await (await fetch(`${url}/v1/incidents`)).json()) as IncidentPage
      const details = await fetch(`${url}/v1/incidents/${page.incidents[0]?.id}`)
      return (await details.json()) as IncidentDetails
    },
  }
}

const contents = ({ messages }: WecomGroup): readonly string[] => messages.map(({ content }) => content)

describe('the routes of clb-doctor.json', () => {
  it('tell two groups in their languages, with mentions, and the recovery goes only where the trouble went', async () => {
    const { groups, world, post, incident } = await running({
      routes: [
        { match: { tag: { service: 'shop-*' }, region: 'ap-guangzhou' }, to: ['shop'], continue: true },
        {
          match: { attention: ['act-now', 'act-soon'], code: 'security-group/probe-blocked' },
          to: ['abroad'],
        },
        { match: { name: 'shop-*' }, to: ['other'] },
      ],
      default: ['other'],
    })
    await post()
    await expect.poll(() => [contents(groups.shop).length, contents(groups.abroad).length]).toEqual([1, 1])
    expect(contents(groups.shop)[0]).toMatch(/业务影响[\s\S]*<@zhangsan>/)
    expect(contents(groups.abroad)[0]).toMatch(/Impact[\s\S]*<@lisi>/)
    expect(contents(groups.abroad)[0]).not.toContain('业务影响')

    // Neither `attention` nor `code` matches a CLB that is well.
    world.groups[0]?.rules.shift()
    await post({ alarmStatus: '0', recoverTime: '2026-11-20 07:25:00', durationTime: 1500 })
    await expect.poll(() => [contents(groups.shop).length, contents(groups.abroad).length]).toEqual([2, 2])
    expect(contents(groups.shop)[1]).toContain('已恢复')
    expect(contents(groups.abroad)[1]).toMatch(/recovered/i)
    expect(contents(groups.other)).toEqual([])
    const { deliveries } = await incident()
    expect(new Set(deliveries.map(({ receiver }) => receiver))).toEqual(new Set(['shop', 'abroad']))
  })

  it('may tell nobody: the log and the timeline say so, and a group that the routes name later hears it as the first', async () => {
    const { groups, world, post, log, incident } = await running({
      routes: [{ match: { attention: 'act-now' }, to: ['abroad'] }],
      default: [],
    })
    // One backend less is Dead, so the pool still has a healthy one.
    const [machine] = world.machines
    world.groups.push({
      id: 'sg-open0001',
      name: 'open',
      rules: [{ protocol: 'TCP', port: 'ALL', source: '0.0.0.0/0', action: 'ACCEPT' }],
    })
    if (machine) machine.groups = ['sg-open0001']
    await post()
    await expect.poll(log).toContain('"message":"nobody is told"')
    expect(log()).toContain('"routes":["default"]')
    const quiet = await incident()
    expect(quiet.deliveries).toEqual([])
    expect(quiet.timeline?.map(({ detail }) => detail)).toContain('first, nobody')

    if (machine) machine.groups = ['sg-shopweb1']
    await post({ firstOccurTime: '2026-11-20 07:10:00' })
    await expect.poll(() => contents(groups.abroad).length).toBe(1)
    const { deliveries } = await incident()
    expect(deliveries.map(({ reason }) => reason)).toEqual(['first'])
    expect([contents(groups.shop), contents(groups.other)]).toEqual([[], []])
  })

  it('warn at the start of a code and a region that do not exist, also if nothing is expected', async () => {
    const { log } = await running({
      routes: [
        { match: { code: 'security-group/probe-bloked' }, to: ['shop'] },
        { match: { region: 'ap-guangzou' }, to: ['abroad'] },
      ],
      default: ['other'],
    })
    await expect.poll(log).toMatch(/"level":"warn".*第 1 条路由要求的代码.*security-group\/probe-blocked/)
    expect(log()).toMatch(/"level":"warn".*第 2 条路由要求的地域.*ap-guangzhou/)
  })

  const DENIED = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' } as const

  it('tell those who may be meant of a CLB that cannot be read, and of its recovery', async () => {
    const { stage, groups, world, post, incident } = await running({
      routes: [
        { match: { tag: { service: 'pay-*' } }, to: ['shop'] },
        { match: { code: 'security-group/probe-blocked', region: 'ap-guangzhou' }, to: ['abroad'] },
        { match: { region: 'ap-shanghai' }, to: ['other'] },
      ],
      default: [],
    })
    stage.cloud.faults.set('clb:DescribeLoadBalancers', DENIED)
    await post()
    const sent = () => [groups.shop, groups.abroad, groups.other].map((group) => contents(group).length)
    await expect.poll(sent).toEqual([1, 1, 0])

    // Now it is known that the shop's group is not meant. It knows of the trouble, so it hears of the recovery.
    stage.cloud.faults.clear()
    world.groups[0]?.rules.shift()
    await post({ alarmStatus: '0', recoverTime: '2026-11-20 07:25:00', durationTime: 1500 })
    await expect.poll(sent).toEqual([2, 2, 0])
    expect((await incident()).deliveries.map(({ reason }) => reason)).toEqual([
      'first',
      'first',
      'recovered',
      'recovered',
    ])
  })

  it('that name nobody do not hide an alarm whose CLB cannot be read', async () => {
    const { stage, groups, post } = await running({
      routes: [{ match: { region: 'ap-shanghai' }, to: ['other'] }],
      default: [],
    })
    stage.cloud.faults.set('clb:DescribeTargetHealth', DENIED)
    await post()
    const sent = () => Object.values(groups).map((group) => contents(group).length)
    await expect.poll(sent).toEqual([1, 1, 1])
  })

  it.each([
    ['warns', 'tag', { tag: { service: 'test-*' } }, 'warn'],
    ['does not warn', 'loadBalancer', { loadBalancer: 'lb-7dpmqwcu' }, 'info'],
  ])(
    'that tell nobody: the log %s if the answer depends on what could not be read: %s',
    async (_, field, match, level) => {
      const { stage, groups, post, log } = await running({ routes: [{ match, to: [] }], default: [] })
      stage.cloud.faults.set('clb:DescribeLoadBalancers', {
        kind: 'changed',
        change: (answer) => {
          for (const one of answer.LoadBalancerSet as Record<string, unknown>[]) delete one.Tags
        },
      })
      await post()
      const lineOf = () =>
        log()
          .split('\n')
          .find((line) => line.includes('"message":"nobody is told"')) ?? '{}'
      await expect.poll(() => JSON.parse(lineOf())).toMatchObject({ level })
      expect(JSON.parse(lineOf()).unread).toEqual(level === 'warn' ? [field] : undefined)
      expect(Object.values(groups).flatMap(contents)).toEqual([])
    },
  )
})

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { backend, check, rule, type Shop, shop } from '../../src/simulator/base.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { clbDoctor } from './cli.ts'
import { type Stage, setStage } from './support.ts'

let stage: Stage
beforeAll(async () => {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  stage = await setStage(scenario, 'en')
})
afterAll(() => stage.close())

const ROUTES = {
  receivers: {
    oncall: { url: 'env:ONCALL', mention: ['zhangsan', 'lisi'] },
    shop: { url: 'env:SHOP', mention: ['lisi'] },
    weekly: { url: 'env:WEEKLY' },
  },
  routes: [
    { match: { tag: { service: 'pay-*' } }, to: ['oncall'] },
    { match: { policy: 'clb-*' }, to: ['weekly'] },
    { match: { name: 'shop-*', attention: ['act-now', 'act-soon'] }, to: ['shop'], continue: true },
    { match: { source: 'scan', region: 'ap-guangzhou' }, to: ['weekly'] },
    { match: { code: 'security-group/probe-blocked' }, to: ['oncall', 'shop'] },
    { match: {}, to: [] },
  ],
  default: ['weekly'],
}

/** The command in a folder with this file. */
function run(
  args: readonly string[],
  file: object = ROUTES,
  env: Record<string, string> = {},
  { env: own }: Stage = stage,
) {
  const folder = mkdtempSync(join(tmpdir(), 'route-'))
  writeFileSync(join(folder, 'clb-doctor.json'), JSON.stringify(file))
  const key = (name: string): string => `webhook+http://127.0.0.1:1/${name}`
  const variables = { ONCALL: key('p1anted-1'), SHOP: key('p1anted-2'), WEEKLY: key('p1anted-3') }
  return clbDoctor(['route', ...args], { ...own, CLB_DOCTOR_SINKS: '', ...variables, ...env }, folder)
}

const json = async (args: readonly string[], file?: object, env?: Record<string, string>) => {
  const { status, out, err } = await run([...args, '--format', 'json'], file, env)
  expect([status, err]).toEqual([0, ''])
  return JSON.parse(out)
}

describe('clb-doctor route', () => {
  it('says in words for each route why it matches or does not, and who is told', async () => {
    const { status, out } = await run(['lb-7dpmqwcu'])
    expect(status).toBe(0)
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(
        /^shop-front \(lb-7dpmqwcu\): .*region ap-guangzhou.*attention act-soon.*tag\.service shop-front/,
      ),
      'Route 1 does not match: tag.service is shop-front, and it asks for pay-*',
      'Route 2 does not match: the alarm policy is not known, and it asks for clb-*; name one with --policy',
      'Route 3 matches (name shop-front, attention act-soon) and goes on: shop',
      'Route 4 does not match: source is alarm, and it asks for scan',
      'Route 5 matches (code security-group/probe-blocked) and decides: oncall, shop',
      'Told: oncall (mentions zhangsan, lisi), shop (mentions lisi)',
    ])
    expect(stage.group.messages).toEqual([])
  })

  it('speaks Chinese, too', async () => {
    const { out } = await run(['lb-7dpmqwcu', '--lang', 'zh-CN'])
    expect(out).toContain('第 1 条路由不匹配：tag.service 是 shop-front，路由要求 pay-*')
    expect(out).toContain('通知：oncall（提醒 zhangsan、lisi）、shop（提醒 lisi）')
  })

  it('gives the same as JSON, with each mention once', async () => {
    expect(await json(['203.0.113.26', '--region', 'ap-guangzhou'])).toEqual({
      loadBalancer: 'lb-7dpmqwcu',
      route: 5,
      receivers: ['oncall', 'shop'],
      mentions: ['zhangsan', 'lisi'],
      why: 'route 5 matches (code security-group/probe-blocked); before it route 3 also adds receivers',
    })
  })

  it.each<[string, string[], object, object]>([
    [
      'a policy that is named',
      ['--policy', 'clb-health'],
      ROUTES,
      { route: 2, receivers: ['weekly'], mentions: [] },
    ],
    [
      'a scan',
      ['--source', 'scan'],
      ROUTES,
      { route: 4, receivers: ['weekly'], why: 'route 4 matches (region ap-guangzhou, source scan)' },
    ],
    [
      'nobody',
      [],
      { ...ROUTES, routes: ROUTES.routes.slice(5) },
      { route: 1, receivers: [], why: 'route 1 matches (everything does)' },
    ],
    [
      'the default',
      [],
      { ...ROUTES, routes: ROUTES.routes.slice(0, 1) },
      { route: 'default', receivers: ['weekly'], why: 'no route matches, so the default is told' },
    ],
    [
      'all',
      [],
      { receivers: ROUTES.receivers },
      {
        route: 'all',
        receivers: ['oncall', 'shop', 'weekly'],
        why: 'there are no routes and no default, so every receiver is told',
      },
    ],
  ])('decides for %s', async (_, args, file, decision) => {
    expect(await json(['lb-7dpmqwcu', ...args], file)).toMatchObject({
      loadBalancer: 'lb-7dpmqwcu',
      ...decision,
    })
  })

  it('names receivers of CLB_DOCTOR_SINKS by kind and position', async () => {
    const { receivers } = await json(
      ['lb-7dpmqwcu'],
      {},
      { CLB_DOCTOR_SINKS: stage.env.CLB_DOCTOR_SINKS ?? '' },
    )
    expect(receivers).toEqual(['wecom-1', 'webhook-2'])
  })

  it.each<[string[], object, RegExp]>([
    [[], ROUTES, /^clb-doctor: name one CLB: clb-doctor route/],
    [['lb-7dpmqwcu', '--source', 'timer'], ROUTES, /--source must be one of alarm, scan/],
    [['lb-00000000'], ROUTES, /^clb-doctor: .*lb-00000000/],
    [
      ['lb-7dpmqwcu'],
      { ...ROUTES, default: ['weekl'] },
      /default: there is no "weekl"; did you mean "weekly"\? Write oncall, shop, weekly\n$/,
    ],
  ])('%j is a wrong call: exit 2 and one line', async (args, file, words) => {
    const { status, out, err } = await run(args, file)
    expect([status, out, err]).toEqual([2, '', expect.stringMatching(words)])
    expect(err.trimEnd()).not.toContain('\n')
  })

  it('that cannot look up the CLB: exit 3', async () => {
    const { status, out } = await run(['lb-7dpmqwcu'], ROUTES, { TENCENTCLOUD_SECRETKEY: 'wrong' })
    expect([status, out]).toEqual([3, ''])
  })
})

describe('clb-doctor route about a CLB that cannot be read', () => {
  const { receivers } = ROUTES
  const DENIED = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' } as const
  afterEach(() => stage.cloud.faults.clear())
  const withRoutes = (routes: readonly object[], own: readonly string[] = []) => ({
    receivers,
    routes,
    default: own,
  })

  it('says which facts could not be read and why, which routes count because of that, and exits with 3', async () => {
    stage.cloud.faults.set('clb:DescribeLoadBalancers', DENIED)
    const file = withRoutes([
      { match: { tag: { service: 'pay-*' } }, to: ['oncall'] },
      { match: { name: 'shop-*', verdict: 'down' }, to: ['shop'] },
      { match: { vpc: 'vpc-00000000', region: 'ap-shanghai' }, to: ['weekly'] },
    ])
    const { status, out, err } = await run(['lb-7dpmqwcu', '--region', 'ap-guangzhou'], file)
    expect([status, err]).toEqual([3, ''])
    expect(out.trimEnd().split('\n')).toEqual([
      'lb-7dpmqwcu: region ap-guangzhou, verdict degraded, attention act-soon, source alarm',
      'Not read: tag, name, vpc, code (attributes of the CLB: no permission (UnauthorizedOperation.CamNoAuth): grant clb:DescribeLoadBalancers)',
      'Route 1 may match (tag.service was not read, and it asks for pay-*), so it counts and goes on: oncall',
      'Route 2 does not match: verdict is degraded, and it asks for down',
      'Route 3 does not match: region is ap-guangzhou, and it asks for ap-shanghai',
      'no route matches for certain, so the default is told, too; route 1 may match, because something could not be read, so its receivers are told, too',
      'Told: oncall (mentions zhangsan, lisi)',
    ])
  })

  it('says it in Chinese, too', async () => {
    stage.cloud.faults.set('clb:DescribeLoadBalancers', DENIED)
    const file = withRoutes([{ match: { tag: { service: 'pay-*' } }, to: ['oncall'] }])
    const { status, out } = await run(['lb-7dpmqwcu', '--lang', 'zh-CN'], file)
    expect(status).toBe(3)
    expect(out).toContain('没有读到：tag、name、region、vpc、code（负载均衡实例的属性：没有权限')
    expect(out).toContain(
      '第 1 条路由可能匹配（没有读到 tag.service，路由要求 pay-*），先算上它，继续往下：oncall',
    )
  })

  it('has the same as JSON', async () => {
    stage.cloud.faults.set('*', { kind: 'http', status: 503 })
    const file = withRoutes([
      { match: { code: 'security-group/probe-blocked' }, to: ['shop'] },
      { match: { loadBalancer: 'lb-7dpmqwcu' }, to: ['oncall'] },
    ])
    const { status, out } = await run(['203.0.113.26', '--format', 'json'], file)
    expect(status).toBe(3)
    expect(JSON.parse(out)).toEqual({
      loadBalancer: '203.0.113.26',
      route: 'default',
      receivers: ['oncall', 'shop'],
      mentions: ['zhangsan', 'lisi'],
      why: 'no route matches for certain, so the default is told, too; route 1, 2 may match, because something could not be read, so its receivers are told, too',
      unread: {
        facts: ['code', 'loadBalancer'],
        routes: [1, 2],
        why: expect.stringMatching(
          /^Not read: tag, name, region, vpc, code, loadBalancer, verdict \(.*Http503/,
        ),
      },
    })
  })

  it('names everybody if an alarm that fires would reach nobody', async () => {
    stage.cloud.faults.set('clb:DescribeTargetHealth', DENIED)
    const { status, out } = await run(
      ['lb-7dpmqwcu'],
      withRoutes([{ match: { region: 'ap-shanghai' }, to: ['shop'] }]),
    )
    expect(status).toBe(3)
    expect(out).toContain(
      'the health of the backends is not known and the routes name nobody, so every receiver is told\nTold: oncall',
    )
    expect(out).toMatch(/^Not read: verdict \(health of the backends: no permission/m)
  })

  it.each<[string, (balancer: Record<string, unknown>) => void, boolean]>([
    ['has no tags', (balancer) => Object.assign(balancer, { Tags: null }), false],
    ['has tags that cannot be read', (balancer) => Object.assign(balancer, { Tags: 'x' }), true],
    ['does not say which tags it has', (balancer) => delete balancer.Tags, true],
  ])('knows that an answer %s', async (_, change, isUnread) => {
    stage.cloud.faults.set('clb:DescribeLoadBalancers', {
      kind: 'changed',
      change: (answer) => {
        for (const one of answer.LoadBalancerSet as Record<string, unknown>[]) change(one)
      },
    })
    const file = withRoutes([{ match: { tag: { service: 'shop-*' } }, to: ['shop'] }], ['weekly'])
    const { status, out } = await run(['lb-7dpmqwcu'], file)
    expect(status).toBe(isUnread ? 3 : 0)
    expect(out).toContain(
      isUnread
        ? 'Not read: tag (tags: the answer of the API does not have them)\nRoute 1 may match'
        : 'Route 1 does not match: there is no tag.service',
    )
    expect(out).toMatch(isUnread ? /Told: shop .*, weekly\n$/ : /Told: weekly\n$/)
  })

  it('names the region of a scan, which knows where it looked, and what of it may be worse', async () => {
    stage.cloud.faults.set('*', { kind: 'http', status: 503 })
    const file = withRoutes([
      { match: { region: 'ap-shanghai' }, to: ['weekly'] },
      { match: { attention: ['act-now', 'act-soon'], verdict: 'down' }, to: ['shop'] },
    ])
    const { status, out } = await run(['lb-7dpmqwcu', '--source', 'scan'], file)
    expect(status).toBe(3)
    expect(out).toContain('Route 1 does not match: region is ap-guangzhou, and it asks for ap-shanghai')
    expect(out).toContain(
      'Route 2 may match (verdict is inconclusive, and it asks for down; attention is watch, and it asks for act-now, act-soon), so it counts and goes on: shop',
    )
  })

  it('exits with 0 if a route matches whatever that is', async () => {
    stage.cloud.faults.set('clb:DescribeLoadBalancers', DENIED)
    const file = withRoutes([{ match: { loadBalancer: 'lb-7dpmqwcu' }, to: [] }], ['oncall'])
    const { status, out } = await run(['lb-7dpmqwcu'], file)
    expect(status).toBe(0)
    expect(out).toMatch(/^Not read: tag, name, region, vpc, code .*[\s\S]*Nobody is told\.\n$/m)
  })
})

describe('clb-doctor route and what only an alarm knows', () => {
  const base = findScenario('healthy') ?? raise()
  function raise(): never {
    throw new Error('no scenario')
  }
  /** The lines of the answer about the shop, changed so. Routes ask for each attention. */
  async function linesOf(
    change: (shop: Shop) => void,
    args: readonly string[] = [],
    keys: readonly string[] = ['attention'],
  ): Promise<readonly string[]> {
    const own = shop()
    change(own)
    const scene = await setStage({ ...base, build: () => own.world }, 'en')
    const routes = ['act-now', 'act-soon', 'watch'].map((one) => ({
      match: { source: ['alarm', 'scan'], ...(keys.includes('attention') ? { attention: one } : {}) },
      to: ['oncall'],
    }))
    const done = await run(['lb-7dpmqwcu', ...args], { ...ROUTES, routes }, {}, scene)
    await scene.close()
    expect([done.status, done.err]).toEqual([0, ''])
    return done.out.trimEnd().split('\n')
  }
  const withIdle = ({ front, machines }: Shop): void => {
    front.listeners.push({
      id: 'lbl-idle0001',
      name: 'idle',
      protocol: 'TCP',
      port: 8443,
      stopped: false,
      rules: [
        rule({
          id: 'loc-idle0001',
          check: check({ type: 'TCP', method: null, host: null, path: null }),
          backends: machines.map((one) => backend(one, 8080, 0)),
        }),
      ],
    })
  }
  const NAMED =
    'If the alarm names a stopped listener, or one whose backends all have weight 0, attention is act-now instead.'

  it('says why a verdict is inconclusive, also if everything could be read', async () => {
    const own = shop()
    for (const one of own.front.listeners.flatMap(({ rules }) => rules)) one.check.on = false
    const scene = await setStage({ ...base, build: () => own.world }, 'en')
    const file = { ...ROUTES, routes: [{ match: { verdict: 'down' }, to: ['oncall'] }], default: ['weekly'] }
    const { status, out } = await run(['lb-7dpmqwcu'], file, {}, scene)
    await scene.close()
    expect(status).toBe(3)
    expect(out).toMatch(/^Not read: verdict \(shop-front .*cannot tell, no backend is being probed\.\)$/m)
    expect(out).toMatch(/^Told: oncall .*, weekly$/m)
  })

  it('looks as at an alarm that fires: over healthy backends it has attention watch, for a scan none', async () => {
    expect(await linesOf(() => {})).toContain(
      'Route 3 matches (attention watch, source alarm) and decides: oncall',
    )
    expect((await linesOf(() => {}, ['--source', 'scan'])).slice(3)).toEqual([
      'Route 3 does not match: attention is none, and it asks for watch',
      'no route matches, so the default is told',
      'Told: weekly',
    ])
  })

  it('says that an alarm that names an idle listener is more urgent, if a route asks for that', async () => {
    const lines = await linesOf(withIdle)
    expect(lines.slice(1)).toEqual([
      'Route 1 does not match: attention is watch, and it asks for act-now',
      'Route 2 does not match: attention is watch, and it asks for act-soon',
      'Route 3 matches (attention watch, source alarm) and decides: oncall',
      NAMED,
      'Told: oncall (mentions zhangsan, lisi)',
    ])
    for (const others of [
      linesOf(withIdle, ['--source', 'scan']),
      linesOf(withIdle, [], []),
      linesOf(() => {}),
    ])
      expect(await others).not.toContain(NAMED)
  })
})

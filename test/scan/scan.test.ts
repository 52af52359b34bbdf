import { describe, expect, it } from 'vitest'
import { InterruptedError } from '../../src/app/scan.ts'
import { findingOf } from '../support/findings.ts'
import { renderText } from '../support/renderings.ts'
import { diagnoseSimulated } from '../support/simulated.ts'
import { idOf, scanOf, worldOf } from './support.ts'

const DENIED = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' } as const

describe('a scan', () => {
  it('gives a verdict for every CLB, and lists the worst first', async () => {
    const world = worldOf(6, ({ machines }, n) => {
      const broken = n === 2 ? machines : n === 4 ? machines.slice(0, 1) : []
      for (const own of broken) own.guest.listens = []
    })
    const { scan, rows } = await scanOf(world)
    expect(scan.loadBalancers.map(({ id, verdict }) => [id, verdict])).toEqual([
      [idOf(2), 'down'],
      [idOf(4), 'degraded'],
      ...[0, 1, 3, 5].map((n) => [idOf(n), 'healthy']),
    ])
    expect(scan.counts).toEqual({
      found: 6,
      examined: 6,
      down: 1,
      degraded: 1,
      inconclusive: 0,
      healthy: 4,
      nothingToCheck: 0,
      atRisk: 0,
      deleted: 0,
    })
    expect([scan.verdict, scan.ended]).toEqual(['down', 'complete'])
    expect(rows[idOf(4)]?.counts).toMatchObject({ pools: 1, total: 3, alive: 2, dead: 1 })
    expect(scan.headline).toBe('6 CLBs: 1 down, 1 degraded, 4 healthy.')
  })

  it('counts a CLB that probes nothing by itself, and its verdict is that of the others', async () => {
    const world = worldOf(3, ({ balancer, check }, n) => {
      if (n === 0) balancer.listeners = []
      if (n === 1) check.on = false
    })
    const { scan, rows } = await scanOf(world)
    expect(scan.counts).toMatchObject({ examined: 3, healthy: 1, inconclusive: 0, nothingToCheck: 2 })
    expect([scan.verdict, scan.headline]).toEqual(['healthy', '3 CLBs: 1 healthy, 2 with nothing to check.'])
    expect([0, 1, 2].map((n) => rows[idOf(n)]?.nothingToCheck)).toEqual(['idle', 'idle', undefined])
    expect(scan.loadBalancers.map(({ id }) => id)).toEqual([idOf(2), idOf(0), idOf(1)])
    const denied = await scanOf(world, { faults: { 'clb:DescribeTargets': DENIED } })
    expect(denied.scan.verdict).toBe('inconclusive')
    expect(denied.scan.counts.nothingToCheck).toBe(0)
  })

  it('finds the same in a CLB as a diagnosis of that CLB', async () => {
    const world = worldOf(3, ({ balancer }, n) => {
      if (n === 1) balancer.id = 'lb-7dpmqwcu'
      if (n === 1) balancer.vip = '198.51.100.7'
    })
    const { rows } = await scanOf(world)
    const { diagnosis } = await diagnoseSimulated(world)
    const row = rows['lb-7dpmqwcu']
    expect(row?.headline).toBe(diagnosis.headline)
    expect(
      row?.findings.map(({ code, role, certainty, explains }) => [code, role, certainty, explains]),
    ).toEqual(
      diagnosis.findings.map(({ code, role, certainty, explains }) => [
        code,
        role,
        certainty,
        explains.length,
      ]),
    )
    expect(findingOf(row, 'security-group/probe-blocked')).toMatchObject({
      code: 'security-group/probe-blocked',
      role: 'cause',
      explains: 3,
    })
  })

  it('shows the risks of CLBs that still work', async () => {
    const world = worldOf(4, ({ balancer, machines, check }, n) => {
      if (n === 0) for (const own of machines.slice(1)) own.guest.listens = []
      if (n === 1 || n === 2) check.source = 1
      if (n === 1) for (const own of machines) own.groups = ['sg-exempt01']
      if (n === 2) for (const own of machines) own.groups = ['sg-partly01']
      if (n === 2) balancer.name = 'half-open'
    })
    const accept = (source: string) => ({ protocol: 'TCP', port: '8080', source, action: 'ACCEPT' as const })
    world.groups.push(
      { id: 'sg-exempt01', name: 'shut', rules: [accept('10.0.0.0/16')] },
      { id: 'sg-partly01', name: 'partly', rules: [accept('100.64.0.0/11'), accept('100.96.0.0/12')] },
    )
    const { scan, rows } = await scanOf(world)
    const found = (n: number) => rows[idOf(n)]?.findings.map(({ code, role }) => `${code} ${role}`)
    expect(found(0)).toContain('all-backends-down/one-left risk')
    expect([rows[idOf(1)]?.verdict, found(1)]).toEqual(['healthy', ['security-group/probe-blocked note']])
    expect([rows[idOf(2)]?.verdict, found(2)]).toEqual([
      'healthy',
      ['security-group/probe-partly-blocked risk'],
    ])
    expect(scan.counts).toMatchObject({ healthy: 3, atRisk: 1 })
    const text = renderText(scan, { color: false, width: 120 })
    expect(text).toContain('half-open')
    expect(text).not.toContain(idOf(3))
  })

  it('gives the same result in a second scan', async () => {
    const world = worldOf(40, ({ machines }, n) => {
      if (n % 7 === 0) for (const own of machines) own.guest.listens = []
    })
    const plain = async () => {
      const { scan } = await scanOf(world, { faults: { 'vpc:DescribeNetworkAcls': DENIED } })
      return JSON.stringify({ ...scan, id: '', createdAt: '', stats: null })
    }
    expect(await plain()).toBe(await plain())
  })

  it('reads classic CLBs with their own calls, and the health of 30 CLBs with one call', async () => {
    const world = worldOf(65, ({ balancer }, n) => {
      if (n === 3) balancer.classic = true
    })
    const { scan, simulator } = await scanOf(world)
    const count = (action: string) => simulator.calls.count(action)
    expect(scan.counts).toMatchObject({ found: 65, healthy: 65 })
    expect({
      lists: count('clb:DescribeLoadBalancers'),
      health: count('clb:DescribeTargetHealth'),
      listeners: count('clb:DescribeListeners'),
      targets: count('clb:DescribeTargets'),
      classic: count('clb:DescribeClassicalLBHealthStatus'),
      groups: count('vpc:DescribeSecurityGroupPolicies'),
      acls: count('vpc:DescribeNetworkAcls'),
      subnets: count('vpc:DescribeSubnets'),
      audit: count('cloudaudit:DescribeEvents'),
    }).toEqual({
      lists: 1,
      health: 3,
      listeners: 64,
      targets: 64,
      classic: 1,
      groups: 1,
      acls: 1,
      subnets: 1,
      audit: 0,
    })
    // The size of a batch depends on the load of the machine. One call per CLB would be 65 calls.
    expect(count('cvm:DescribeInstances')).toBeLessThanOrEqual(20)
    expect(scan.stats.apiCalls).toBe(simulator.calls.total())
  })

  it('reads health again for CLBs that it examines late', async () => {
    const world = worldOf(310)
    for (const [i, own] of world.machines.entries()) own.ip = `10.0.${(i >> 8) + 1}.${i & 255}`
    for (const [n, { listeners }] of world.balancers.entries())
      for (const [i, one] of (listeners[0]?.rules[0]?.backends ?? []).entries())
        one.ip = world.machines[n * 3 + i]?.ip ?? ''
    for (const [n, own] of world.balancers.entries()) own.vip = `203.0.113.${n % 256}`
    world.subnets[0] = { ...world.subnets[0], cidr: '10.0.0.0/16' } as (typeof world.subnets)[0]
    const { scan, simulator } = await scanOf(world)
    expect(scan.counts.examined).toBe(310)
    // A call that takes too long on a busy machine is sent again.
    const calls = simulator.calls.count('clb:DescribeTargetHealth')
    expect(calls).toBeGreaterThanOrEqual(22)
    expect(calls - scan.stats.retries).toBeLessThanOrEqual(22)
  }, 120_000)
})

describe('a CLB that is deleted while the scan runs', () => {
  const GONE = { kind: 'error', code: 'InvalidParameter.LBIdNotFound', times: 1 } as const

  it('is counted as deleted, has no row and causes no gap', async () => {
    const { scan } = await scanOf(worldOf(3), {
      faults: { 'clb:DescribeListeners': GONE, 'clb:DescribeTargets': GONE },
    })
    expect([scan.verdict, scan.gaps, scan.ended]).toEqual(['healthy', [], 'complete'])
    expect(scan.counts).toMatchObject({ found: 2, examined: 2, healthy: 2, inconclusive: 0, deleted: 1 })
    expect(scan.headline).toBe('2 CLBs: 2 healthy. Deleted meanwhile: 1.')
    const none = await scanOf(worldOf(1), {
      faults: { 'clb:DescribeListeners': GONE, 'clb:DescribeTargets': GONE },
    })
    expect([none.scan.verdict, none.scan.headline]).toEqual([
      'healthy',
      'There is no CLB in ap-guangzhou. Deleted meanwhile: 1.',
    ])
  })

  it('is counted as deleted only if every call says so', async () => {
    for (const code of ['UnauthorizedOperation', 'InternalError']) {
      const { scan } = await scanOf(worldOf(1), {
        faults: { 'clb:DescribeListeners': GONE, 'clb:DescribeTargets': { kind: 'error', code } },
      })
      expect([scan.verdict, scan.counts.examined, scan.counts.deleted]).toEqual(['inconclusive', 1, 0])
    }
  })

  it('is also counted as deleted if it is a classic CLB', async () => {
    const world = worldOf(2, ({ balancer }, n) => {
      if (n === 0) balancer.classic = true
    })
    const { scan } = await scanOf(world, {
      faults: {
        'clb:DescribeClassicalLBListeners': GONE,
        'clb:DescribeClassicalLBTargets': GONE,
        'clb:DescribeClassicalLBHealthStatus': GONE,
      },
    })
    expect([scan.verdict, scan.counts.deleted]).toEqual(['healthy', 1])
  })
})

describe('a failed read', () => {
  it('is one gap for all the CLBs that it affects, and the scan is not healthy', async () => {
    const { scan, rows } = await scanOf(worldOf(5), { faults: { 'vpc:DescribeNetworkAcls': DENIED } })
    expect(scan.verdict).toBe('inconclusive')
    expect(scan.gaps).toMatchObject([
      { action: 'vpc:DescribeNetworkAcls', grant: 'vpc:DescribeNetworkAcls', loadBalancers: 5 },
    ])
    expect(rows[idOf(0)]).toMatchObject({ verdict: 'healthy', unread: ['vpc:DescribeNetworkAcls'] })
    const text = renderText(scan, { color: false, width: 100 })
    expect(text).toContain('concerns 5 CLBs')
    expect(text).toMatch(/grant\s+vpc:DescribeNetworkAcls/)
  })

  it('leaves only its own region out of the result, and the headline names that region', async () => {
    const { scan } = await scanOf(worldOf(2), {
      question: { regions: ['ap-guangzhou', 'ap-nowhere'] },
    })
    expect(scan.regions).toEqual([
      { region: 'ap-guangzhou', state: 'read', loadBalancers: 2 },
      {
        region: 'ap-nowhere',
        state: 'unread',
        loadBalancers: null,
        why: expect.stringMatching(/^no such region/),
      },
    ])
    expect([scan.verdict, scan.headline]).toEqual([
      'inconclusive',
      '2 CLBs: 2 healthy. Regions that could not be read: ap-nowhere.',
    ])
  })

  it('makes the scan inconclusive if no CLB could be listed', async () => {
    const { scan } = await scanOf(worldOf(2), { faults: { 'clb:DescribeLoadBalancers': DENIED } })
    expect(scan).toMatchObject({ verdict: 'inconclusive', counts: { found: 0 }, ended: 'complete' })
    expect(scan.headline).toMatch(/^Cannot tell/)
    expect(scan.regions[0]?.why).toContain('clb:DescribeLoadBalancers')
  })

  it('is a gap if items in the list of CLBs are malformed', async () => {
    const change = (answer: Record<string, unknown>): void => {
      for (const item of answer.LoadBalancerSet as object[]) Object.assign(item, { Isolation: null })
    }
    const { scan } = await scanOf(worldOf(2), {
      faults: { 'clb:DescribeLoadBalancers': { kind: 'changed', change } },
    })
    expect(scan.verdict).toBe('inconclusive')
    expect(scan.gaps).toMatchObject([{ errorCode: 'Isolation', loadBalancers: 2 }])
    const text = renderText(scan, { color: false, width: 400 })
    expect(text).toContain('the answer of the API could not be understood (Isolation)')
  })

  it('is one gap with the action to grant if the CLBs of two regions cannot be listed', async () => {
    const { scan } = await scanOf(worldOf(2), {
      question: { regions: 'all' },
      faults: { 'clb:DescribeLoadBalancers': { ...DENIED, times: 2 } },
    })
    const action = 'clb:DescribeLoadBalancers'
    expect(scan.gaps).toMatchObject([{ action, errorCode: DENIED.code, grant: action, loadBalancers: 0 }])
    const text = renderText(scan, { color: false, width: 400 })
    expect(text.match(/no permission/g)).toHaveLength(1)
    expect(text).toMatch(/ap-beijing, ap-guangzhou: no permission/)
    expect(text).toMatch(new RegExp(`grant\\s+${action}`))
  })

  it('of one health call for 30 CLBs loses no CLB', async () => {
    const world = worldOf(30)
    const { scan, rows } = await scanOf(world, {
      faults: { 'clb:DescribeTargetHealth': { kind: 'error', code: 'InvalidParameter', times: 1 } },
    })
    expect(scan.counts.healthy).toBe(30)
    expect(rows[idOf(29)]?.verdict).toBe('healthy')
  })

  it('is not reported for a region without CLBs', async () => {
    const { scan } = await scanOf(worldOf(2), { question: { regions: ['ap-shanghai'] } })
    expect([scan.verdict, scan.headline]).toEqual(['healthy', 'There is no CLB in ap-shanghai.'])
  })

  it('stops the scan if the credentials are rejected', async () => {
    const { scan } = await scanOf(worldOf(2), { env: { TENCENTCLOUD_SECRETKEY: 'wrong-key' } })
    expect([scan.verdict, scan.ended]).toEqual(['inconclusive', 'stopped'])
    expect(scan.headline).toContain('TENCENTCLOUD_SECRETKEY')
  })
})

describe('all regions', () => {
  it('are the regions where the platform sells CLB', async () => {
    const world = worldOf(2)
    const [first] = worldOf(1).balancers
    if (!first) throw new Error('no CLB')
    const elsewhere = {
      vpcs: [],
      subnets: [],
      acls: [],
      groups: [],
      machines: [],
      interfaces: [],
      routeTables: [],
    }
    world.others['ap-shanghai'] = {
      ...elsewhere,
      balancers: [{ ...first, id: 'lb-shanghai', listeners: [] }],
    }
    const { scan } = await scanOf(world, { question: { regions: 'all' } })
    expect(scan.regions.map(({ region, loadBalancers }) => [region, loadBalancers])).toEqual([
      ['ap-beijing', 0],
      ['ap-guangzhou', 2],
      ['ap-hongkong', 0],
      ['ap-shanghai', 1],
      ['ap-singapore', 0],
    ])
  })

  it('come from the built-in list, and the report says so, if the list of the platform cannot be read', async () => {
    const { scan } = await scanOf(worldOf(2), {
      question: { regions: 'all' },
      faults: { 'region:DescribeRegions': DENIED },
    })
    expect(scan.regions.find(({ region }) => region === 'ap-guangzhou')?.state).toBe('read')
    expect(scan.regions.filter(({ state }) => state === 'unsupported').length).toBeGreaterThan(10)
    expect(scan.regions.some(({ state }) => state === 'unread')).toBe(false)
    expect(scan.gaps).toMatchObject([{ action: 'region:DescribeRegions', loadBalancers: 0 }])
    expect([scan.verdict, scan.headline]).toEqual(['inconclusive', expect.stringContaining('built-in list')])
  })

  it.each([
    [1, /^2 CLBs: 2 healthy\. Regions that could not be read: ap-beijing\./],
    [5, /^Cannot tell/],
  ])('are unread if the platform lists them and answers UnsupportedRegion: %i', async (times, headline) => {
    const { scan } = await scanOf(worldOf(2), {
      question: { regions: 'all' },
      faults: { 'clb:DescribeLoadBalancers': { kind: 'error', code: 'UnsupportedRegion', times } },
    })
    const unread = scan.regions.filter(({ state }) => state === 'unread')
    expect(unread.map(({ why }) => why)).toEqual(
      Array(times).fill(expect.stringContaining('the platform lists it')),
    )
    expect(scan.regions.some(({ state }) => state === 'unsupported')).toBe(false)
    expect([scan.verdict, scan.headline]).toEqual(['inconclusive', expect.stringMatching(headline)])
  })

  it('make the scan inconclusive if the platform supports no region of the built-in list', async () => {
    const { scan } = await scanOf(worldOf(2), {
      question: { regions: 'all' },
      faults: {
        'region:DescribeRegions': DENIED,
        'clb:DescribeLoadBalancers': { kind: 'error', code: 'UnsupportedRegion' },
      },
    })
    expect([scan.verdict, scan.headline]).toEqual(['inconclusive', expect.stringMatching(/^Cannot tell/)])
  })
})

describe('a scan that is cut short', () => {
  it.each([
    [new InterruptedError(), 'interrupted', /interrupted before/],
    [new Error('late'), 'out-of-time', /timed out/],
  ] as const)('names what stopped it, also for its regions: %s', async (reason, ended, why) => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(reason), 300)
    const { scan } = await scanOf(worldOf(2), {
      signal: stop.signal,
      faults: { 'clb:DescribeLoadBalancers': { kind: 'slow', ms: 10_000 } },
    })
    expect([scan.ended, scan.gaps, scan.regions[0]?.why]).toEqual([ended, [], expect.stringMatching(why)])
  })

  it('examines CLBs with Dead backends first and names the CLBs that it did not reach', async () => {
    const world = worldOf(60, ({ machines }, n) => {
      if (n === 59) for (const own of machines) own.guest.listens = []
    })
    const stop = new AbortController()
    const { scan } = await scanOf(world, {
      rate: 10,
      signal: stop.signal,
      progress: ({ examined }) => {
        if (examined === 3) stop.abort(new InterruptedError())
      },
    })
    expect(scan.ended).toBe('interrupted')
    expect(scan.loadBalancers[0]).toMatchObject({ id: idOf(59), verdict: 'down' })
    expect(scan.counts.examined + scan.notReached.length).toBe(60)
    expect(scan.notReached.every(({ dead }) => dead === 0)).toBe(true)
    expect([scan.verdict, scan.headline]).toEqual(['down', expect.stringContaining('Interrupted')])
    const text = renderText(scan, { color: false, width: 100 })
    expect(text).toContain(`Not reached: ${scan.notReached.length} CLBs`)
  })

  it('is not healthy, and counts the Dead backends of its first health call', async () => {
    const world = worldOf(3, ({ machines }, n) => {
      if (n === 0) for (const own of machines) own.guest.listens = []
    })
    const { scan } = await scanOf(world, {
      signal: AbortSignal.timeout(1_500),
      faults: { 'clb:DescribeListeners': { kind: 'slow', ms: 10_000 } },
    })
    expect(scan).toMatchObject({ ended: 'out-of-time', verdict: 'degraded', loadBalancers: [] })
    expect(scan.notReached[0]).toMatchObject({ id: idOf(0), dead: 3 })
    const none = await scanOf(worldOf(3), {
      signal: AbortSignal.timeout(1_000),
      faults: { 'clb:DescribeLoadBalancers': { kind: 'slow', ms: 10_000 } },
    })
    expect(none.scan).toMatchObject({ ended: 'out-of-time', verdict: 'inconclusive' })
  })
})

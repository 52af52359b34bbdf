import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/model/language.ts'
import { renderText } from '../support/renderings.ts'
import { scanInMemory } from '../support/scan-gallery.ts'
import { idOf, scanOf, worldOf } from './support.ts'

/** The group of all machines denies the probes; the CLBs of `own` have a group of their own. */
function behindOneRule(count: number, own: readonly number[] = []) {
  const world = worldOf(count, ({ machines }, n) => {
    for (const one of own.includes(n) ? machines : []) one.groups = ['sg-newempty']
  })
  world.groups.push({ id: 'sg-newempty', name: 'new-and-empty', rules: [] })
  world.groups[0]?.rules.unshift({
    protocol: 'ALL',
    port: 'ALL',
    source: '203.0.113.0/24',
    action: 'DROP',
  })
  return world
}

describe('the causes of a scan', () => {
  it('lead to the console that the reader uses', async () => {
    const { scan } = await scanOf(behindOneRule(1), { env: { CLB_DOCTOR_CONSOLE: 'intl' } })
    const urls = scan.causes.flatMap(({ resources }) =>
      resources.flatMap(({ consoleUrl }) => consoleUrl ?? []),
    )
    expect(urls.length).toBeGreaterThan(0)
    for (const url of urls) expect(url).toMatch(/^https:\/\/console\.tencentcloud\.com\//)
  })

  it('are one if one rule decides, with one change that lets in the probes of all', async () => {
    const { causes } = await scanInMemory(behindOneRule(4), 'en')
    expect(causes).toMatchObject([
      {
        code: 'security-group/probe-blocked',
        certainty: 'certain',
        loadBalancers: [0, 1, 2, 3].map(idOf),
        explains: 12,
        fixes: [
          {
            verified: true,
            loadBalancers: 4,
            recovers: 4,
            from: ['203.0.113.1', '203.0.113.2/31', '203.0.113.4'],
          },
        ],
      },
    ])
    expect(causes[0]?.fixes[0]?.summary).toContain('203.0.113.1, 203.0.113.2/31, 203.0.113.4 → TCP 8080')
  })

  it('are several if rules differ, the one of the most CLBs first', async () => {
    const { causes } = await scanInMemory(behindOneRule(4, [0]), 'en')
    expect(causes.map(({ resources, loadBalancers }) => [resources[0]?.id, loadBalancers.length])).toEqual([
      ['sg-shopweb1', 3],
      ['sg-newempty', 1],
    ])
  })

  it('count no CLB as recovered that has another cause, too', async () => {
    const world = behindOneRule(2)
    for (const machine of world.machines.slice(0, 1)) machine.state = 'STOPPED'
    const { causes } = await scanInMemory(world, 'en')
    const rule = causes.find(({ code }) => code === 'security-group/probe-blocked')
    expect(rule?.fixes).toMatchObject([{ loadBalancers: 2, recovers: 1 }])
  })

  it('keep different ports apart: each rule lets in what its own CLBs need', async () => {
    const world = worldOf(2, ({ balancer, machines }, n) => {
      for (const one of machines) one.groups = ['sg-newempty']
      for (const { rules } of n === 1 ? balancer.listeners : [])
        for (const { backends } of rules) for (const one of backends) one.port = 9090
    })
    world.groups.push({ id: 'sg-newempty', name: 'new-and-empty', rules: [] })
    const { causes } = await scanInMemory(world, 'en')
    expect(causes).toHaveLength(1)
    expect(causes[0]?.title).toBe('Security group sg-newempty does not allow the health check')
    expect(causes[0]?.fixes.map(({ loadBalancers }) => loadBalancers)).toEqual([1, 1])
  })

  it('name what leaves healthy backends without requests', async () => {
    const world = worldOf(2, ({ balancer }, n) => {
      for (const { rules } of n === 1 ? balancer.listeners : [])
        for (const { backends } of rules) for (const one of backends) one.weight = 0
    })
    const scan = await scanInMemory(world, 'en')
    expect(scan.causes.map(({ code }) => code)).toEqual(['pool-membership/all-weights-zero'])
    expect(scan.headline).toBe('2 CLBs: 1 with no backend that takes requests, 1 healthy.')
  })
})

describe.each(LANGUAGES)('a scan in %s', (language) => {
  it('says a shared cause once, and no row repeats it', async () => {
    const scan = await scanInMemory(behindOneRule(30), language)
    const text = renderText(scan, { color: false, width: 120 })
    expect(text.split('sg-shopweb1').length - 1).toBeLessThanOrEqual(2)
    const [title = ''] = text.split('\n')
    expect(title).toContain(
      language === 'en' ? '30 CLBs have trouble, one cause' : '30 个负载均衡异常，同一个原因',
    )
  })

  it('says what many CLBs are known for once', async () => {
    const scan = await scanInMemory(behindOneRule(3), language)
    const rows = scan.loadBalancers.map((row) => ({
      ...row,
      verdict: 'healthy' as const,
      attention: 'none' as const,
      findings: row.findings.map((one) => ({
        ...one,
        role: 'note' as const,
        accepted: { role: 'cause' as const, resource: 'sg-shopweb1', reason: 'OPS-123', until: '2026-12-31' },
      })),
    }))
    const text = renderText({ ...scan, causes: [], loadBalancers: rows }, { color: false, width: 200 })
    expect(text.split('OPS-123').length - 1).toBe(1)
    expect(text).toContain(language === 'en' ? '(3 CLBs)' : '（3 个负载均衡）')
  })
})

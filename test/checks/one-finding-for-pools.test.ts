import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import type { ExpectedFinding } from '../../src/model/expected.ts'
import { ok } from '../../src/model/fact.ts'
import type { HealthCheck, ListenerRule } from '../../src/model/snapshot.ts'
import { findingOf } from '../support/findings.ts'
import { diagnosisOf, healthCheck, type Machine, type World } from '../support/snapshots.ts'

// Listeners and rules that share a reason and the value of a setting are one finding with a list of names.

const locationOf = (i: number): string => `loc-${String(i).padStart(8, '0')}`
const http = (fields: Partial<HealthCheck> = {}): HealthCheck =>
  healthCheck({ type: 'HTTP', httpCodes: 31, ...fields })
const ruleOf = (i: number, check: HealthCheck): ListenerRule => ({
  locationId: locationOf(i),
  domain: `s${i}.example.com`,
  url: '/',
  healthCheck: check,
  forwardType: null,
  targetType: null,
  targetGroupIds: [],
  redirectsTo: null,
})

/** An HTTP listener with so many rules. Each has its check and the backends of its own, `10 * i` and up. */
function rules(
  count: number,
  machinesOf: (i: number) => readonly (readonly [string, number?])[],
  checkOf: (i: number) => HealthCheck = () => http(),
): World {
  const all = Array.from({ length: count }, (_, i) => i)
  return {
    listener: { protocol: 'HTTP', port: 80, healthCheck: null, rules: all.map((i) => ruleOf(i, checkOf(i))) },
    machines: all.flatMap((i) =>
      machinesOf(i).map(
        ([status, weight = 10], k): Machine => ({
          host: (10 * i + k) % 250,
          status,
          weight,
          registration: { locationId: locationOf(i) },
        }),
      ),
    ),
  }
}

const alive = () => [['Alive']] as const
const dead = () => [['Dead']] as const
const entry = (code: string, i: number): ExpectedFinding => ({
  entry: i + 1,
  code,
  resource: locationOf(i),
  reason: 'OPS-1',
  until: '2026-12-31',
})
const withCode = ({ findings }: Diagnosis, code: string) => findings.filter((one) => one.code === code)
const idsOf = (diagnosis: Diagnosis, code: string) =>
  withCode(diagnosis, code).map(({ resources, accepted }) => [
    accepted ? 'expected' : 'open',
    resources.length,
  ])

/** Each reason of a pool, in three rules, with what its title counts in both languages. */
const CASES: Readonly<Record<string, readonly [World, string, string]>> = {
  'health-check-config/codes-exclude-2xx': [
    rules(3, dead, () => http({ httpCodes: 4 })),
    '3 forwarding rules: the expected codes leave out 2xx',
    '3 条转发规则的正常状态码不包含 2xx',
  ],
  'health-check-config/timeout-not-below-interval': [
    rules(3, alive, () => http({ timeoutSeconds: 5 })),
    "3 forwarding rules: the check's time-out (5 s) is not below its interval (5 s)",
    '3 条转发规则的健康检查超时（5s）不小于间隔（5s）',
  ],
  'health-check-config/port-differs': [
    rules(3, dead, () => http({ port: 9090 })),
    '3 forwarding rules: the check goes to port 9090, the backends serve on 8080',
    '3 条转发规则的检查端口 9090 与后端端口 8080 不同',
  ],
  'health-check-config/bad-expectation': [
    rules(3, dead, () => http({ httpCodes: 1 })),
    '3 forwarding rules: the health check accepts 1xx status codes only',
    '3 条转发规则的健康检查只认 1xx 状态码',
  ],
  'health-check-config/wildcard-domain': [
    rules(3, dead, () => http({ host: '*.example.com' })),
    '3 forwarding rules: the rule domain is a pattern, and the check domain is a pattern too (*.example.com)',
    '3 条转发规则的转发域名是通配或正则，检查域名不是固定域名（*.example.com）',
  ],
  'health-check-config/https-to-backend': [
    rules(3, alive, () => http({ type: 'HTTPS' })),
    '3 forwarding rules: backends are probed over HTTPS',
    '3 条转发规则以 HTTPS 探测后端',
  ],
  'health-check-config/method-head': [
    rules(3, alive, (i) => http({ method: 'HEAD', path: `/${i}` })),
    '3 forwarding rules: the check uses the HEAD method',
    '3 条转发规则用 HEAD 方法做健康检查',
  ],
  'pool-membership/no-targets': [
    rules(3, () => []),
    '3 forwarding rules have no backends',
    '3 条转发规则都没有绑定后端服务',
  ],
  'pool-membership/all-weights-zero': [
    rules(3, () => [
      ['Alive', 0],
      ['Alive', 0],
    ]),
    '3 forwarding rules: all 6 backends have weight 0',
    '3 条转发规则的 6 个后端权重全部为 0',
  ],
  'pool-membership/check-disabled': [
    rules(
      3,
      () => [['Close']],
      () => http({ enabled: false }),
    ),
    'Health checks are off for 3 forwarding rules',
    '3 条转发规则未开启健康检查',
  ],
  'all-backends-down/one-left': [
    rules(3, () => [['Dead'], ['Dead'], ['Alive']]),
    'Only 3 of the 9 backends of 3 forwarding rules are left, one each',
    '3 条转发规则的 9 个后端中各只剩 1 个正常',
  ],
}

describe('rules with the same reason and value', () => {
  it.each(Object.entries(CASES))('%s is one finding that counts and names them', (code, [world, en, zh]) => {
    const found = findingOf(diagnosisOf(world), code)
    expect([found.title, findingOf(diagnosisOf(world, 'zh-CN'), code).title]).toEqual([en, zh])
    expect(found.resources.map(({ id }) => id)).toEqual([0, 1, 2].map(locationOf))
    for (const i of [0, 1, 2])
      expect([found.quote, found.detail]).toEqual([
        expect.stringContaining(`HTTP:80 s${i}.example.com/`),
        expect.stringContaining(`HTTP:80 s${i}.example.com/`),
      ])
  })

  it.each(Object.entries(CASES))('%s leaves the others open if one is expected', (code, [world]) => {
    const one = diagnosisOf(world, 'en', { expected: [entry(code, 1)] })
    expect(idsOf(one, code).sort()).toEqual([
      ['expected', 1],
      ['open', 2],
    ])
    expect(withCode(one, code).find(({ accepted }) => accepted)?.resources[0]?.id).toBe(locationOf(1))
    const all = diagnosisOf(world, 'en', { expected: [0, 1, 2].map((i) => entry(code, i)) })
    expect(idsOf(all, code)).toEqual([
      ['expected', 1],
      ['expected', 1],
      ['expected', 1],
    ])
  })

  it('have a command each', () => {
    const { fix } = findingOf(
      diagnosisOf(rules(3, dead, () => http({ httpCodes: 4 }))),
      'health-check-config/codes-exclude-2xx',
    )
    expect(fix?.commands?.map(({ line }) => /ModifyRule .*(loc-\w+)/.exec(line)?.[1])).toEqual(
      [0, 1, 2].map(locationOf),
    )
  })

  it('are named ten at most in a message, and all in the detail', () => {
    const found = findingOf(diagnosisOf(rules(40, () => [])), 'pool-membership/no-targets')
    expect(found.title).toBe('40 forwarding rules have no backends')
    expect(found.quote).toMatch(/s9\.example\.com\/ and 30 more$/)
    expect(found.detail).toContain('s39.example.com/.')
  })

  it('have at most a hundred commands, and the advice says how many are left out', () => {
    const world = rules(130, dead, () => http({ httpCodes: 4 }))
    const { fix } = findingOf(diagnosisOf(world), 'health-check-config/codes-exclude-2xx')
    expect(fix?.commands).toHaveLength(100)
    expect(fix?.summary).toMatch(/Only the first 100 commands are listed; the other 30 are alike\.$/)
  })

  it('have their own value behind the name where it differs', () => {
    const found = findingOf(
      diagnosisOf(rules(2, alive, (i) => http({ method: 'HEAD', path: `/${i}` }))),
      'health-check-config/method-head',
    )
    expect(found.quote).toBe('HTTP:80 s0.example.com/ (/0), HTTP:80 s1.example.com/ (/1)')
  })
})

describe('rules with the same reason', () => {
  it('are two findings if the value of the setting differs', () => {
    const world = rules(4, dead, (i) => http({ httpCodes: i < 2 ? 4 : 8 }))
    expect(
      withCode(diagnosisOf(world), 'health-check-config/codes-exclude-2xx').map(({ params }) => params?.mask),
    ).toEqual([4, 8])
  })

  it('stay a cause where every backend is Dead, though others with the same setting are healthy', () => {
    const world = rules(
      4,
      (i) => (i < 2 ? dead() : alive()),
      () => http({ httpCodes: 4 }),
    )
    const found = withCode(diagnosisOf(world), 'health-check-config/codes-exclude-2xx')
    expect(found.map(({ role, explains }) => [role, explains.length])).toEqual([
      ['cause', 2],
      ['risk', 0],
    ])
  })

  it('that are not probed yet, or warm up, are one note', () => {
    const found = findingOf(
      diagnosisOf(rules(3, () => [['Unknown'], ['Alive']])),
      'pool-membership/not-probed-yet',
    )
    expect(found.title).toBe('3 forwarding rules: 3 backends are not probed yet')
    const bound = rules(3, () => [['Dead']])
    const warm: World = {
      ...bound,
      machines: bound.machines.map((one, i) => ({
        ...one,
        registration: { ...one.registration, registeredAt: `2026-11-20 07:59:5${i}` },
      })),
    }
    const warming = findingOf(diagnosisOf(warm), 'pool-membership/warming-up')
    expect(warming.title).toMatch(/^3 forwarding rules: 3 backends were bound a moment ago/)
    expect(warming.params).toMatchObject({ dead: 3 })
  })

  it('that forward to all their Dead backends are one note', () => {
    const found = findingOf(
      diagnosisOf(rules(3, () => [['Dead'], ['Dead', 0]])),
      'all-backends-down/fallback-active',
    )
    expect(found.title).toBe(
      'Every weighted backend of 3 forwarding rules is Dead, so CLB forwards to all of them (3)',
    )
    expect(found.detail).toContain('(not to the 3 with weight 0)')
  })
})

describe('the headline of a healthy CLB whose rules all have weight 0', () => {
  it('counts them', () => {
    const world = rules(3, () => [['Alive', 0]])
    expect(diagnosisOf(world, 'zh-CN').headline).toContain('但 3 条转发规则的权重全部为 0')
  })
})

describe('resources that one person changed in one go', () => {
  it('are one note with how long before each was changed', () => {
    const event = (i: number, event: string, actor = 'alice') => ({
      at: `2026-11-19T22:5${i}:00.000Z`,
      event,
      resourceIds: [locationOf(i)],
      actor,
      sourceIp: '198.51.100.7',
    })
    const world: World = {
      ...rules(3, dead),
      replace: {
        alarmedAt: '2026-11-19T23:00:00.000Z',
        auditEvents: {
          'ap-guangzhou': ok({
            from: '2026-11-18T23:00:00.000Z',
            to: '2026-11-19T23:00:00.000Z',
            complete: true,
            events: [event(0, 'ModifyRule'), event(1, 'ModifyRule'), event(2, 'ModifyRule', 'bob')],
          }),
        },
      },
    }
    const code = 'recent-change/before-onset'
    expect(withCode(diagnosisOf(world), code).map(({ title, quote }) => [title, quote])).toEqual([
      [
        '2 forwarding rules were changed 9 minutes to 10 minutes before the trouble began',
        `${locationOf(1)} (9 minutes), ${locationOf(0)} (10 minutes)`,
      ],
      [`${locationOf(2)} was changed 8 minutes before the trouble began`, undefined],
    ])
    expect(withCode(diagnosisOf(world, 'zh-CN'), code).map(({ title }) => title)).toContain(
      '2 条转发规则都在异常发生前 9 分钟至 10 分钟被改动',
    )
  })
})

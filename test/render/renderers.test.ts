import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Diagnosis, Finding, Gap } from '../../src/model/diagnosis.ts'
import { widthOf, wrap } from '../../src/text/width.ts'
import { blocked } from '../delivery/diagnoses.ts'
import { entry } from '../rules/builders.ts'
import { renderHtml, renderMail, renderMarkdown, renderText, renderWecom } from '../support/renderings.ts'
import {
  acl,
  denied,
  diagnosisOf,
  diagnosisOfSnapshot,
  drop,
  group,
  healthCheck,
  snapshotOf,
} from '../support/snapshots.ts'

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8')
const count = (text: string, part: string): number => text.split(part).length - 1

/** Strings that can break a format: markup, mentions, HTML, control and bidirectional characters, half surrogates. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '<@all>',
    '<font color="info">ok</font>',
    '</font>',
    '[click](http://evil.example)',
    '`code`',
    '**bold**',
    '# head',
    'a\nb\r\nc',
    '\u202egnp.exe',
    '\ud800',
    '😀'.repeat(50),
    '安全组'.repeat(400),
    'x'.repeat(10_000),
    '<script>alert(1)</script>',
    "'; rm -rf / #",
  ),
)

const finding = (role: Finding['role']): fc.Arbitrary<Finding> =>
  fc.record({
    id: nasty,
    code: fc.constant('security-group/probe-blocked' as const),
    role: fc.constant(role),
    certainty: fc.constantFrom('certain' as const, 'likely' as const, 'possible' as const),
    severity: fc.constant('high' as const),
    title: nasty,
    detail: nasty,
    resources: fc.constant([]),
    explains: fc.constant(['lbl-aaaaaaaa/-/10.0.1.16:8080']),
    contradictedBy: fc.constant([]),
    evidence: fc.array(fc.record({ source: nasty, fact: nasty }), { maxLength: 2 }),
    fix: fc.option(
      fc.record({
        summary: nasty,
        commands: fc.array(fc.record({ tool: fc.constant('tccli' as const), line: nasty }), { maxLength: 3 }),
        verified: fc.boolean(),
      }),
    ),
  })

const accepted: fc.Arbitrary<Finding> = fc
  .record({
    note: finding('note'),
    accepted: fc.record({
      role: fc.constantFrom('cause' as const, 'contributor' as const, 'risk' as const),
      resource: nasty,
      reason: nasty,
      until: fc.constantFrom('2026-12-31', '2026-12-31T18:00:00+08:00'),
    }),
  })
  .map((one) => ({ ...one.note, accepted: one.accepted }))

const gap: fc.Arbitrary<Gap> = fc.record({
  what: nasty,
  why: nasty,
  byHand: fc.array(nasty, { maxLength: 4 }),
})

const diagnosis: fc.Arbitrary<Diagnosis> = fc
  .record({
    base: fc.constantFrom(blocked('zh-CN'), blocked('en')),
    name: nasty,
    headline: nasty,
    verdict: fc.constantFrom(
      'healthy' as const,
      'degraded' as const,
      'down' as const,
      'inconclusive' as const,
    ),
    causes: fc.array(finding('cause'), { maxLength: 30 }),
    notes: fc.array(fc.oneof(finding('note'), accepted), { maxLength: 30 }),
    gaps: fc.array(gap, { maxLength: 60 }),
    domain: nasty,
  })
  .map(({ base, name, headline, verdict, causes, notes, gaps, domain }) => ({
    ...base,
    headline,
    verdict,
    loadBalancer: base.loadBalancer && { ...base.loadBalancer, name },
    pools: base.pools.map((pool) => ({ ...pool, domain })),
    findings: [...causes, ...notes],
    gaps,
  }))

describe('a WeCom message', () => {
  it('has at most 4096 bytes, whole characters, closed tags on each line and no mention, for any text', () => {
    fc.assert(
      fc.property(diagnosis, (one) => {
        const text = renderWecom(one)
        expect(bytes(text)).toBeLessThanOrEqual(4096)
        expect(text.isWellFormed()).toBe(true)
        expect(count(text, '<font ')).toBe(count(text, '</font>'))
        expect(text.replace(/<font color="(info|comment|warning)">|<\/font>/g, '')).not.toMatch(/<[@a-z/]/i)
        // The only links are ours, to the console.
        const bare = text
          .replace(/`[^`]*`/g, '')
          .replaceAll(/\]\(https:\/\/console\.cloud\.tencent\.com\/[\w/?=&-]+\)/g, '')
        expect(bare).not.toMatch(/\]\(/)
        for (const line of text.split('\n')) {
          expect(count(line, '<font ')).toBe(count(line, '</font>'))
          expect(count(line, '`') % 2).toBe(0)
        }
        expect(text).toMatch(/^# <font color="\w+">[^<]+<\/font>/)
      }),
      { numRuns: 300 },
    )
  })

  it('counts the gaps that it leaves out', () => {
    const one = blocked('en')
    const gaps = Array.from({ length: 3_000 }, (_, i) => ({ what: `thing ${i}`, why: 'denied' }))
    const text = renderWecom({ ...one, gaps })
    const shown = count(text, '**Cannot tell**')
    expect(shown).toBeGreaterThan(0)
    expect(text).toContain(`${3_000 - shown} more`)
  })

  it('leaves out a sentence that is too long, and counts it', () => {
    const one = blocked('en')
    const summary = `Mind: ${'this and '.repeat(300)}that.`
    const findings = one.findings.map((own) => (own.fix ? { ...own, fix: { ...own.fix, summary } } : own))
    const text = renderWecom({ ...one, findings })
    expect(text).not.toContain('Mind:')
    expect(text).not.toContain('…')
    expect(text).toContain('1 more not shown')
  })

  it('shows a short command if it is the whole answer, and never a long one', () => {
    const withCommand = (line: string): string => {
      const one = blocked('en')
      const fix = { summary: 'Do it.', verified: false, commands: [{ tool: 'tccli', line }] } as const
      return renderWecom({ ...one, findings: one.findings.map((own) => ({ ...own, fix })) })
    }
    const short = `tccli cvm StartInstances --InstanceIds '["ins-00000016"]'`
    expect(withCommand(short)).toContain(`\`${short}\``)
    expect(withCommand(`${short} ${'y'.repeat(80)}`)).not.toContain('tccli')
  })

  it('shows a risk and its fix if there is no cause', () => {
    const open = entry({ priority: 1, protocol: 'ALL', port: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' })
    const half = { ...open, cidr: '100.64.0.0/11' }
    const text = renderWecom(
      diagnosisOf({
        machines: [{ host: 16, status: 'Alive' }],
        listener: { healthCheck: healthCheck({ sourceIpType: 1 }) },
        subnet: { networkAclId: 'acl-web' },
        acls: [acl({ ingress: [half], egress: [open] })],
      }),
    )
    expect(text).toContain('Risk (certain)')
    expect(text).toMatch(/\*\*What to do\*\* In the inbound rules of network ACL acl-web, .* allow/)
  })

  it('begins with the impact, then the cause, what to do, the links and the place', () => {
    const text = renderWecom(blocked('zh-CN'))
    const order = ['2/3 后端异常', '**业务影响**', '原因（确定）', '**处理建议**', '[安全组规则]', '查询于']
    const places = order.map((word) => text.indexOf(word))
    expect(places.every((place) => place >= 0)).toBe(true)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
  })

  it('says that a possible cause is not proven', () => {
    const one = blocked('zh-CN')
    const findings = one.findings.map((own) => ({ ...own, certainty: 'possible' as const }))
    expect(renderWecom({ ...one, findings })).toContain('原因（可能，未证实）')
  })

  it('names the action to grant if a permission is missing', () => {
    const snapshot = snapshotOf({
      machines: [{ host: 16, status: 'Dead' }],
      subnet: { networkAclId: 'acl-web' },
    })
    const one = diagnosisOfSnapshot(
      { ...snapshot, networkAcls: { 'acl-web': denied('vpc:DescribeNetworkAcls') } },
      'zh-CN',
    )
    expect(renderWecom(one)).toContain('给 clb-doctor 的角色授予 vpc:DescribeNetworkAcls，再诊断一次')
  })

  it("names the alarm's policy, its condition and since when it fires", () => {
    const alarm = {
      source: 'cloud-monitor',
      state: 'firing',
      kind: 'metric',
      clb: { loadBalancerId: 'lb-7dpmqwcu', vip: null, vpcId: null, numericVpcId: null },
      region: 'ap-guangzhou',
      listener: null,
      backend: null,
      policy: { id: null, name: 'clb-health' },
      subject: null,
      condition: {
        metric: 'UnhealthRsCount',
        shownName: '健康检查异常数',
        operator: '>=',
        threshold: '1',
        value: '2',
        unit: '个',
        periodSeconds: 60,
        level: null,
      },
      durationSeconds: null,
      sessionId: null,
      firstOccurredAt: '2026-11-19T23:00:00.000Z',
      unknownRegion: null,
      recoveredAt: null,
    } as const
    const textIn = (language: 'zh-CN' | 'en'): string => {
      const one = diagnosisOf({ machines: [{ host: 16, status: 'Alive' }] }, language)
      return renderWecom({ ...one, trigger: { source: 'cloud-monitor', alarm } })
    }
    expect(textIn('zh-CN')).toContain('告警策略 clb-health · 触发时健康检查异常数 2 ≥ 1 · 07:00 起')
    expect(textIn('en')).toContain(
      'Alarm policy clb-health · when it fired: unhealthy backends 2 ≥ 1 · since 11-19 23:00 UTC',
    )
    // A template has no technical name, and gives the condition as a sentence.
    const ofTemplate = {
      ...alarm,
      subject: '健康检查异常数 >= 1个',
      condition: { ...alarm.condition, metric: null },
    }
    const one = diagnosisOf({ machines: [{ host: 16, status: 'Alive' }] }, 'en')
    expect(renderWecom({ ...one, trigger: { source: 'cloud-monitor', alarm: ofTemplate } })).toContain(
      'when it fired: unhealthy backends 2 ≥ 1 · since',
    )
  })

  it('shows an accepted finding in the place of a cause, with its end and its reason, and no fix', () => {
    const world = {
      listener: { healthCheck: healthCheck({ sourceIpType: 1 }) },
      machines: [{ host: 16, status: 'Dead', groups: ['sg-a'], instance: { state: 'STOPPED' } }],
      groups: [group('sg-a', [])],
    }
    const accepted = [
      {
        entry: 1,
        code: 'instance-state/not-running',
        resource: 'ins-00000016',
        reason: 'kept **off** until the move <@all>',
        until: '2026-12-31',
      },
    ]
    const lines = renderWecom(diagnosisOf(world, 'en', { expected: accepted })).split('\n')
    const at = lines.findIndex((line) => line.includes('Expected'))
    expect(lines.slice(at, at + 2)).toEqual([
      expect.stringMatching(/^\*\*<font color="comment">Expected \(certain\)<\/font>\*\* .* is stopped/),
      expect.stringMatching(/^> until 2026-12-31 \(UTC\): kept .*off.* until the move [^<@]*@?all/),
    ])
    // The contributor is shown without its fix.
    expect(lines.join('\n')).toMatch(/\*\*Also\*\* Contributor \(possible, not proven\): Security group sg-a/)
    expect(lines.join('\n')).not.toContain('tccli')
  })
})

describe('every renderer', () => {
  const renderers: readonly (readonly [string, (one: Diagnosis) => string])[] = [
    ['wecom', renderWecom],
    ['text', (one) => renderText(one, { color: false, width: 100 })],
    ['markdown', renderMarkdown],
    ['html', renderHtml],
    ['mail', (one) => renderMail(one).text + renderMail(one).html],
  ]

  it.each(renderers)('%s has the same values in zh-CN and en', (name, render) => {
    const world = {
      machines: [
        { host: 16, status: 'Dead', groups: ['sg-a'] },
        { host: 18, status: 'Dead' },
      ],
      groups: [group('sg-a', [drop('203.0.113.0/24')])],
      subnet: { networkAclId: 'acl-web' },
      acls: [
        acl({ ingress: [entry({ priority: 1, protocol: 'ALL', cidr: '0.0.0.0/0', action: 'ACCEPT' })] }),
      ],
    }
    const [chinese, english] = [render(diagnosisOf(world, 'zh-CN')), render(diagnosisOf(world, 'en'))]
    for (const value of [
      'lb-7dpmqwcu',
      'shop-front',
      'sg-a',
      '203.0.113.26',
      'acl-web',
      ...(name === 'wecom' ? [] : ['CreateSecurityGroupPolicies', 'CreateNetworkAclEntries']),
    ]) {
      expect([value, chinese.includes(value)]).toEqual([value, true])
      expect([value, english.includes(value)]).toEqual([value, true])
    }
    expect(chinese).toMatch(/\p{Script=Han}/u)
    expect(english).not.toMatch(/\p{Script=Han}/u)
  })

  it('of Markdown lists the Dead backends first', () => {
    const statuses = ['Alive', 'Dead', 'Alive', 'Dead'] as const
    const machines = statuses.map((status, i) => ({ host: 16 + i, status }))
    const rows = renderMarkdown(diagnosisOf({ machines })).match(/^\| 10\.0\.1\.\d+/gm)
    expect(rows).toEqual([17, 19, 16, 18].map((host) => `| 10.0.1.${host}`))
  })

  it.each(renderers)('%s gives well-formed text without direction marks for any input', (_, render) => {
    fc.assert(
      fc.property(diagnosis, (one) => {
        const text = render(one)
        expect(text.isWellFormed()).toBe(true)
        expect(text.includes('\u202e')).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  it.each(renderers.filter(([name]) => name !== 'wecom'))(
    '%s shows the evidence, the checks, the number of API calls and the time',
    (_, render) => {
      const text = render(blocked('en')).replaceAll('\\', '').replace(/\s+/g, ' ')
      for (const value of [
        'Evidence: clb:DescribeTargetHealth',
        'security-group=found',
        'API calls:',
        ' UTC',
      ])
        expect([value, text.includes(value)]).toEqual([value, true])
    },
  )

  it('for HTML and Markdown shows the value of each evidence', () => {
    const one = blocked('en')
    expect(renderHtml(one)).toContain(
      'clb:DescribeTargetHealth HealthStatusDetail → 10.0.1.16:8080 Dead, 10.0.1.17:8080 Dead',
    )
    expect(renderMarkdown(one)).toContain('sg-closed: no matching rule → 203.0.113.26/32')
  })
})

describe('an HTML page', () => {
  it('never shows input as markup', () => {
    fc.assert(
      fc.property(diagnosis, (one) => {
        const html = renderHtml(one)
        expect(html).not.toMatch(/<script|<img|<@|javascript:/i)
        expect(count(html, '<pre')).toBe(count(html, '</pre>'))
      }),
      { numRuns: 100 },
    )
  })

  it('loads nothing from another address', () => {
    const page = renderHtml(blocked())
    expect(page).not.toMatch(/src=|@import|url\(/)
    for (const [, address] of page.matchAll(/href="([^"]*)"/g))
      expect(address).toMatch(/^https:\/\/console\.cloud\.tencent\.com\//)
  })
})

describe('text for a terminal', () => {
  it('has escape codes only with colour', () => {
    expect(renderText(blocked(), { color: false, width: 80 })).not.toContain('\u001b')
    expect(renderText(blocked(), { color: true, width: 80 })).toContain('\u001b[')
  })

  it('keeps a command on one line, so that it can be copied', () => {
    const line = renderText(blocked(), { color: false, width: 60 })
      .split('\n')
      .find((one) => one.includes('$ tccli'))
    expect(line).toContain(`"PolicyDescription":"CLB health check"}]}'`)
  })

  it('counts a Chinese character as two columns, and wraps at the width', () => {
    expect(widthOf('安全组 sg-1')).toBe(11)
    for (const line of wrap(
      '后端安全组没有放行健康检查探测源，请检查 security group rules now',
      30,
      '  ',
    ).split('\n'))
      expect(widthOf(line)).toBeLessThanOrEqual(30)
  })

  it('starts no line with closing punctuation', () => {
    const text = '探测源是一百点六四，所以：安全组、网络 ACL 都要放行（见下文）。'.repeat(3)
    for (let columns = 22; columns < 60; columns++)
      for (const line of wrap(text, columns, '')
        .split('\n')
        .map((one) => one.trimStart()))
        expect(line).not.toMatch(/^[，。：、）]/)
  })
})

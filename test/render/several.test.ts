import { beforeAll, describe, expect, it } from 'vitest'
import type { IncidentNotice, NoticeMember } from '../../src/model/incident.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { worldOf } from '../scan/support.ts'
import type { InBoth } from '../support/in-both.ts'
import { diagnosedAll, noticeOfAll } from '../support/incident-gallery.ts'
import { memberOf, noticeOf, PAGES } from '../support/notices.ts'
import { renderHtml, renderMail, renderMarkdown, renderText, renderWecom } from '../support/renderings.ts'
import { oneCause } from '../support/scan-gallery.ts'

// A message about an incident of several CLBs.

let forty: readonly InBoth[]
let mixed: readonly InBoth[]
let well: readonly InBoth[]
let three: readonly InBoth[]

beforeAll(async () => {
  forty = await diagnosedAll(oneCause())
  // The first CLB has a second cause of its own.
  const world = oneCause()
  for (const one of world.machines.slice(0, 1)) one.state = 'STOPPED'
  mixed = await diagnosedAll({ ...world, balancers: world.balancers.slice(0, 5) })
  well = await diagnosedAll(worldOf(3))
  three = await diagnosedAll(
    worldOf(3, ({ balancer, machines }, n) => {
      for (const one of machines.slice(n + 1)) one.state = 'STOPPED'
      for (const { rules } of n === 2 ? balancer.listeners : [])
        for (const { backends } of rules) for (const one of backends) one.weight = 0
    }),
  )
}, 60_000)

const idOf = (one: InBoth | undefined): string => one?.en.loadBalancer?.id ?? ''
const line = (notice: IncidentNotice, start: string): string =>
  renderWecom(notice)
    .split('\n')
    .find((one) => one.startsWith(start)) ?? ''
const membersOf = (
  all: readonly InBoth[],
  language: Language,
  change: (i: number) => Partial<NoticeMember>,
): readonly NoticeMember[] => all.map((one, i) => memberOf(one[language], change(i)))
const OVER = { hasRecovered: true, verdict: 'healthy', attention: 'none' } as const

describe('a message about forty CLBs with one cause', () => {
  it.each(LANGUAGES)(
    'counts them, sums their backends, and gives cause, change and ten names once, in %s',
    (language) => {
      const text = renderWecom(noticeOfAll(forty, language, { pages: PAGES }))
      const expected = {
        'zh-CN': [
          /^# <font color="warning">40 个负载均衡异常，同一个原因<\/font>$/,
          /^\*\*业务影响\*\* 40 个负载均衡有监听器的后端全部异常，CLB 正在向它们全部转发，健康检查已失去摘除作用；异常后端共 120\/120$/,
          /^\*\*<font color="warning">原因（确定）<\/font>\*\* 安全组 sg-shopweb1 第 1 条入站规则拒绝了健康检查$/,
          /^> 拒绝 TCP 8080 ← 203\.0\.113\.0\/24 "block scanners"$/,
          /^\*\*处理建议\*\* 一处修改恢复全部 40 个（推演）：在安全组 sg-shopweb1 入站第 1 条规则之前允许 /,
          /^> 影响绑定该安全组的 120 台云服务器$/,
          /^\*\*负载均衡\*\* fleet-0、.*、fleet-9 等 40 个$/,
        ],
        en: [
          /^# <font color="warning">40 load balancers down, one cause<\/font>$/,
          /^\*\*Impact\*\* 40 load balancers have a listener with all backends down; CLB forwards to all of them, .*; 120 of 120 backends down in all$/,
          /^\*\*<font color="warning">Cause \(certain\)<\/font>\*\* Inbound rule 1 of security group sg-shopweb1 denies the health check$/,
          /^> denies TCP 8080 ← 203\.0\.113\.0\/24 "block scanners"$/,
          /^\*\*What to do\*\* One change brings all 40 back \(by evaluation\): In the inbound rules of security group sg-shopweb1, before rule 1, allow /,
          /^> Affects the 120 machines bound to this security group$/,
          /^\*\*Load balancers\*\* fleet-0, .*, fleet-9 and 30 more$/,
        ],
      }[language]
      const lines = text.split('\n')
      for (const [i, pattern] of expected.entries()) expect(lines[i]).toMatch(pattern)
      expect(text.match(/sg-shopweb1 第 1 条入站规则拒绝|denies the health check/g)).toHaveLength(1)
      expect(lines.at(-4)).toContain('vpc/securitygroup')
      expect(lines.at(-3)).toContain(PAGES.acknowledge)
      expect(lines.at(-2)).toMatch(
        /^(告警策略 clb-health · 07:55 起|Alarm policy clb-health · since 11-19 23:55 UTC)$/,
      )
      expect(lines.at(-1)).toMatch(/in-0000000000000001 · (广州|ap-guangzhou) · /)
    },
  )

  it('says who joined, names them first, and does not repeat the rule', () => {
    const notice = noticeOfAll(forty, 'zh-CN', {
      news: ['another CLB'],
      change: { dead: { before: 84, now: 120 }, joined: forty.slice(28).map(idOf), recovered: [] },
    })
    expect(renderWecom(notice).split('\n')[1]).toBe('**更新** 又有 12 个加入，共 40 个；异常后端 84 → 120')
    expect(line(notice, '**负载均衡**')).toMatch(/ fleet-28、.*fleet-37 等 40 个$/)
    expect(renderWecom(notice)).not.toContain('block scanners')
  })

  it('counts those that are left after a part recovered', () => {
    const members = membersOf(forty, 'zh-CN', (i) => (i > 35 ? OVER : {}))
    const notice = noticeOfAll(forty, 'zh-CN', {
      news: ['reminder'],
      durationSeconds: 4 * 3600,
      members,
      change: { dead: { before: 120, now: 108 }, joined: [], recovered: forty.slice(36).map(idOf) },
    })
    const text = renderWecom(notice)
    expect(text.split('\n').slice(0, 2)).toEqual([
      '# <font color="warning">36 个负载均衡异常，同一个原因</font>',
      '**提醒** 仍未恢复，已持续 4 小时；异常后端 120 → 108；其中 4 个已恢复',
    ])
    expect(text).toContain('一处修改恢复全部 36 个')
    expect(text).toContain('异常后端共 108/108')
    expect(text).not.toContain('40 个')
  })

  it('names all of them in the mail, and the proof of one', () => {
    const { text, html, subject } = renderMail(noticeOfAll(forty, 'en'))
    expect(subject).toMatch(/^\[clb-doctor\] 40 load balancers down, one cause: Inbound rule 1 /)
    for (const one of forty) {
      expect(text).toContain(idOf(one))
      expect(html).toContain(idOf(one))
    }
    expect(text).toContain('The proof for fleet-0 (lb-fleet000)')
    expect(text).toContain('Evidence')
  })

  it('lists the sources to allow as addresses, not as code of a tool', () => {
    const notice = noticeOfAll(forty, 'en')
    expect(renderText(notice, { color: false, width: 80 })).toMatch(/^Probe sources to allow \(7\)\n {4}203/m)
    expect(renderHtml(notice)).toMatch(/Probe sources to allow \(7\)<\/h2>\n<pre/)
    expect(renderMarkdown(notice)).toMatch(/```\n203\.0\.113\.1\n/)
  })

  it('keeps to the one change that mends most, and says what else one of them has', () => {
    const notice = noticeOfAll(mixed, 'en')
    const text = renderWecom(notice)
    expect(text).toMatch(/^# <font color="warning">5 load balancers down, one cause<\/font>/)
    expect(line(notice, '**What to do**')).toMatch(/\(by evaluation, this brings 4 load balancers back\)$/)
    expect(line(notice, '**Also**')).toMatch(/ is stopped: fleet-0$/)
  })

  it('is about the one CLB that is left', () => {
    const members = membersOf(forty, 'en', (i) => (i > 0 ? OVER : {}))
    const text = renderWecom(noticeOfAll(forty, 'en', { news: ['worse'], members }))
    expect(text.split('\n').slice(0, 3)).toEqual([
      '# <font color="warning">3/3 backends down</font> fleet-0',
      '**Update** 39 of them have recovered',
      expect.stringMatching(/^\*\*Impact\*\* TCP:80: all 3 backends fail/),
    ])
  })
})

describe('a message about several CLBs', () => {
  it('with different causes numbers them and what to do about each', () => {
    const notice = noticeOfAll(three, 'zh-CN')
    const text = renderWecom(notice)
    expect(text).toMatch(/^# <font color="warning">3 个负载均衡异常<\/font>\n/)
    expect(text).toMatch(/原因 1（确定）.*：fleet-/)
    expect(line(notice, '1. ')).toMatch(/^1\. 原因 1：/)
    expect(line(notice, '3. ')).toMatch(/^3\. 原因 3：/)
    expect(text).not.toMatch(/同一个原因|一处修改/)
  })

  it('that are all back is green, and says how long it lasted', () => {
    for (const language of LANGUAGES) {
      const members = membersOf(well, language, () => OVER)
      const text = renderWecom(
        noticeOfAll(well, language, { news: ['recovered'], durationSeconds: 1500, members }),
      )
      expect(text.split('\n').slice(0, 3)).toEqual(
        language === 'en'
          ? [
              '# <font color="info">3 load balancers recovered</font>',
              '**Update** Recovered; the trouble lasted 25 minutes',
              '**Impact** The backends of all 3 load balancers pass their health checks',
            ]
          : [
              '# <font color="info">3 个负载均衡已恢复</font>',
              '**更新** 已恢复，异常持续了 25 分钟',
              '**业务影响** 3 个负载均衡的后端都已通过健康检查',
            ],
      )
      expect(text).not.toMatch(/处理建议|What to do/)
    }
  })

  it('whose alarms fire over healthy backends is amber, and says so', () => {
    const text = renderWecom(
      noticeOfAll(well, 'zh-CN', {
        news: ['flapping'],
        firings: 2,
        members: membersOf(well, 'zh-CN', () => ({ hasRecovered: false })),
      }),
    )
    expect(text.split('\n').slice(0, 3)).toEqual([
      '# <font color="warning">后端在抖动</font> 3 个负载均衡',
      '**更新** 告警再次触发',
      '**业务影响** 告警仍在触发，但此刻 3 个负载均衡的后端都正常：可能在抖动，或监控有延迟',
    ])
  })

  it('without a known cause says that, and how to look at each', () => {
    const text = renderWecom(noticeOfAll(forty, 'en', { causes: [] }))
    expect(text).toContain('**Cannot tell** 40 load balancers without a known cause: fleet-0, ')
    expect(text).toContain('`clb-doctor diagnose lb-fleet000 --region ap-guangzhou`')
    expect(text).not.toMatch(/one cause|undefined/)
  })

  it('of which some are not down does not call them down', () => {
    const members = membersOf(forty, 'en', (i) =>
      i > 0 ? { verdict: 'degraded', attention: 'act-soon' } : {},
    )
    expect(renderWecom(noticeOfAll(forty, 'en', { members }))).toMatch(
      /^# <font color="warning">40 load balancers have trouble, one cause<\/font>/,
    )
    const few = members.map((one) => ({ ...one, attention: 'act-soon' as const }))
    expect(renderHtml(noticeOfAll(forty, 'en', { members: few }))).toMatch(/<h1.*class="amber"/)
    expect(renderHtml(noticeOfAll(forty, 'en'))).toMatch(/<h1.*class="red"/)
  })

  it.each(['名', 'x', '<', '😀'])(
    'fits into 4096 bytes for 500 CLBs with 60 characters %s in each name',
    (letter) => {
      const [first] = forty
      if (!first) throw new Error('no diagnosis')
      for (const language of LANGUAGES) {
        const lead = first[language]
        const [cause] = noticeOfAll(forty, language).causes
        if (!cause) throw new Error('no cause')
        const members = Array.from({ length: 500 }, (_, i) => {
          const number = String(i).padStart(3, '0')
          return memberOf(lead, { id: `lb-many${number}`, name: `${letter.repeat(57)}${number}` })
        })
        const ids = members.map(({ id }) => id)
        const fixes = cause.fixes.map((fix) => ({ ...fix, loadBalancers: 500, recovers: 500 }))
        const long = 's'.repeat(150)
        const notice = noticeOf(lead, {
          news: ['another CLB'],
          members,
          causes: [{ ...cause, loadBalancers: ids, fixes }],
          change: { dead: { before: 3, now: 1500 }, joined: ids.slice(1), recovered: [] },
          pages: {
            incident: `${PAGES.incident}${long}`,
            acknowledge: `${PAGES.acknowledge}${long}`,
            silence: `${PAGES.silence}${long}`,
          },
          incident: { acknowledgedBy: letter.repeat(300), silencedUntil: '2026-11-20T02:00:00Z' },
        })
        const text = renderWecom(notice)
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096)
        expect(text).toMatch(/又有 499 个加入，共 500 个|499 more joined, 500 in all/)
        expect(text).toMatch(/一处修改恢复全部 500 个|One change brings all 500 back/)
        // Ten by name, each with the end that tells it apart.
        for (let i = 1; i <= 10; i++) expect(text).toContain(`${String(i).padStart(3, '0')}`)
        expect(text).toMatch(/等 500 个|and 490 more/)
        expect(text).not.toMatch(/undefined|另有 \d+ 项未显示|not shown/)
        expect(renderMail(notice).html.length).toBeLessThan(300_000)
        expect(renderMarkdown(notice).length).toBeLessThan(100_000)
      }
    },
  )

  it.each(['<script>alert(1)</script>', '<@all>', '[x](http://evil.example)', 'a\nb', ''])(
    'shows a name such as %j as text, or the id instead of it',
    (name) => {
      const members = membersOf(forty, 'en', () => ({ name }))
      const notice = noticeOfAll(forty, 'en', { members })
      const wecom = renderWecom(notice)
      expect(wecom.replace(/<font color="(info|comment|warning)">|<\/font>/g, '')).not.toMatch(/<[@a-z/]/i)
      expect(wecom).not.toMatch(/\]\(http:/)
      expect(wecom).toContain('lb-fleet000')
      expect(renderHtml(notice)).not.toMatch(/<script|<@/)
      expect(renderMarkdown(notice)).not.toMatch(/<script|<@|\]\(http:/)
      expect(renderText(notice, { color: false, width: 80 })).toMatch(
        /^■ 40 load balancers down, one cause\n/,
      )
    },
  )
})

describe('a message about several CLBs of which one changed', () => {
  const SAME = { dead: { before: 9, now: 9 }, joined: [], recovered: [] }
  const newsLine = (language: Language, change: Partial<IncidentNotice['change']>) =>
    line(
      noticeOfAll(forty.slice(0, 4), language, { news: ['changed'], change: { ...SAME, ...change } }),
      language === 'en' ? '**Update**' : '**更新**',
    )
  const ids = (from: number, to: number) => forty.slice(from, to).map(idOf)

  it('names it as its owner writes it', () => {
    expect(newsLine('en', { disputed: ids(0, 2) })).toBe(
      '**Update** For fleet-0, fleet-1: the sender reports the recovery, but the backends are still down',
    )
    expect(newsLine('zh-CN', { disputed: ids(0, 2), firing: ids(2, 3) })).toBe(
      '**更新** 其中 fleet-0、fleet-1：已收到恢复通知，但后端并未恢复；其中 fleet-2：告警再次触发',
    )
    expect(newsLine('en', { unread: ids(0, 1), readable: ids(1, 2), cause: 'unknown' })).toBe(
      '**Update** The cause that was named cannot be confirmed any more; for fleet-0: the state is not known now; for fleet-1: the state is known again',
    )
  })
})

describe('a message about several CLBs of which some do not exist any more', () => {
  const gone = (language: Language, from: number, fields: Partial<IncidentNotice> = {}) =>
    noticeOfAll(well, language, {
      news: ['recovered'],
      durationSeconds: 1500,
      members: membersOf(well, language, (i) => (i >= from ? { ...OVER, absent: 'gone' } : OVER)),
      recovery: { repairs: [], unexplained: well.map(idOf) },
      ...fields,
    })

  it.each(LANGUAGES)('counts as recovered only those that are there, in %s', (language) => {
    const text = renderWecom(gone(language, 2)).split('\n')
    expect(text[0]).toMatch(/>(2 load balancers recovered|2 个负载均衡已恢复)</)
    expect(text[1]).toMatch(/1 of them does not exist any more$|其中 1 个已不存在$/)
    expect(text[2]).toMatch(/(all 2 load balancers|2 个负载均衡).*(not there any more: |已不存在：)\S+$/)
  })

  it.each(LANGUAGES)('says of none that it recovered if none is there, in %s', (language) => {
    const text = renderWecom(gone(language, 0))
    expect(text).toMatch(/3 load balancers do not exist any more|3 个负载均衡已不存在/)
    expect(text).not.toMatch(/recovered|pass|已恢复|通过/)
  })

  it('does not count one that is gone as recovered while another one is down', () => {
    const members = membersOf(forty.slice(0, 2), 'en', (i) => (i === 1 ? { ...OVER, absent: 'gone' } : {}))
    const notice = noticeOfAll(forty.slice(0, 2), 'en', { news: ['worse'], members })
    expect(line(notice, '**Update**')).toMatch(/1 of them does not exist any more$/)
    expect(line(notice, '**Update**')).not.toMatch(/recovered/)
  })
})

describe('a message about CLBs of which one cannot be read now', () => {
  it('keeps its last cause and advice apart, and counts nothing of it as of now', () => {
    const lastReadable = {
      at: '2026-11-19T23:45:00.000Z',
      unreadSince: '2026-11-19T23:50:00.000Z',
      cause: { code: 'security-group/probe-blocked', certainty: 'likely', title: 'the group blocks it' },
      fix: 'let the probes in',
    } as const
    const all = three.slice(0, 2)
    const members = membersOf(all, 'en', (i) =>
      i === 1 ? { verdict: 'inconclusive', attention: 'act-soon', lastReadable } : {},
    )
    const notice = { ...noticeOfAll(all.slice(0, 1), 'en', { news: ['changed'] }), members }
    const text = renderText(notice, { color: false, width: 300 }).replace(/\n +/g, ' ')
    expect(text).toMatch(
      /Last known +for fleet-1: cannot be read since 11-19 23:50, .* found: likely: the group blocks it/,
    )
    expect(text).toMatch(/Its advice then: let the probes in/)
    const own = members[0]?.backends
    expect(text).toContain(`${own?.dead} of ${own?.total} backends down in all`)
    expect(text).not.toMatch(/without a known cause: [^\n]*fleet-1/)
    expect(text).toMatch(/Inconclusive +fleet-1 \(lb-[a-z0-9-]+\) +—/)
  })
})

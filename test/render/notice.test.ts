import { beforeAll, describe, expect, it } from 'vitest'
import type { IncidentNotice, News } from '../../src/model/incident.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { jsonFormOf } from '../../src/render/json.ts'
import { blocked } from '../delivery/diagnoses.ts'
import { CASES, scenarioDiagnoses } from '../support/gallery.ts'
import { noticeOf, PAGES } from '../support/notices.ts'
import {
  renderHtml,
  renderMail,
  renderMarkdown,
  renderText,
  renderWecom,
  reportOf,
} from '../support/renderings.ts'

// A message about an incident of one CLB.

type InBoth = Awaited<ReturnType<typeof scenarioDiagnoses>>
const caseOf = (name: string): InBoth => {
  const found = CASES[name]
  if (!found) throw new Error(`no case ${name}`)
  return found
}
const HEALTHY = caseOf('a firing alarm over five healthy backends')
const MENDED = caseOf('a recovery after somebody added a rule')
let CHANGED: InBoth
let DOWN: InBoth
beforeAll(async () => {
  CHANGED = await scenarioDiagnoses('changed-before')
  DOWN = await scenarioDiagnoses('all-backends-down')
})

const changeOf = (before: number, now: number): Pick<IncidentNotice, 'change'> => ({
  change: { dead: { before, now }, joined: [], recovered: [] },
})
const linesOf = (notice: IncidentNotice): readonly string[] => renderWecom(notice).split('\n')

describe('an alarm whose words say nothing of health checks', () => {
  const DOUBT = /可能与健康检查无关|may not be about health checks/
  const CAUSE = { code: 'security-group/probe-blocked', resource: 'sg-a', rule: null } as const
  const leadOf = (language: Language, state: 'firing' | 'resolved') => {
    const lead = HEALTHY[language]
    const alarm = lead.trigger.alarm ?? null
    if (!alarm) throw new Error('no alarm')
    return {
      ...lead,
      trigger: { ...lead.trigger, alarm: { ...alarm, subject: null, condition: null, state } },
    }
  }
  const over = { news: ['recovered'], incident: { state: 'recovered' } } as const

  it.each(LANGUAGES)(
    'is about health checks in an incident that had a cause or a Dead backend, in %s',
    (language) => {
      const [firing, resolved] = [leadOf(language, 'firing'), leadOf(language, 'resolved')]
      for (const notice of [
        noticeOf(resolved, { ...over, incident: { ...over.incident, cause: CAUSE } }),
        noticeOf(resolved, { ...over, ...changeOf(2, 0) }),
        noticeOf(firing, { ...over, incident: { ...over.incident, cause: CAUSE } }),
      ])
        expect(renderWecom(notice)).toMatch(/恢复已确认|Recovery confirmed/)
      const lasting = noticeOf(firing, { news: ['reminder'], incident: { cause: CAUSE } })
      for (const notice of [noticeOf(resolved, { ...over, ...changeOf(2, 0) }), lasting])
        for (const text of [renderWecom(notice), renderMail(notice).text, renderMarkdown(notice)])
          expect(text).not.toMatch(DOUBT)
    },
  )

  it.each(LANGUAGES)('stays in doubt if no look saw a Dead backend, in %s', (language) => {
    expect(renderWecom(noticeOf(leadOf(language, 'resolved'), over))).toMatch(DOUBT)
    expect(renderWecom(noticeOf(leadOf(language, 'firing'), { news: ['reminder'] }))).toMatch(DOUBT)
  })
})

describe('the first message of an incident of one CLB', () => {
  it.each(LANGUAGES)('has the bytes of the message of its diagnosis in every format, in %s', (language) => {
    for (const { [language]: lead } of [CHANGED, DOWN, HEALTHY, MENDED]) {
      const notice = noticeOf(lead)
      const screen = { color: true, width: 90 }
      expect(renderWecom(notice)).toBe(renderWecom(lead))
      expect(renderText(notice, screen)).toBe(renderText(lead, screen))
      expect(renderMarkdown(notice)).toBe(renderMarkdown(lead))
      expect(renderMail(notice)).toEqual(renderMail(lead))
    }
  })

  it('says who has it, and adds the pages of the incident', () => {
    const text = renderWecom(
      noticeOf(CHANGED['zh-CN'], { pages: PAGES, incident: { acknowledgedBy: '张三' } }),
    )
    const plain = renderWecom(CHANGED['zh-CN']).split('\n')
    const added = text.split('\n').filter((line) => !plain.includes(line))
    expect(added).toEqual([
      '张三已接手',
      `[事件详情](${PAGES.incident}) · [我来处理](${PAGES.acknowledge}) · [静默 2 小时](${PAGES.silence})`,
    ])
  })
})

describe('a later message of an incident of one CLB', () => {
  const DEAD = changeOf(2, 3)
  const SAME = changeOf(3, 3)
  const rows: readonly (readonly [
    name: string,
    make: (language: Language) => IncidentNotice,
    lines: Readonly<Record<Language, string>>,
  ])[] = [
    [
      'more backends down',
      (language) => noticeOf(CHANGED[language], { news: ['worse'], ...DEAD }),
      { 'zh-CN': '**更新** 异常后端 2 → 3', en: '**Update** Backends down: 2 → 3' },
    ],
    [
      'a listener without a healthy backend',
      (language) => noticeOf(DOWN[language], { news: ['worse'], ...DEAD }),
      {
        'zh-CN': '**更新** 异常后端 2 → 3；HTTPS:443 shop.example.com/ 已没有健康后端',
        en: '**Update** Backends down: 2 → 3; HTTPS:443 shop.example.com/: no healthy backend left',
      },
    ],
    [
      'another cause',
      (language) =>
        noticeOf(CHANGED[language], { news: ['changed'], change: { ...SAME.change, cause: 'another' } }),
      { 'zh-CN': '**更新** 原因与上次不同', en: '**Update** The cause is another one now' },
    ],
    [
      'a cause that was not known before',
      (language) =>
        noticeOf(CHANGED[language], { news: ['changed'], change: { ...SAME.change, cause: 'known' } }),
      { 'zh-CN': '**更新** 已找到原因', en: '**Update** The cause is known now' },
    ],
    [
      'a recovery that its sender alone reports',
      (language) =>
        noticeOf(CHANGED[language], {
          news: ['changed'],
          change: { ...SAME.change, disputed: ['lb-7dpmqwcu'] },
        }),
      {
        'zh-CN': '**更新** 已收到恢复通知，但后端并未恢复',
        en: '**Update** The sender reports the recovery, but the backends are still down',
      },
    ],
    [
      'a change that nobody remembers',
      (language) => noticeOf(CHANGED[language], { news: ['changed'], ...SAME }),
      { 'zh-CN': '**更新** 情况有变化', en: '**Update** Something changed' },
    ],
    [
      'a reminder',
      (language) => noticeOf(CHANGED[language], { news: ['reminder'], durationSeconds: 4 * 3600, ...SAME }),
      { 'zh-CN': '**提醒** 仍未恢复，已持续 4 小时', en: '**Reminder** Not recovered yet, 4 hours so far' },
    ],
    [
      'a reminder after some backends came back',
      (language) => noticeOf(CHANGED[language], { news: ['reminder'], ...changeOf(5, 3) }),
      {
        'zh-CN': '**提醒** 仍未恢复；异常后端 5 → 3',
        en: '**Reminder** Not recovered yet; backends down: 5 → 3',
      },
    ],
    [
      'a second time after a recovery',
      (language) =>
        noticeOf(CHANGED[language], { news: ['reopened'], incident: { reopened: 1 }, ...changeOf(0, 3) }),
      {
        'zh-CN': '**更新** 恢复后再次触发，第 2 次',
        en: '**Update** Fired again after the recovery, 2 times in all',
      },
    ],
    [
      'a recovery',
      (language) => noticeOf(MENDED[language], { news: ['recovered'], durationSeconds: 1500 }),
      {
        'zh-CN': '**更新** 已恢复，异常持续了 25 分钟',
        en: '**Update** Recovered; the trouble lasted 25 minutes',
      },
    ],
    [
      'a recovery of what came back twice',
      (language) => noticeOf(MENDED[language], { news: ['recovered'], incident: { reopened: 2 } }),
      {
        'zh-CN': '**更新** 已恢复；其间恢复后又触发 2 次',
        en: '**Update** Recovered; it came back 2 times meanwhile',
      },
    ],
  ]

  it.each(rows)('about %s begins with that', (_, make, lines) => {
    for (const language of LANGUAGES) {
      const notice = make(language)
      const [title, news, impact = ''] = linesOf(notice)
      expect(title).toMatch(/^# <font color="\w+">.+<\/font> shop-front$/)
      // A joiner keeps names of hosts from becoming links.
      expect(news?.replaceAll('\u2060', '')).toBe(lines[language])
      expect(impact).toMatch(/^\*\*(业务影响|Impact)\*\* /)
      // A mail program shows the news beside the subject, which stays the first one.
      // The state says that it has recovered.
      const told = lines[language].replace(/^\*\*.*\*\* /, '').replace(/^(已恢复|Recovered)[，；;] ?/, '')
      expect(reportOf(notice).preheader.toLowerCase()).toContain(told.toLowerCase())
    }
  })

  it('keeps the cause as one line if only the word of the sender changed', () => {
    const change = { ...SAME.change, disputed: ['lb-7dpmqwcu'] }
    const text = renderWecom(noticeOf(CHANGED['zh-CN'], { news: ['changed'], change }))
    expect(text).not.toMatch(/li\.wei 06:52|block scanners/)
  })

  it('keeps the cause as one line, without the quotes of the first message', () => {
    for (const news of ['worse', 'reminder', 'flapping'] as const) {
      const text = renderWecom(noticeOf(CHANGED['zh-CN'], { news: [news], ...DEAD }))
      expect(text).toContain('安全组 sg-shopweb1 第 1 条入站规则拒绝了健康检查')
      expect(text).not.toMatch(/li\.wei 06:52|block scanners/)
      expect(text).toContain('**处理建议**')
    }
  })

  it('has the quotes of a cause that the reader does not know', () => {
    for (const news of [['changed'], ['reopened'], ['first', 'worse'], ['changed', 'reminder']] as const)
      expect(renderWecom(noticeOf(CHANGED['zh-CN'], { news, ...DEAD }))).toMatch(/li\.\u2060wei 06:52/)
  })

  it('that reaches a receiver first has no news, whatever happened before', () => {
    const both = noticeOf(CHANGED.en, { news: ['first', 'worse'], ...DEAD })
    expect(renderWecom(both)).toBe(renderWecom(CHANGED.en))
  })

  it('about another firing over healthy backends says that they flap, also if the diagnosis does not know', () => {
    const text = renderWecom(
      noticeOf(HEALTHY['zh-CN'], { news: ['flapping'], firings: 2, durationSeconds: 1190 }),
    )
    expect(text.split('\n').slice(0, 3)).toEqual([
      '# <font color="warning">后端在抖动</font> shop-front',
      '**更新** 告警再次触发',
      '**业务影响** 20 分钟内第 2 次触发，此刻 5 个后端都正常：在抖动',
    ])
  })

  it('shows who has it and until when it is silenced, as long as it is', () => {
    const silenced = (silencedUntil: string, acknowledgedBy?: string): string | undefined =>
      linesOf(
        noticeOf(CHANGED.en, {
          news: ['worse'],
          ...DEAD,
          incident: { silencedUntil, ...(acknowledgedBy ? { acknowledgedBy } : {}) },
        }),
      )[2]
    expect(silenced('2026-11-20T02:00:00Z', 'zhangsan')).toBe('zhangsan has it; silenced until 02:00 UTC')
    expect(silenced('2026-11-20T02:00:00Z')).toBe('Silenced until 02:00 UTC')
    expect(silenced('2026-11-19T22:00:00Z')).toMatch(/^\*\*Impact/)
  })

  it('names the incident in a mail, which has no other place for its id', () => {
    const { text } = renderMail(noticeOf(CHANGED.en, { news: ['worse'], ...DEAD }))
    expect(text).toContain('in-0000000000000001 · dx-')
  })
})

describe('the message about a recovery', () => {
  it('is green, and says what mended it and how long it lasted once', () => {
    const text = renderWecom(noticeOf(MENDED['zh-CN'], { news: ['recovered'], durationSeconds: 1500 }))
    expect(text).toMatch(/^# <font color="info">已恢复<\/font> shop-front\n/)
    expect(text).toContain('**业务影响** 5 个后端都已通过健康检查，恢复已确认\n')
    expect(text.replaceAll('\u2060', '')).toContain('> 其间 li.wei 于 07:50 新增了安全组规则')
    expect(text.match(/持续了/g)).toHaveLength(1)
  })

  it('is green also if the look came before the word of the sender', () => {
    for (const language of LANGUAGES) {
      const text = renderWecom(
        noticeOf(HEALTHY[language], { news: ['recovered'], durationSeconds: 1200, pages: PAGES }),
      )
      expect(text).toMatch(/^# <font color="info">(已恢复|Recovered)<\/font> shop-front\n/)
      expect(text).not.toMatch(/告警仍在触发|still fires|处理建议|What to do/)
    }
  })

  it('asks nobody to take it over', () => {
    const text = renderWecom(noticeOf(MENDED.en, { news: ['recovered'], pages: PAGES }))
    expect(text).toContain(`[Incident](${PAGES.incident})`)
    expect(text).not.toMatch(/I have it|Silence/)
  })

  it('does not turn green while a risk is left', () => {
    const risk = {
      ...HEALTHY.en,
      findings: blocked('en').findings.map((one) => ({ ...one, role: 'risk' as const })),
    }
    expect(renderWecom(noticeOf(risk, { news: ['recovered'] }))).toMatch(
      /^# <font color="warning">Recovered<\/font>/,
    )
  })
})

describe('a message about an incident', () => {
  const NASTY = [
    '<script>alert(1)</script>',
    '<@all>',
    '[x](http://evil.example)',
    '**bold**',
    'a\nb',
    '名'.repeat(300),
  ]

  it.each(NASTY)('shows a name such as %j as text', (name) => {
    const lead = {
      ...CHANGED.en,
      loadBalancer: CHANGED.en.loadBalancer && { ...CHANGED.en.loadBalancer, name },
    }
    for (const news of [
      ['first'],
      ['worse'],
      ['recovered'],
    ] as const satisfies readonly (readonly News[])[]) {
      const notice = noticeOf(lead, { news, ...changeOf(1, 2), incident: { acknowledgedBy: name } })
      const wecom = renderWecom(notice)
      expect(Buffer.byteLength(wecom)).toBeLessThanOrEqual(4096)
      expect(wecom.replace(/<font color="(info|comment|warning)">|<\/font>/g, '')).not.toMatch(/<[@a-z/]/i)
      expect(wecom).not.toMatch(/\]\(http:/)
      expect(renderHtml(notice)).not.toMatch(/<script|<@/)
      expect(renderMarkdown(notice)).not.toMatch(/<script|<@|\]\(http:/)
      expect(wecom).not.toContain('undefined')
    }
  })

  it('has its diagnosis in JSON as a diagnosis has it', () => {
    const [pool] = blocked('en').pools
    const [target] = pool?.targets ?? []
    if (!pool || !target) throw new Error('no target')
    const targets = Array.from({ length: 150 }, (_, n) => ({ ...target, key: `${target.key}-${n}` }))
    const lead = { ...blocked('en'), pools: [{ ...pool, targets }] }
    expect(jsonFormOf(noticeOf(lead))).toEqual({ ...noticeOf(lead), lead: jsonFormOf(lead) })
    expect(JSON.stringify(jsonFormOf(lead))).toContain('samePathAs')
  })
})

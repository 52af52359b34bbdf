import { beforeAll, describe, expect, it } from 'vitest'
import type { Digest, IncidentNotice, OperatorNote, TestMessage } from '../../src/model/incident.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { jsonFormOf } from '../../src/render/json.ts'
import { CASES, scenarioDiagnoses } from '../support/gallery.ts'
import type { InBoth } from '../support/in-both.ts'
import { noticeOf, PAGES } from '../support/notices.ts'
import { renderHtml, renderMail, renderMarkdown, renderText, renderWecom } from '../support/renderings.ts'

// A digest of incidents, a test message and a word to the operator.

const AT = '2026-11-19T23:40:00.000Z'
let CHANGED: InBoth
let DOWN: InBoth
const mended = CASES['a recovery after somebody added a rule']
const healthy = CASES['a firing alarm over five healthy backends']
beforeAll(async () => {
  CHANGED = await scenarioDiagnoses('changed-before')
  DOWN = await scenarioDiagnoses('all-backends-down')
})

const digestOf = (notices: readonly IncidentNotice[], fields: Partial<Digest> = {}): Digest => ({
  kind: 'digest',
  id: 'dg-0000000000000001',
  createdAt: AT,
  language: notices[0]?.language ?? 'en',
  why: 'away',
  since: '2026-11-19T23:00:00.000Z',
  notices,
  ...fields,
})

function noticesIn(language: Language): readonly IncidentNotice[] {
  if (!mended || !healthy) throw new Error('no case')
  return [
    noticeOf(mended[language], { news: ['recovered'], durationSeconds: 1500 }),
    noticeOf(healthy[language]),
    noticeOf(CHANGED[language], { news: ['worse'], pages: PAGES }),
    noticeOf(DOWN[language]),
  ]
}

describe('a digest', () => {
  it('says why it comes, then each incident with its cause and what to do, the worst first', () => {
    expect(renderWecom(digestOf(noticesIn('zh-CN'))).split('\n')).toEqual([
      '# <font color="warning">4 个事件的汇总</font>',
      '07:00 至 07:40 消息无法送达，现汇总如下',
      expect.stringMatching(/^\*\*<font color="warning">5\/5 后端异常<\/font>\*\* shop-front：/),
      expect.stringMatching(/^处理建议：/),
      `**<font color="warning">3/5 后端异常</font>** [shop-front](${PAGES.incident})：安全组 sg-shopweb1 第 1 条入站规则拒绝了健康检查`,
      '处理建议：在安全组 sg-shopweb1 入站第 1 条规则之前允许 203.0.113.26 → TCP 8080',
      expect.stringMatching(/^\*\*<font color="warning">告警中，此刻正常<\/font>\*\* shop-front：/),
      '**<font color="info">已恢复</font>** shop-front：异常持续了 25 分钟',
      '<font color="comment">dg-0000000000000001 · 07:40:00</font>',
    ])
    const [title, why] = renderWecom(digestOf(noticesIn('en'))).split('\n')
    expect(title).toBe('# <font color="warning">4 incidents in one message</font>')
    expect(why).toBe('Messages could not be delivered from 23:00 to 23:40 UTC. In short:')
  })

  it('that a limit made says so', () => {
    const of = (language: Language): string =>
      renderWecom(digestOf(noticesIn(language), { why: 'limit' })).split('\n')[1] ?? ''
    expect(of('zh-CN')).toBe('07:00 起消息数达到发送上限，现汇总如下')
    expect(of('en')).toBe('The limit of messages was reached at 23:00 UTC. In short:')
  })

  it('of recoveries only is green', () => {
    expect(renderWecom(digestOf(noticesIn('en').slice(0, 1)))).toMatch(
      /^# <font color="info">1 incident in one message<\/font>/,
    )
  })

  it.each(LANGUAGES)(
    'drops nothing that needs a person before what needs nobody, and counts it, in %s',
    (language) => {
      const [over, watched, soon, now] = noticesIn(language)
      if (!over || !watched || !soon || !now) throw new Error('no notices')
      const named = (notice: IncidentNotice, name: string): IncidentNotice => ({
        ...notice,
        lead: {
          ...notice.lead,
          loadBalancer: notice.lead.loadBalancer && { ...notice.lead.loadBalancer, name },
        },
      })
      for (let count = 1; count <= 40; count += 3) {
        const notices = Array.from({ length: count }, (_, i) => [
          // Short lines would still fit where long ones do not.
          named(over, `over-${i}.`),
          named(soon, `soon-${i}.${'长'.repeat((i * 7) % 45)}`),
          named(watched, `watched-${i}.`),
          named(now, `now-${i}.`),
        ]).flat()
        const text = renderWecom(digestOf(notices))
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096)
        const shown = (kind: string): number => new Set(text.match(new RegExp(`${kind}-\\d+\\.`, 'g'))).size
        if (shown('now') < count) expect(shown('soon')).toBe(0)
        if (shown('soon') < count) expect(shown('watched')).toBe(0)
        if (shown('watched') < count) expect(shown('over')).toBe(0)
        const left = ['now', 'soon', 'watched', 'over'].reduce((sum, kind) => sum + count - shown(kind), 0)
        const told = [...text.matchAll(/另有 (\d+) 个事件|(\d+) more incidents?/g)].reduce(
          (sum, [, chinese, english]) => sum + Number(chinese ?? english),
          0,
        )
        expect(told).toBe(left)
      }
    },
  )

  it('gives the whole of each incident in a mail', () => {
    const { text, html } = renderMail(digestOf(noticesIn('en')))
    for (const one of [text.replace(/\s+/g, ' '), html]) {
      expect(one).toContain('block scanners')
      expect(one).toContain('only 2 backends still serve')
    }
  })

  it('links to the page of each incident, whatever its name is', () => {
    const [, , soon] = noticesIn('en')
    if (!soon?.lead.loadBalancer) throw new Error('no CLB')
    for (const [name, shown = name] of [['e'], ['<web> ', '‹web›'], ['\ud800x', '\ufffdx']] as const) {
      const notice = {
        ...soon,
        lead: { ...soon.lead, loadBalancer: { ...soon.lead.loadBalancer, name } },
      }
      expect(renderWecom(digestOf([notice]))).toContain(
        `** [${shown}](${PAGES.incident}): Inbound rule 1 of security`,
      )
    }
  })

  it('has its diagnoses in JSON as a diagnosis has it', () => {
    const digest = digestOf(noticesIn('en'))
    expect(jsonFormOf(digest)).toEqual({ ...digest, notices: digest.notices.map(jsonFormOf) })
  })
})

const TEST: TestMessage = {
  kind: 'test',
  id: 'te-0000000000000001',
  createdAt: AT,
  language: 'zh-CN',
  receiver: 'oncall',
}
const NOTE: OperatorNote = {
  kind: 'note',
  id: 'on-0000000000000001',
  createdAt: AT,
  language: 'en',
  title: 'shop refuses every message',
  lines: ['dingtalk: 400101 access_token is not exist', 'Messages for it go to oncall.'],
}

describe('a test message', () => {
  it('names its receiver, and says that nothing is wrong', () => {
    expect(renderWecom(TEST).split('\n')).toEqual([
      '# <font color="info">测试消息</font> oncall',
      '这是 clb-doctor 发给 oncall 的测试消息，没有任何异常，无需处理。',
      '<font color="comment">te-0000000000000001 · 07:40:00</font>',
    ])
    expect(renderWecom({ ...TEST, language: 'en' })).toContain(
      'Nothing is wrong, and nothing needs to be done.',
    )
  })
})

describe('a word to the operator', () => {
  it('has its title and its lines', () => {
    expect(renderWecom(NOTE).split('\n')).toEqual([
      '# <font color="warning">Note from clb-doctor</font> shop refuses every message',
      'dingtalk: 400101 access_token is not exist',
      'Messages for it go to oncall.',
      '<font color="comment">on-0000000000000001 · 23:40:00 UTC</font>',
    ])
  })

  it('shows what a server said as text', () => {
    const evil = '<script>alert(1)</script> <@all> [x](http://evil.example)'
    const note = { ...NOTE, title: evil, lines: [evil, 'x'.repeat(9_000)] }
    const wecom = renderWecom(note)
    expect(Buffer.byteLength(wecom)).toBeLessThanOrEqual(4096)
    for (const text of [wecom, renderMarkdown(note)]) expect(text).not.toMatch(/<script|<@|\]\(http:/)
    for (const text of [renderHtml(note), renderMail(note).html]) expect(text).not.toMatch(/<script|<@/)
  })
})

describe('every kind of message', () => {
  it('is printed in every format without a hole', () => {
    for (const language of LANGUAGES)
      for (const message of [
        ...noticesIn(language),
        digestOf(noticesIn(language)),
        { ...TEST, language },
        { ...NOTE, language },
      ]) {
        const mail = renderMail(message)
        const texts = [
          renderWecom(message),
          renderMarkdown(message),
          renderText(message, { color: true, width: 80 }),
          mail.subject,
          mail.text,
          mail.html,
        ]
        for (const text of texts) {
          expect(text).not.toMatch(/\bundefined\b|\[object|\bNaN\b|\bnull\b/)
          expect(text.isWellFormed()).toBe(true)
          if (language === 'en') expect(text).not.toMatch(/\p{Script=Han}/u)
        }
      }
  })
})

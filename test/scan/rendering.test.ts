import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/model/language.ts'
import type { Scan } from '../../src/model/scan.ts'
import { widthOf } from '../../src/text/width.ts'
import { findingOf } from '../support/findings.ts'
import {
  renderHtml,
  renderMail,
  renderMarkdown,
  renderText,
  renderWecom,
  reportOf,
} from '../support/renderings.ts'
import { row, scanOfRows } from '../support/scans.ts'
import { expectScan } from './support.ts'

describe.each(LANGUAGES)('a scan in %s', (language) => {
  const scan = scanOfRows(
    language,
    Array.from({ length: 200 }, (_, n) => row(n)),
  )

  it('counts in its title the CLBs that somebody has to act on, in the colour of the worst', () => {
    const rows = [row(1, { attention: 'act-soon', verdict: 'down' }), row(2, { attention: 'none' })]
    const title = language === 'en' ? '1 CLB has trouble' : '1 个负载均衡异常'
    expect(reportOf(scanOfRows(language, rows)).title).toMatchObject({ state: title, tone: 'amber' })
    const urgent = scanOfRows(language, [...rows, row(3, { attention: 'act-now', verdict: 'healthy' })])
    expect(reportOf(urgent).title.tone).toBe('red')
  })

  it('matches the schema', () => expectScan(scan))

  it.each([40, 60, 80, 100, 140])('fits a terminal of %i columns', (width) => {
    const text = renderText(scan, { color: false, width })
    const lines = text.split('\n')
    // A single word, for example an id, is never cut.
    const room = Math.max(width, 76)
    expect(lines.filter((line) => widthOf(line) > room)).toEqual([])
    // The summary names ten CLBs and the command for one of them.
    const table = lines.slice(lines.findIndex((line) => / (?:CLB|负载均衡) {2}/.test(line)))
    expect(table.filter((line) => line.includes('lb-row')).length).toBe(200)
  })

  it.each([30, 60, 100, 140])('never cuts an id to show a name, at %i columns', (width) => {
    for (const name of [
      'payments-gateway-production-primary-eu-frankfurt-az1-blue',
      '生产环境支付网关主集群华南一区蓝色环境承载所有的外部支付流量入口',
      '',
    ]) {
      const one = scanOfRows(language, [row(1, { name })])
      const text = renderText(one, { color: false, width })
      expect(text).toContain(name === '' || width === 30 ? ' lb-row0001 ' : name.slice(0, 3))
      expect(text).toContain('lb-row0001')
      const line = text.split('\n').find((own) => own.includes('lb-row0001')) ?? ''
      // Closing punctuation can stand behind the last column.
      if (width >= 60) expect(widthOf(line)).toBeLessThanOrEqual(width + 2)
      expect(renderWecom(one)).toContain('lb-row0001')
    }
  })

  it('is a summary in WeCom: ten causes with their CLBs, how many more there are, and everything unread', () => {
    const message = renderWecom(scan)
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4096)
    const shown = message.split('\n').filter((line) => /^\*\*(?:Cause|原因) \d/.test(line))
    expect(shown.length).toBe(10)
    expect(shown[0]).toContain('lb-row0000')
    expect(message).toContain(language === 'en' ? '190 more causes' : '另有 190 个原因')
    expect(message).toContain('ap-shanghai')
    expect(message).toContain('vpc:DescribeNetworkAcls')
    expect(message).not.toContain('<b>')
  })

  it.each([
    [{ alive: 3 }, '3/3 alive', '3/3 正常'],
    [{ unknown: 3 }, '3 unknown', '3 个未知'],
    [{ off: 3 }, '3 unchecked', '3 个未检查'],
    [{ unknown: 1, off: 2 }, '1 unknown, 2 unchecked', '1 个未知，2 个未检查'],
    [{ alive: 1, unknown: 2 }, '1/3 alive, 2 unknown', '1/3 正常，2 个未知'],
    [{ dead: 1, alive: 1, off: 1 }, '1/3 dead, 1 unchecked', '1/3 异常，1 个未检查'],
    [{ total: 0 }, 'no backends', '没有后端'],
  ])('shows how many backends have each status: %j', (counts, en, chinese) => {
    const own = row(1, {
      counts: { pools: 1, total: 3, alive: 0, dead: 0, unknown: 0, off: 0, zeroWeight: 0, ...counts },
    })
    const text = renderText(scanOfRows(language, [own]), { color: false, width: 200 })
    expect(`${text} `).toMatch(new RegExp(` ${language === 'en' ? en : chinese}\\s`))
  })

  it('shows that a CLB does not serve or that its VIP is blocked', () => {
    const finding = findingOf(row(1), 'security-group/probe-blocked')
    if (!finding) throw new Error('no finding')
    for (const code of ['isolated', 'stopped', 'creating', 'vip-blocked'] as const) {
      const own = row(1, {
        verdict: 'degraded',
        counts: { pools: 1, total: 3, alive: 3, dead: 0, unknown: 0, off: 0, zeroWeight: 0 },
        findings: [{ ...finding, code: `load-balancer-state/${code}` }],
      })
      const one = scanOfRows(language, [own])
      const text = renderText(one, { color: false, width: 200 })
      if (code === 'vip-blocked')
        expect(text).toContain(language === 'en' ? '3/3 alive, VIP blocked' : '3/3 正常，VIP 被封堵')
      else {
        const title = language === 'en' ? 'Not serving' : '未提供服务'
        expect(text).toMatch(new RegExp(`${title} .*lb-row0001`))
      }
    }
  })

  it('lists the first CLBs that were not reached and counts the others', () => {
    const message = renderWecom(scan)
    const [notReached = ''] = message.split('\n').filter((line) => line.includes('lb-left'))
    expect(notReached).toMatch(
      language === 'en'
        ? /^Not reached: 30 CLBs\. 29 of them are known to have Dead backends: lb-left1, lb-left2, lb-left3 and 26 more\.$/
        : /^没有检查到的负载均衡：30 个。其中 29 个已知有异常后端：lb-left1、lb-left2、lb-left3 等 29 个。$/,
    )
    const text = renderText(scan, { color: false, width: 400 })
    expect(text).toContain(language === 'en' ? '9 more of these not shown' : '这些中另有 9 个未显示')
    const idle = { ...scan, notReached: scan.notReached.slice(0, 1) }
    expect(renderWecom(idle)).toMatch(
      language === 'en' ? /^Not reached: 1 CLB\.$/m : /^没有检查到的负载均衡：1 个。$/m,
    )
  })

  it('is a summary in Markdown, too', () => {
    expect(renderMarkdown(scan)).not.toContain('| --- |')
    expect(renderMarkdown(scan)).toContain('lb-row0000')
  })

  it('escapes markup in the page, which is also the HTML of the mail', () => {
    const page = renderHtml(scan)
    expect(page).toContain('&lt;b&gt;&amp;')
    expect(page).not.toMatch(/<b>|<script|https?:/)
    const mail = renderMail(scan)
    expect(mail.subject).toMatch(/^\[clb-doctor\] CLB/)
    expect(mail.html).toBe(page)
    expect(mail.text).toContain('lb-row0199')
  })

  it('names only CLBs with Dead backends among the CLBs that were not reached', () => {
    const text = renderText(scan, { color: false, width: 100 })
    expect(text).toContain('lb-left1 ')
    expect(text).not.toContain('lb-left0 ')
  })

  it('says that the backends of all CLBs pass, unless something was not read', () => {
    const well = scanOfRows(
      language,
      [1, 2].map((n) => row(n, { verdict: 'healthy', findings: [], attention: 'none' })),
    )
    const counts = { ...well.counts, down: 0, healthy: 2 }
    const whole: Scan = { ...well, verdict: 'healthy', gaps: [], notReached: [], regions: [], counts }
    const text = renderText(whole, { color: false, width: 100 })
    expect(text).toContain(
      language === 'en'
        ? 'The backends of 2 CLBs pass their health checks'
        : '2 个负载均衡的后端都通过健康检查',
    )
    expect(renderText({ ...whole, verdict: 'inconclusive' }, { color: false, width: 100 })).toContain(
      'headline',
    )
  })

  it('fills every placeholder of its texts', () => {
    for (const rows of [[], [row(1, { verdict: 'healthy', findings: [] })]]) {
      const one = scanOfRows(language, rows)
      for (const text of [renderText(one, { color: false, width: 90 }), renderHtml(one)])
        expect(text).not.toMatch(/\{\w+[|}]|undefined/)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { unread } from '../../src/model/fact.ts'
import { KUBECONFIG_ACTION } from '../../src/model/kubernetes.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { diagnosisReport } from '../../src/render/report.ts'
import { renderMail, renderText, renderWecom } from '../support/renderings.ts'
import { denied, diagnosisOf, type World } from '../support/snapshots.ts'

const ask = { trigger: { source: 'cli' as const, alarm: null } }
const EMPTY = { id: 'sg-none', region: 'ap-guangzhou', version: '1', ingress: [] } as const
const WORD = { 'zh-CN': '未能确定', en: 'Cannot tell' } as const

describe.each(LANGUAGES)('a message about a CLB on which nothing is wrong for sure, in %s', (language) => {
  const wecomOf = (world: World) => renderWecom(diagnosisOf(world, language, ask))

  it('says that health checks are off and where requests go', () => {
    const message = wecomOf({
      machines: [
        { host: 16, status: 'Close' },
        { host: 17, status: 'Close' },
      ],
    })
    expect(message).toContain(language === 'en' ? 'Health checks off' : '未做健康检查</font>')
    expect(message).toContain(language === 'en' ? 'forwards to all 2 backends' : '向全部 2 个后端转发')
    expect(message).not.toContain(WORD[language])
  })

  it('offers the probe with the real values, and no request to type, wherever it is read', () => {
    const machines = [
      { host: 16, status: 'Dead' },
      { host: 17, status: 'Alive' },
    ] as const
    const own = diagnosisOf({ machines }, language, ask)
    const [summary] = renderText(own, { width: 200, color: false }).split('lb-7dpmqwcu · ')
    for (const text of [renderWecom(own), summary ?? '']) {
      expect(text).toContain('clb-doctor guest-script lb-7dpmqwcu 10.0.1.16:8080 --region ap-guangzhou')
      expect(text).not.toMatch(/\b(?:nc -|curl -|ss -|iptables -)/)
    }
  })

  it('says that a look inside is under way, with a cause and without one, and once', () => {
    const group = { groups: ['sg-none'] } as const
    const worlds: readonly World[] = [
      { machines: [{ host: 16, status: 'Dead' }] },
      { machines: [{ host: 16, status: 'Dead', ...group }], groups: [{ ...EMPTY }] },
    ]
    const words = language === 'en' ? 'are being looked into' : '正在到后端机器内部查看'
    for (const world of worlds) {
      const own = diagnosisOf(world, language, ask)
      expect(renderWecom(own)).not.toContain(words)
      expect(renderWecom({ ...own, lookFollows: true }).split(words)).toHaveLength(2)
    }
  })

  it('offers the probe also if the cluster could not be read, and names that beside', () => {
    const fact = unread({
      problem: 'unavailable',
      action: KUBECONFIG_ACTION,
      code: 'ECONNREFUSED',
      message: '',
    })
    const own = diagnosisOf(
      { machines: [{ host: 16, status: 'Dead' }], replace: { kubernetes: fact } },
      language,
      ask,
    )
    const { summary } = diagnosisReport(own)
    expect(summary.map(({ topic }) => topic)).toEqual(
      expect.arrayContaining(['impact', 'cause', 'action', 'open']),
    )
    const text = renderWecom(own)
    expect(text).toContain('clb-doctor guest-script lb-7dpmqwcu 10.0.1.16:8080')
    expect(text).toContain('ECONNREFUSED')
  })

  it.each<[string, World]>([
    [
      'an unread fact',
      { machines: [{ host: 16, status: 'Alive' }], replace: { health: denied('clb:DescribeTargetHealth') } },
    ],
    [
      'a backend without a result',
      {
        machines: [
          { host: 16, status: 'Unknown' },
          { host: 17, status: 'Alive' },
        ],
      },
    ],
  ])('says %s once', (_, world) => {
    const lines = wecomOf(world).split('\n')
    expect(lines.filter((line) => line.includes('lb-7dpmqwcu'))).toHaveLength(2)
    expect(
      lines.filter(
        (line) => line.startsWith('**') && line.toLowerCase().includes(WORD[language].toLowerCase()),
      ),
    ).toEqual([])
  })
})

describe.each(LANGUAGES)('weights of 0 on every backend, in %s', (language) => {
  const own = diagnosisOf({ machines: [{ host: 16, status: 'Alive', weight: 0 }] }, language, ask)

  it('are the cause, because no request is served', () => {
    expect(own.attention).toBe('act-now')
    const cause = diagnosisReport(own).summary.find(({ topic }) => topic === 'cause')
    expect(cause?.label).toBe(language === 'en' ? 'Cause (certain)' : '原因（确定）')
  })

  it('stand in the subject of a mail, and the preheader has the state', () => {
    const { subject, html } = renderMail(own)
    const state = language === 'en' ? 'No backend takes requests' : '没有后端承接流量'
    expect(subject).toContain(state)
    expect(subject).toContain(
      own.findings.find(({ code }) => code === 'pool-membership/all-weights-zero')?.title,
    )
    expect(html).toMatch(new RegExp(`opacity:0">${state}[:：]`))
  })
})

import { describe, expect, it } from 'vitest'
import { parseAlarm } from '../../src/alarms/index.ts'
import { diagnoseNothing } from '../../src/diagnosis/nothing.ts'
import type { TargetStatus } from '../../src/model/diagnosis.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import type { LookupFailure } from '../../src/model/lookup-failure.ts'
import { sample } from '../alarms/samples.ts'
import { renderHtml, renderMail, renderMarkdown, renderWecom } from '../support/renderings.ts'
import { diagnosisOf, PLAIN_READER } from '../support/snapshots.ts'

describe('a listener with a single backend', () => {
  it.each<[TargetStatus, number]>([
    ['Alive', 10],
    ['Dead', 10],
    ['Unknown', 10],
    ['Close', 10],
    ['Alive', 0],
    ['Dead', 0],
  ])('that is %s with weight %i is described in the singular', (status, weight) => {
    const diagnosis = diagnosisOf({ machines: [{ host: 16, status, weight }] }, 'en')
    for (const text of [renderWecom(diagnosis), renderMail(diagnosis).text, renderMarkdown(diagnosis)])
      expect(text).not.toMatch(/\b1 (\w+ )?backends\b|\ball 1\b|\bthese 1\b|\{|#\d/)
  })
})

describe('an unreadable CLB', () => {
  const [alarm] = parseAlarm(sample('metric-l7-listener')).alarms
  if (!alarm) throw new Error('no alarm')

  const diagnosed = (lookupFailure: LookupFailure, language: Language, id: string | null = null) => {
    const clb = { ...alarm.clb, loadBalancerId: id }
    return diagnoseNothing(lookupFailure, clb, {
      id: 'dx-0000000000000000',
      createdAt: '2026-11-20T00:00:00Z',
      language,
      trigger: { source: 'cloud-monitor', alarm: { ...alarm, clb } },
      stats: { apiCalls: 1, durationMs: 1 },
      ...PLAIN_READER,
    })
  }
  const denied: LookupFailure = {
    kind: 'unreadable',
    failure: {
      action: 'clb:DescribeLoadBalancers',
      code: 'UnauthorizedOperation',
      problem: 'denied',
      message: '',
    },
    region: 'ap-guangzhou',
  }

  it.each(LANGUAGES)('is named by the VIP and the region of its alarm (%s)', (language) => {
    const diagnosis = diagnosed(denied, language)
    expect(renderWecom(diagnosis)).toMatch(/^# .*203\.0\.113\.26\n/)
    expect(renderMail(diagnosis).subject).toMatch(/^\[clb-doctor\] (无法判断|Cannot tell) 203\.0\.113\.26$/)
  })

  it.each(LANGUAGES)('shows the action to grant once (%s)', (language) => {
    for (const render of [renderWecom, renderMarkdown, renderHtml]) {
      // Beside the subject of a mail stands why. The page itself does not show that line.
      const text = render(diagnosed(denied, language)).replace(
        /<div style="display:none[^>]*>[^<]*<\/div>/,
        '',
      )
      expect(text.split('clb:DescribeLoadBalancers').length - 1).toBe(1)
    }
  })

  it.each(LANGUAGES)(
    'tells a reader of an alarm what to do, and names no option of a shell (%s)',
    (language) => {
      const about = { searched: '203.0.113.26', region: 'ap-guangzhou', candidates: ['lb-1', 'lb-2'] }
      const kinds = [
        'unknown-load-balancer',
        'unknown-domain',
        'ambiguous-vip',
        'no-region',
        'unknown-region',
      ] as const
      for (const failure of [denied, ...kinds.map((kind) => ({ kind, ...about }))])
        for (const render of [renderWecom, renderMarkdown, renderHtml]) {
          const text = render(diagnosed(failure, language))
          expect([failure.kind, text]).toEqual([failure.kind, expect.stringMatching(/What to do|处理建议/)])
          expect(text).not.toMatch(/--(region|vpc)|in the request|请求中/)
        }
    },
  )

  it('shows no empty place for an unknown region', () => {
    const noRegion: LookupFailure = {
      kind: 'no-region',
      searched: 'lb-7dpmqwcu',
      region: null,
      candidates: [],
    }
    const diagnosis = diagnosed(noRegion, 'en', 'lb-7dpmqwcu')
    expect(renderWecom(diagnosis)).not.toMatch(/· *\n|\(\)/)
    expect(renderMail(diagnosis).subject).toBe('[clb-doctor] Cannot tell lb-7dpmqwcu')
  })
})

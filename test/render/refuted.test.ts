import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { renderHtml, renderMarkdown, renderWecom } from '../support/renderings.ts'
import { allow, diagnosisOf, group } from '../support/snapshots.ts'

/** Five backends behind a group that denies by its rules. Four are healthy, so it denies nothing. */
const diagnosed = (language: (typeof LANGUAGES)[number]): Diagnosis =>
  diagnosisOf(
    {
      machines: [
        { host: 16, status: 'Dead', groups: ['sg-closed'] },
        ...[17, 18, 19, 20].map((host) => ({ host, status: 'Alive', groups: ['sg-closed'] })),
      ],
      groups: [group('sg-closed', [allow('10.0.0.0/8')])],
    },
    language,
  )

describe('a rule that healthy backends refute', () => {
  it.each(LANGUAGES)('is no step at which probes stop, and has a sign of its own (%s)', (language) => {
    for (const text of [renderHtml(diagnosed(language)), renderMarkdown(diagnosed(language))]) {
      expect(text).toContain('(✗)')
      expect(text.replaceAll('(✗)', '')).not.toMatch(/✗ (security group|安全组)/)
    }
  })

  it('is named where the message says that no cause is seen', () => {
    expect(renderWecom(diagnosed('en'))).toContain('a rule would deny the health check, but')
    expect(renderWecom(diagnosed('zh-CN'))).toContain('有规则会拒绝健康检查，但')
    expect(renderWecom(diagnosed('en'))).not.toContain('every step that can be evaluated')
  })
})

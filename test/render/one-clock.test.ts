import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { noticeOf } from '../support/notices.ts'
import { renderMail, renderMarkdown, renderWecom } from '../support/renderings.ts'
import { allow, diagnosisOf, group, type World } from '../support/snapshots.ts'

const ZONE = 'Europe/Paris'
/** Names of the zones that a language has of its own, and a time of ISO 8601. */
const OTHER = /北京时间|Beijing|\bUTC\b|\dT\d\d:/

const BLOCKED: World = {
  machines: [{ host: 16, status: 'Dead', groups: ['sg-closed'] }],
  groups: [group('sg-closed', [allow('10.0.0.0/8')])],
}
const WARMING: World = {
  machines: [{ host: 16, status: 'Dead', registration: { registeredAt: '2026-11-20 07:59:50' } }],
}

const expectedUntil = (until: string) => ({
  expected: [
    { entry: 1, code: 'security-group/probe-blocked', resource: 'sg-closed', reason: 'drained', until },
  ],
})

const CASES: readonly (readonly [string, (language: Language) => Diagnosis])[] = [
  ['backends that warm up', (language) => diagnosisOf(WARMING, language, { timeZone: ZONE })],
  [
    'a finding that is expected until a time',
    (language) =>
      diagnosisOf(BLOCKED, language, { timeZone: ZONE, ...expectedUntil('2026-12-01T10:00:00Z') }),
  ],
  [
    'an entry that ended at a time',
    (language) =>
      diagnosisOf(BLOCKED, language, { timeZone: ZONE, ...expectedUntil('2026-11-01T10:00:00Z') }),
  ],
]

describe('a zone of the user’s own', () => {
  it.each(CASES)('is the only clock of a message about %s', (_, make) => {
    for (const language of LANGUAGES) {
      const diagnosis = make(language)
      const mail = renderMail(diagnosis)
      const notice = noticeOf(diagnosis, {
        timeZone: ZONE,
        news: ['worse'],
        incident: { silencedUntil: '2026-11-20T02:00:00Z' },
      })
      const digest = {
        kind: 'digest',
        id: 'dg-0000000000000001',
        createdAt: '2026-11-20T00:40:00Z',
        language,
        timeZone: ZONE,
        why: 'away',
        since: '2026-11-20T00:00:00Z',
        notices: [notice],
      } as const
      const all = [
        mail.text,
        mail.html,
        renderMarkdown(diagnosis),
        renderWecom(diagnosis),
        renderWecom(notice),
        renderWecom(digest),
      ]
      for (const text of all) {
        expect(text).toContain(ZONE)
        expect(text).not.toMatch(OTHER)
      }
    }
  })
})

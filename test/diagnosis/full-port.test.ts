import { describe, expect, it } from 'vitest'
import type { Language } from '../../src/model/language.ts'
import { diagnosisOf, healthCheck } from '../support/snapshots.ts'

// A backend of a full-port listener is bound with port 0. It has no port of its own and takes the port of the listener.

const full = (port: number | null, language: Language = 'en') =>
  diagnosisOf(
    {
      machines: [{ host: 16, status: 'Dead', registration: { port: 0 } }],
      listener: { port: 1, endPort: 65_535, healthCheck: healthCheck({ port }) },
    },
    language,
  )

describe('the port in the by-hand commands for a full-port listener', () => {
  it('is the port of the health check', () => {
    expect(full(80).gaps.flatMap(({ byHand }) => byHand ?? [])).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^clb-doctor guest-script lb-7dpmqwcu 10\.0\.1\.16 --region ap-guangzhou /),
        expect.stringMatching(/^clb-doctor guest-judge - --target=10\.0\.1\.16:80 /),
        'nc -vz -w 2 10.0.1.16 80  # from another machine of the VPC',
      ]),
    )
  })

  it('is left out if the health check has no port, and no text shows port 0', () => {
    for (const language of ['en', 'zh-CN'] as const) {
      const { gaps, findings, headline } = full(null, language)
      const lines = gaps.flatMap(({ byHand }) => byHand ?? [])
      expect(lines[1]).toMatch(/^clb-doctor guest-script lb-7dpmqwcu 10\.0\.1\.16 /)
      expect(lines[3]).toMatch(/^clb-doctor guest-judge - --snapshot clb\.json /)
      expect(lines.join()).not.toContain('nc ')
      const texts = [
        headline,
        ...gaps.flatMap(({ what, why }) => [what, why]),
        ...findings.map(({ title }) => title),
      ]
      expect([...texts, ...lines].join('\n')).not.toMatch(/10\.0\.1\.16:0|:0\b| 0\b/)
    }
  })
})

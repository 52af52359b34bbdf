import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { FindingCode, Verdict } from '../../src/model/diagnosis.ts'
import { type Digest, type IncidentNotice, NEWS_ORDER, type NoticeMember } from '../../src/model/incident.ts'
import type { ScanCause } from '../../src/model/scan.ts'
import { blocked } from '../delivery/diagnoses.ts'
import { noticeOf, PAGES } from '../support/notices.ts'
import { renderHtml, renderMail, renderMarkdown, renderText, renderWecom } from '../support/renderings.ts'

// Messages about incidents of any shape, with names that can break a format.

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '<@all>',
    '<font color="info">ok</font>',
    '[click](http://evil.example)',
    '`code`',
    '**bold**',
    'a\nb\r\nc',
    '\u202egnp.exe',
    '\ud800',
    '😀'.repeat(50),
    '{count|#|#}',
    '安全组'.repeat(400),
    '<script>alert(1)</script>',
  ),
)

const member: fc.Arbitrary<NoticeMember> = fc.record({
  id: fc.integer({ min: 0, max: 99_999_999 }).map((n) => `lb-${String(n).padStart(8, '0')}`),
  name: nasty,
  region: fc.constantFrom('ap-guangzhou', 'ap-shanghai', ''),
  verdict: fc.constantFrom<Verdict>('down', 'degraded', 'inconclusive', 'healthy'),
  attention: fc.constantFrom('act-now', 'act-soon', 'watch', 'none'),
  headline: nasty,
  backends: fc.record({ total: fc.nat(500), dead: fc.nat(500) }),
  hasRecovered: fc.boolean(),
})

const cause = (ids: readonly string[]): fc.Arbitrary<ScanCause> =>
  fc.record({
    code: fc.constant<FindingCode>('security-group/probe-blocked'),
    certainty: fc.constantFrom('certain', 'likely', 'possible'),
    title: nasty,
    quote: nasty,
    resources: fc.array(fc.record({ type: fc.constantFrom('security-group', 'cvm'), id: nasty }), {
      maxLength: 3,
    }),
    loadBalancers: ids.length > 0 ? fc.subarray([...ids]) : fc.constant([]),
    explains: fc.nat(100),
    fixes: fc.array(
      fc.record({
        kind: fc.constantFrom('open', 'undo', 'advice'),
        summary: nasty,
        verified: fc.boolean(),
        widens: nasty,
        from: fc.array(fc.ipV4(), { maxLength: 20 }),
        loadBalancers: fc.nat(20),
        recovers: fc.nat(20),
      }),
      { maxLength: 3 },
    ),
  })

const notice: fc.Arbitrary<IncidentNotice> = fc
  .record({
    lead: fc.constantFrom(blocked('zh-CN'), blocked('en')),
    members: fc.array(member, { minLength: 1, maxLength: 20 }),
    news: fc.subarray([...NEWS_ORDER], { minLength: 1 }),
    durationSeconds: fc.option(fc.nat(1_000_000)),
    firings: fc.nat(5),
    dead: fc.option(fc.record({ before: fc.nat(300), now: fc.nat(300) })),
    acknowledgedBy: nasty,
    silencedUntil: fc.constantFrom('2026-11-20T02:00:00Z', '2026-11-19T02:00:00Z', 'soon'),
    reopened: fc.nat(3),
    hasPages: fc.boolean(),
  })
  .chain(({ lead, members, dead, acknowledgedBy, silencedUntil, reopened, hasPages, ...fields }) => {
    const ids = members.map(({ id }) => id)
    return fc
      .record({ causes: fc.array(cause(ids), { maxLength: 6 }), joined: fc.subarray(ids) })
      .map(({ causes, joined }) =>
        noticeOf(lead, {
          ...fields,
          members,
          causes,
          change: { dead, joined, recovered: [] },
          incident: { acknowledgedBy, silencedUntil, reopened },
          pages: hasPages ? PAGES : null,
        }),
      )
  })

const digest: fc.Arbitrary<Digest> = fc
  .record({
    notices: fc.array(notice, { minLength: 1, maxLength: 20 }),
    why: fc.constantFrom('away', 'limit'),
    language: fc.constantFrom('zh-CN', 'en'),
  })
  .map((fields) => ({
    kind: 'digest',
    id: 'dg-0000000000000001',
    createdAt: '2026-11-20T00:40:00Z',
    since: '2026-11-20T00:00:00Z',
    ...fields,
  }))

const count = (text: string, part: string): number => text.split(part).length - 1

it('is within the limit, whole and without markup or mentions of others, for any incident or digest', () => {
  fc.assert(
    fc.property(fc.oneof({ weight: 4, arbitrary: notice }, digest), (message) => {
      const text = renderWecom(message)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096)
      expect(text.isWellFormed()).toBe(true)
      expect(text).toMatch(/^# <font color="\w+">[^<]+<\/font>/)
      expect(text.replace(/<font color="(info|comment|warning)">|<\/font>/g, '')).not.toMatch(/<[@a-z/]/i)
      const bare = text
        .replace(/`[^`]*`/g, '')
        .replaceAll(/\]\(https:\/\/(console\.cloud\.tencent\.com|clb\.example\.com)\/[\w/?=&-]+\)/g, '')
      expect(bare).not.toMatch(/\]\(/)
      for (const line of text.split('\n')) expect(count(line, '<font ')).toBe(count(line, '</font>'))
      const mail = renderMail(message)
      const others = [mail.text, renderMarkdown(message), renderText(message, { color: true, width: 80 })]
      for (const one of [text, mail.html, ...others]) {
        expect(one).not.toMatch(/\bundefined\b|\[object |\bNaN\b/)
        expect(one.isWellFormed()).toBe(true)
        expect(one.includes('\u202e')).toBe(false)
      }
      expect(renderHtml(message)).not.toMatch(/<script|<@|javascript:/i)
    }),
    { numRuns: 150 },
  )
})

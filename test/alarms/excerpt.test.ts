import { describe, expect, it } from 'vitest'
import { parseAlarm } from '../../src/alarms/index.ts'
import { excerpt } from '../../src/app/excerpt.ts'
import { refusedBody, refusedPayloads } from '../../src/app/refused.ts'
import { PLANTED, PLANTED_KINDS } from '../support/planted.ts'
import { sample, sampleNames } from './samples.ts'

/** The word itself, and in base64 and in the encodings of a URL. */
const LEAKS = new RegExp([PLANTED, Buffer.from(PLANTED).toString('base64url').slice(0, -2)].join('|'), 'i')

describe('the excerpt of a refused payload', () => {
  it('is tested with at least 32 kinds of credentials', () => {
    expect(new Set(PLANTED_KINDS.map(([name]) => name)).size).toBeGreaterThanOrEqual(32)
  })

  it.each(PLANTED_KINDS)('masks a secret in %s', (_, payload) => {
    expect(excerpt(payload)).not.toMatch(LEAKS)
    expect(excerpt(payload)).toContain('***')
  })

  it.each(PLANTED_KINDS)('masks a secret in %s, inside a text of another payload', (_, payload) => {
    const inner = typeof payload === 'string' ? payload : JSON.stringify(payload)
    for (const outer of [{ a: [{ text: inner }] }, { body: JSON.stringify({ text: inner }) }, `see ${inner}`])
      expect(excerpt(outer)).not.toMatch(LEAKS)
  })

  it.each(sampleNames.filter((name) => !name.startsWith('scf-')))(
    'shows all of the sample %s, which has no secret',
    (name) => {
      const shown = excerpt(sample(name))
      expect(shown).toBe(JSON.stringify(sample(name)).slice(0, shown.length))
    },
  )

  it('does not change a short payload without a secret', () => {
    const payload = { sessionId: 's-1', alarmObjInfo: { dimensions: { vip: '203.0.113.26', port: '443' } } }
    expect(excerpt(payload)).toBe(JSON.stringify(payload))
    expect(excerpt('<xml>no alarm</xml>')).toBe('<xml>no alarm</xml>')
  })

  it.each([
    'the token is expired, and a passphrase prompt appeared',
    'token 2026 of 4000, token refresh, token lifetime 3600',
    '密钥已过期，请更换；密钥是否有效？令牌 60 秒后过期，口令 2026-12-31 到期',
    'sacred: a cow, credit: 12, upward=1',
    'docker run -p 8080:80 nginx, ssh -p 2222 login',
  ])('does not change ordinary words: %s', (text) => {
    expect(excerpt({ text })).toBe(JSON.stringify({ text }))
    expect(excerpt(text)).toBe(text)
  })

  it('does not change the port of a command', () => {
    const payload = { args: ['ssh', '-p', '2222', 'host'] }
    expect(excerpt(payload)).toBe(JSON.stringify(payload))
  })

  it('is at most 2 KB and does not split a character', () => {
    const cut = excerpt({ text: '异'.repeat(5000) })
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(2048)
    expect(cut).not.toContain('\uFFFD')
  })

  it('is short even if the payload is very deep or very long', () => {
    let deep: unknown = 'x'
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(excerpt(deep)).toContain('[too deep to show]')
    for (const text of ['token'.repeat(200_000), '"token":"'.repeat(100_000), '://'.repeat(300_000)])
      expect(excerpt(text).length).toBeLessThanOrEqual(2048)
  })

  it.each([
    ['token', 'token '],
    ['a name', 'a'],
    ['quotes', '"'],
    ['escapes', '\\"'],
    ['spaces', ' '],
    ['options', '-u '],
    ['schemes', '://a:'],
    ['PEM', '-----BEGIN A-----'],
    ['XML', '<token '],
    ['dots', 'eyJaaaa.'],
    ['at signs', 'a:b@'],
    ['password is', 'password is '],
  ])('takes little time for a text of many %s', (_, part) => {
    const text = part.repeat(Math.ceil(1_000_000 / part.length))
    const before = performance.now()
    excerpt(text)
    excerpt({ text, more: [text] })
    expect(performance.now() - before).toBeLessThan(500)
  })
})

describe('the record of a refused payload', () => {
  const now = Date.UTC(2026, 10, 20)

  it('has the time, the reason and the excerpt, once for each reason', () => {
    const payload = { alerts: [{ labels: { job: 'node' }, token: PLANTED }, 7] }
    const records = refusedPayloads(payload, parseAlarm(payload).refusals, now)
    expect(records.map(({ at, reason }) => [at, reason])).toEqual([
      ['2026-11-20T00:00:00.000Z', 'no-clb-named'],
      ['2026-11-20T00:00:00.000Z', 'unknown-shape'],
    ])
    expect(records[0]?.excerpt).toContain('node')
    expect(JSON.stringify(records)).not.toContain(PLANTED)
  })

  it('is made of a body that is not JSON, too', () => {
    expect(refusedBody(`token=${PLANTED}`, now)).toEqual({
      at: '2026-11-20T00:00:00.000Z',
      reason: 'not-json',
      detail: 'The body of an alarm must be JSON.',
      excerpt: 'token=***',
    })
  })
})

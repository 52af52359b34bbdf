import { describe, expect, it } from 'vitest'
import { excerpt } from '../../src/app/excerpt.ts'

const PLANTED = 'p1anted'

describe('the excerpt of a refused payload', () => {
  it.each<[string, unknown]>([
    ['a field', { Authorization: `Basic ${PLANTED}` }],
    ['fields with other names', { credential: PLANTED, private_key: PLANTED, 'x-api-key': PLANTED }],
    ['JSON in a string', { Message: JSON.stringify({ inner: { secretKey: PLANTED } }) }],
    ['JSON in JSON in a string', { a: JSON.stringify({ b: JSON.stringify({ token: PLANTED }) }) }],
    ['a list or an object', { tokens: [PLANTED], secret: { value: PLANTED } }],
    ['a header as name and value', { headers: [{ name: 'Authorization', value: PLANTED }] }],
    ['form data', `token=${PLANTED}&x=1`],
    ['plain text', `password: ${PLANTED}`],
    ['a header line', `Authorization: Bearer ${PLANTED}`],
    ['single quotes', `{'token':'${PLANTED}'}`],
    ['JSON that was cut', `{"a":1,"token":"${PLANTED}`],
    ['JSON with an object that was cut', `{"a":1,"secret":{"value":"${PLANTED}`],
    ['the user of a URL', { url: `https://user:${PLANTED}@example.com/` }],
    ['the query of a URL', { url: `https://x/?apikey=${PLANTED}&sign=${PLANTED}&key=${PLANTED}` }],
    ['the path of a webhook', { url: `https://hooks.slack.com/services/T0/B0/${PLANTED}` }],
    ['a field after a long text', { text: 'x'.repeat(1500), token: PLANTED.repeat(200) }],
  ])('masks a secret in %s', (_, payload) => {
    expect(excerpt(payload)).not.toContain(PLANTED)
    expect(excerpt(payload)).toContain('***')
  })

  it('does not change a short payload without a secret', () => {
    const payload = { sessionId: 's-1', alarmObjInfo: { dimensions: { vip: '203.0.113.26', port: '443' } } }
    expect(excerpt(payload)).toBe(JSON.stringify(payload))
    expect(excerpt('<xml>no alarm</xml>')).toBe('<xml>no alarm</xml>')
  })

  it('is at most 2 KB and does not split a character', () => {
    const cut = excerpt({ text: '异'.repeat(5000) })
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(2048)
    expect(cut).not.toContain('\uFFFD')
  })

  it('is short even if the payload is very deep or very long', () => {
    let deep: unknown = 'x'
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(excerpt(deep)).toBe('[too deep to show]')
    for (const text of ['token'.repeat(200_000), '"token":"'.repeat(100_000), '://'.repeat(300_000)])
      expect(excerpt(text).length).toBeLessThanOrEqual(2048)
  })
})

import { describe, expect, it } from 'vitest'
import { loadConfig, shortTokens } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { createLinks, type LinkPurpose } from '../../src/app/links.ts'
import { logged } from '../http/support.ts'

const NOW = Date.parse('2026-11-20T00:00:00Z')
const ENV = { TENCENTCLOUD_SECRETID: 'id', TENCENTCLOUD_SECRETKEY: 'key' }
const configOf = (env: Readonly<Record<string, string>>) =>
  loadConfig({ ...ENV, CLB_DOCTOR_PUBLIC_URL: 'https://clb.example.com', ...env })
const linksOf = (env: Readonly<Record<string, string>>) => createLinks(configOf(env))
const OLD = 'old-link-key-of-16'
const NEW = 'new-link-key-of-16'
const TOKEN = 'api-t0ken-of-16-letters'

/** Does one configuration accept what another one signed? */
function accepts(by: Readonly<Record<string, string>>, signed: Readonly<Record<string, string>>): string {
  const url = new URL(linksOf(signed).pagesOf('in-1', 'en', NOW)?.silence ?? '')
  const given = { purpose: 'silence' as LinkPurpose, incident: 'in-1', query: url.searchParams }
  return linksOf(by).check(given, NOW).outcome
}

describe('links', () => {
  it.each([
    ['https://clb.example.com', 'https://clb.example.com'],
    ['https://clb.example.com/', 'https://clb.example.com'],
    ['https://ops.example.com:8443/clb/', 'https://ops.example.com:8443/clb'],
    ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
    ['http://localhost:9000/', 'http://localhost:9000'],
  ])('begin with the address %s', (address, base) => {
    const pages = linksOf({ CLB_DOCTOR_PUBLIC_URL: address, CLB_DOCTOR_LINK_KEY: NEW }).pagesOf(
      'in-1',
      'en',
      NOW,
    )
    for (const [name, url] of Object.entries(pages ?? {}))
      expect(url).toMatch(
        new RegExp(
          `^${base}/incidents/in-1${name === 'incident' ? '' : `/${name}`}\\?until=1795737600&lang=en&sig=[\\w-]{43}$`,
        ),
      )
    expect(Object.keys(pages ?? {})).toEqual(['incident', 'acknowledge', 'silence'])
  })

  it('are signed by the first key, and both keys are accepted while they rotate', () => {
    const [old, both, fresh] = [OLD, `${NEW} ${OLD}`, NEW].map((key) => ({ CLB_DOCTOR_LINK_KEY: key }))
    if (!old || !both || !fresh) throw new Error('three keys')
    expect([accepts(both, old), accepts(both, both), accepts(fresh, both), accepts(old, both)]).toEqual([
      'right',
      'right',
      'right',
      'wrong',
    ])
  })

  it('are signed by a key that is derived from the API token if there is no other one, never by the token itself', () => {
    const token = { CLB_DOCTOR_API_TOKEN: TOKEN }
    expect(accepts(token, token)).toBe('right')
    expect(accepts({ CLB_DOCTOR_LINK_KEY: TOKEN }, token)).toBe('wrong')
    expect(accepts({ ...token, CLB_DOCTOR_LINK_KEY: NEW }, token)).toBe('wrong')
    expect(accepts({ CLB_DOCTOR_API_TOKEN: `${NEW} ${TOKEN}` }, token)).toBe('right')
  })

  it('do not exist without an address, without a key, or in a process that shares nothing and does not live on', () => {
    expect(
      createLinks(loadConfig({ ...ENV, CLB_DOCTOR_LINK_KEY: NEW })).pagesOf('in-1', 'en', NOW),
    ).toBeNull()
    expect(linksOf({}).pagesOf('in-1', 'en', NOW)).toBeNull()
    for (const [env, canWait, why] of [
      [{ CLB_DOCTOR_LINK_KEY: NEW }, true, null],
      [{ CLB_DOCTOR_LINK_KEY: NEW }, false, 'CLB_DOCTOR_REDIS_URL'],
      [{}, true, 'CLB_DOCTOR_LINK_KEY'],
    ] as const) {
      const { log, lines } = logged()
      const context = createContext(configOf(env), log, { canWait })
      expect(context.pagesOf('in-1', 'en') === null).toBe(why !== null)
      expect(lines).toEqual(why === null ? [] : [expect.stringContaining(why)])
      context.close()
    }
  })

  it('with a short key are warned of', () => {
    expect(shortTokens(configOf({ CLB_DOCTOR_LINK_KEY: `${NEW} short` }))).toEqual(['CLB_DOCTOR_LINK_KEY'])
    expect(shortTokens(configOf({ CLB_DOCTOR_LINK_KEY: NEW }))).toEqual([])
  })

  it('and their key are in no print of the configuration', () => {
    const config = configOf({ CLB_DOCTOR_LINK_KEY: NEW })
    expect(JSON.stringify(config)).not.toContain(NEW)
  })
})

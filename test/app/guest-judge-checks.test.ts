import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { evaluateInSnapshot } from '../../src/app/guest-judge/index.ts'
import { type GuestScript, guestScriptOf } from '../../src/app/guest-script.ts'
import { ok } from '../../src/model/fact.ts'
import type { GuestReport } from '../../src/model/guest.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import type { HealthCheck, Snapshot } from '../../src/model/snapshot.ts'
import { healthCheck, listener, snapshotOf } from '../support/snapshots.ts'

// One backend stands in several pools, each with a check of its own.

const ANSWERS_503 = readFileSync(
  new URL('../fixtures/guest-probe/http-path-503/probe.txt', import.meta.url),
  'utf8',
).replace('host=\n', 'host=shop.example.com\n')

interface Front {
  readonly rule: string | null
  readonly url?: string
  readonly check?: Partial<HealthCheck>
  readonly status: 'Dead' | 'Alive'
  readonly listenerId?: string
}

const HTTP = { type: 'HTTP', method: 'GET', path: '/healthz', timeoutSeconds: 2, sourceIpType: 1 } as const

/** 10.0.1.16:80 behind each of these, whose checks send to /healthz if nothing else is said. */
function behind(...fronts: readonly Front[]): Snapshot {
  const parts = fronts.map(({ rule, url = '/', check, status, listenerId = 'lbl-aaaaaaaa' }, i) => {
    const own = healthCheck({ ...HTTP, ...check })
    const one = listener({
      id: listenerId,
      port: listenerId === 'lbl-aaaaaaaa' ? 80 : 8000 + i,
      protocol: rule === null ? 'TCP' : 'HTTP',
      healthCheck: rule === null ? own : null,
      rules: rule === null ? [] : [ruleOf(rule, url, own)],
    })
    const registration = { locationId: rule, port: 80, listenerId }
    return snapshotOf({ listener: one, machines: [{ host: 16, status, registration }] })
  })
  const all = <T>(list: (one: Snapshot) => { readonly state: string; readonly value?: readonly T[] }) =>
    parts.flatMap((one) => list(one).value ?? [])
  const listeners = all((one) => one.listeners)
  const joined = [...new Set(listeners.map(({ id }) => id))].flatMap((id) => {
    const own = listeners.filter((one) => one.id === id)
    return own[0] ? [{ ...own[0], rules: own.flatMap(({ rules }) => rules) }] : []
  })
  return {
    ...(parts[0] ?? snapshotOf({ machines: [] })),
    listeners: ok(joined),
    registrations: ok(all((one) => one.registrations)),
    health: ok(all((one) => one.health)),
  }
}

const ruleOf = (locationId: string, url: string, own: HealthCheck) => ({
  locationId,
  domain: 'shop.example.com',
  url,
  healthCheck: own,
  forwardType: 'HTTP',
  targetType: 'NODE',
  targetGroupIds: [],
  redirectsTo: null,
})

const output = (text: string): GuestReport => ({
  kind: 'probe',
  text,
  by: 'hand',
  at: '2026-11-20T00:00:00.000Z',
  instanceId: null,
})
const NOTHING = { kind: null, path: null, host: null, method: null, codes: null, timeoutSeconds: null }

function answersTo(text: string | GuestReport, snapshot: Snapshot, language: Language = 'en') {
  const report = typeof text === 'string' ? output(text) : text
  const target = typeof text === 'string' ? null : { ip: '10.0.1.16', port: 80 }
  const question = { report, target, sources: null, check: NOTHING, language }
  const evaluated = evaluateInSnapshot(question, snapshot)
  if (evaluated.refusal !== null) throw new Error(evaluated.refusal)
  return [evaluated, ...(evaluated.others ?? [])].map(({ answer }) => answer)
}

const told = (text: string | GuestReport, snapshot: Snapshot) =>
  answersTo(text, snapshot).map(({ pool, findings }) => [pool?.locationId, findings.map(({ code }) => code)])

const OTHER = { path: '/other' } as const

describe('guest-judge with a snapshot that has several checks of the backend', () => {
  it.each([
    ['before', ['loc-own', 'loc-other']],
    ['behind', ['loc-other', 'loc-own']],
  ])('takes the one that the output was asked about, if it stands %s the other', (_, rules) => {
    const fronts = rules.map(
      (rule): Front => ({
        rule,
        url: `/${rule}`,
        status: 'Dead',
        check: rule === 'loc-other' ? OTHER : {},
      }),
    )
    expect(told(ANSWERS_503, behind(...fronts))).toEqual([['loc-own', ['guest-http/status-mismatch']]])
  })

  it('takes it if another one is Dead and it is not', () => {
    const snapshot = behind(
      { rule: 'loc-other', url: '/a', status: 'Dead', check: OTHER },
      { rule: 'loc-own', url: '/b', status: 'Alive' },
    )
    expect(told(ANSWERS_503, snapshot).map(([rule]) => rule)).toEqual(['loc-own'])
  })

  it('answers for each check that the same request can be of', () => {
    const snapshot = behind(
      { rule: 'loc-all', url: '/a', status: 'Dead', check: { httpCodes: 31 } },
      { rule: 'loc-few', url: '/b', status: 'Dead', check: { httpCodes: 2 } },
    )
    expect(told(ANSWERS_503, snapshot)).toEqual([
      ['loc-all', []],
      ['loc-few', ['guest-http/status-mismatch']],
    ])
    const withCodes = ANSWERS_503.replace('kind=http\n', 'kind=http\ncodes=2\n')
    expect(told(withCodes, snapshot).map(([rule]) => rule)).toEqual(['loc-few'])
  })

  it('answers once for pools with one check', () => {
    const snapshot = behind(
      { rule: 'loc-one', url: '/a', status: 'Dead' },
      { rule: 'loc-two', url: '/b', status: 'Dead' },
    )
    expect(told(ANSWERS_503, snapshot).map(([rule]) => rule)).toEqual(['loc-one'])
  })

  it('answers for each check, if recorded commands do not tell', () => {
    const curl = (path: string, code: number) =>
      `$ curl -sS -v --max-time 2 -H 'Host: shop.example.com' http://10.0.1.16:80${path}\n< HTTP/1.1 ${code} X\n--exit 0--\n`
    const report: GuestReport = {
      ...output(''),
      kind: 'recorded',
      files: { curl: curl('/healthz', 503), 'curl-b': curl('/other', 200) },
    }
    const snapshot = behind(
      { rule: 'loc-own', url: '/a', status: 'Dead' },
      { rule: 'loc-other', url: '/b', status: 'Dead', check: OTHER },
    )
    expect(answersTo(report, snapshot).map(({ pool }) => pool?.locationId)).toEqual(['loc-own', 'loc-other'])
  })

  it.each(LANGUAGES)('says that the output is of another check than all of them, in %s', (language) => {
    const [answer, ...others] = answersTo(
      ANSWERS_503,
      behind({ rule: 'loc-other', status: 'Dead', check: OTHER }),
      language,
    )
    expect(others).toEqual([])
    expect(answer?.findings).toEqual([])
    expect(answer?.outcomes.map(({ outcome }) => outcome)).toEqual(['unknown'])
    const note = answer?.notes?.find((one) => one.includes('/healthz'))
    expect(note).toContain('HTTP GET shop.example.com/healthz')
    expect(note).toContain('HTTP GET shop.example.com/other')
  })
})

describe('guest-script for a backend with several checks', () => {
  const snapshot = behind(
    { rule: 'loc-cart', url: '/cart', status: 'Dead' },
    { rule: 'loc-shop', url: '/shop', status: 'Dead', check: OTHER },
    { rule: null, status: 'Dead', listenerId: 'lbl-bbbbbbbb', check: { type: 'TCP' } },
  )
  const ask = (rule: string | null, listenerId: string | null = null, of = snapshot) =>
    guestScriptOf(of, { named: { ip: '10.0.1.16', port: 80 }, listenerId, rule, isWindows: false })
  const scriptOf = (...args: Parameters<typeof ask>): GuestScript => {
    const answer = ask(...args)
    if (answer.kind !== 'script') throw new Error(answer.kind)
    return answer.script
  }

  it('without a name asks about a Dead one, and tells how to name the others', () => {
    const { pool, others } = scriptOf(null)
    expect(pool.option).toBe('--rule loc-cart')
    expect(others.map(({ option }) => option)).toEqual(['--rule loc-shop', '--listener lbl-bbbbbbbb'])
    for (const { option, name } of others) {
      const [, flag, id = ''] = /^--(\w+) (\S+)$/.exec(option) ?? []
      expect(scriptOf(flag === 'rule' ? id : null, flag === 'listener' ? id : null).pool.name).toBe(name)
    }
  })

  it.each(['loc-shop', 'shop.example.com/shop', '/shop', 'https://SHOP.example.com/shop'])(
    'takes the rule %s',
    (rule) => {
      expect(scriptOf(rule).pool.name).toBe('HTTP:80 shop.example.com/shop')
      expect(scriptOf(rule, 'lbl-aaaaaaaa').pool.option).toBe('--rule loc-shop')
    },
  )

  it.each([
    ['a listener with several rules', null, 'lbl-aaaaaaaa'],
    ['a domain of several rules', 'shop.example.com', null],
  ])('does not choose for %s', (_, rule, listenerId) => {
    const answer = ask(rule, listenerId)
    expect(answer).toMatchObject({ kind: 'several-checks', endpoint: '10.0.1.16:80' })
    expect(answer.kind === 'several-checks' && answer.pools.map(({ option }) => option)).toEqual([
      '--rule loc-cart',
      '--rule loc-shop',
    ])
  })

  it('of several rules that a name fits takes the one in which the backend is Dead', () => {
    const healthy = behind(
      { rule: 'loc-cart', url: '/cart', status: 'Alive' },
      { rule: 'loc-shop', url: '/shop', status: 'Dead', check: OTHER },
    )
    expect(scriptOf(null, 'lbl-aaaaaaaa', healthy).pool.option).toBe('--rule loc-shop')
  })

  it.each([
    ['shop.example.com/nowhere', null, ['--rule loc-cart', '--rule loc-shop']],
    ['loc-cart', 'lbl-bbbbbbbb', []],
  ])('lists the rules that are there for %s', (rule, listenerId, expected) => {
    const answer = ask(rule, listenerId)
    expect(answer.kind === 'no-rule' && answer.pools.map(({ option }) => option)).toEqual(expected)
  })
})

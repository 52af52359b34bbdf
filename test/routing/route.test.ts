import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Route, RouteMatch, RouteSubject, Routing } from '../../src/model/routing.ts'
import { routed, scanSubject, subjectOf } from '../../src/routing/index.ts'

const ALL = ['oncall', 'shop', 'weekly']

const shop = subjectOf({
  id: 'lb-7dpmqwcu',
  name: 'shop-front',
  region: 'ap-guangzhou',
  verdict: 'down',
  attention: 'act-now',
  facts: {
    tags: { team: 'shop', stage: 'prod' },
    vpc: 'vpc-1ywqac83',
    policies: ['policy-1', 'clb-health'],
    codes: ['security-group/probe-blocked'],
  },
})

const to = (match: RouteMatch, ...names: readonly string[]): Route => ({ match, to: names, continue: false })
const on = (match: RouteMatch, ...names: readonly string[]): Route => ({ match, to: names, continue: true })
const decided = (routes: readonly Route[], own: Routing['default'] = null, subject: RouteSubject = shop) => {
  const { route, receivers } = routed(subject, { routes, default: own }, ALL)
  return [route, receivers]
}

describe('a match', () => {
  it.each<[RouteMatch, boolean]>([
    [{}, true],
    [{ tag: { team: ['shop'] } }, true],
    [{ tag: { team: ['pay', 'sh*'] } }, true],
    [{ tag: { team: ['pay'] } }, false],
    [{ tag: { team: ['shop'], stage: ['test'] } }, false],
    [{ tag: { owner: ['*'] } }, false],
    [{ tag: { toString: ['*'] } }, false],
    [{ name: ['shop-*'] }, true],
    [{ name: ['shop'] }, false],
    [{ policy: ['clb-*'] }, true],
    [{ policy: ['policy-1'] }, true],
    [{ region: ['ap-shanghai', 'ap-guangzhou'] }, true],
    [{ region: ['ap-shanghai'] }, false],
    [{ vpc: ['vpc-1ywqac83'] }, true],
    [{ loadBalancer: ['lb-00000000'] }, false],
    [{ loadBalancer: ['lb-7dpmqwcu'], verdict: ['down'] }, true],
    [{ verdict: ['degraded'] }, false],
    [{ attention: ['act-now', 'act-soon'] }, true],
    [{ source: ['scan'] }, false],
    [{ source: ['alarm'] }, true],
    [{ code: ['security-group/probe-blocked'] }, true],
    [{ code: ['security-group/*'] }, false],
  ])('%j holds for the CLB of the shop: %s', (match, holds) => {
    expect(decided([to(match, 'shop')], ['oncall'])).toEqual(holds ? [1, ['shop']] : ['default', ['oncall']])
  })

  it('of a scan can ask for its regions, verdict, attention and causes, and for nothing of a single CLB', () => {
    const scan = scanSubject({
      region: ['ap-guangzhou', 'ap-shanghai'],
      verdict: ['degraded'],
      attention: ['act-soon'],
      code: [],
    })
    expect(decided([to({ source: ['scan'], region: ['ap-shanghai'] }, 'weekly')], null, scan)).toEqual([
      1,
      ['weekly'],
    ])
    for (const match of [{ name: ['*'] }, { tag: { team: ['*'] } }, { policy: ['*'] }])
      expect(decided([to(match, 'shop')], ['oncall'], scan)).toEqual(['default', ['oncall']])
  })
})

describe('the routes', () => {
  it('are asked in their order, and the first that matches decides', () => {
    expect(decided([to({ verdict: ['healthy'] }, 'weekly'), to({}, 'shop'), to({}, 'oncall')])).toEqual([
      2,
      ['shop'],
    ])
  })

  it('go on behind a route that says so, and each receiver is named once', () => {
    expect(decided([on({}, 'weekly', 'oncall'), to({}, 'oncall', 'shop'), to({}, 'x')])).toEqual([
      2,
      ['weekly', 'oncall', 'shop'],
    ])
    expect(decided([on({}, 'weekly'), to({ name: ['x'] }, 'shop')], ['oncall'])).toEqual([1, ['weekly']])
  })

  it('may tell nobody', () => {
    expect(decided([to({})], ['oncall'])).toEqual([1, []])
  })

  it('leave the rest to the default, without one to every receiver', () => {
    expect(decided([], ['oncall'])).toEqual(['default', ['oncall']])
    expect(decided([], null)).toEqual(['all', ALL])
    expect(decided([], [])).toEqual(['default', []])
  })

  it('say of each route that was asked why it does not match', () => {
    const { steps } = routed(
      shop,
      {
        routes: [to({ tag: { team: ['pay'] } }, 'x'), to({ region: ['ap-shanghai'] }, 'x'), to({}, 'y')],
        default: null,
      },
      ALL,
    )
    expect(steps).toEqual([
      { route: 1, mismatch: { key: 'tag', tag: 'team', wanted: ['pay'], found: ['shop'] } },
      { route: 2, mismatch: { key: 'region', wanted: ['ap-shanghai'], found: ['ap-guangzhou'] } },
      { route: 3, mismatch: null },
    ])
  })

  // Every property is computed in another way than the code does it.
  const names = fc.subarray(ALL)
  const match = fc.oneof(
    fc.constant<RouteMatch>({}),
    fc.subarray(['down', 'healthy'], { minLength: 1 }).map((verdict): RouteMatch => ({ verdict })),
    fc.constantFrom('shop', 'pay').map((team): RouteMatch => ({ tag: { team: [team] } })),
  )
  const route = fc.record({ match, to: names, continue: fc.boolean() })
  const routing = fc.record({
    routes: fc.array(route, { maxLength: 8 }),
    default: fc.option(names, { nil: null }),
  })
  const holds = ({ verdict, tag }: RouteMatch): boolean =>
    (verdict === undefined || verdict.includes('down')) && (tag === undefined || tag.team?.[0] === 'shop')

  it('tell the union of the routes that match, up to the first that does not continue', () => {
    fc.assert(
      fc.property(routing, (given) => {
        const taking = given.routes.filter((one) => holds(one.match))
        const end = taking.findIndex((one) => !one.continue)
        const counted = end < 0 ? taking : taking.slice(0, end + 1)
        const { route: decides, receivers } = routed(shop, given, ALL)
        const expected = counted.length > 0 ? counted.flatMap((one) => one.to) : (given.default ?? ALL)
        expect([...receivers].sort()).toEqual([...new Set(expected)].sort())
        const last = counted.at(-1)
        expect(decides).toBe(
          last === undefined ? (given.default === null ? 'all' : 'default') : given.routes.indexOf(last) + 1,
        )
      }),
      { numRuns: 1_000 },
    )
  })

  it('that do not match, or stand behind the one that decides, change nothing', () => {
    fc.assert(
      fc.property(routing, fc.array(route, { maxLength: 3 }), (given, more) => {
        const before = routed(shop, given, ALL)
        const none = { match: { verdict: ['healthy'] }, to: ['weekly'], continue: false }
        const padded = { ...given, routes: [none, ...given.routes] }
        expect(routed(shop, padded, ALL).receivers).toEqual(before.receivers)
        const decides = typeof before.route === 'number' ? given.routes[before.route - 1] : undefined
        if (decides && !decides.continue)
          expect(routed(shop, { ...given, routes: [...given.routes, ...more] }, ALL)).toEqual(before)
      }),
      { numRuns: 1_000 },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  Route,
  RoutedClb,
  RouteField,
  RouteMatch,
  RouteSubject,
  Routing,
} from '../../src/model/routing.ts'
import { routed, scanSubject, subjectOf } from '../../src/routing/index.ts'

const ALL = ['oncall', 'shop', 'weekly']

const SHOP: RoutedClb = {
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
}
const shop = subjectOf(SHOP)

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
      unread: [],
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
      { route: 1, mismatch: { key: 'tag', tag: 'team', wanted: ['pay'], found: ['shop'] }, unread: [] },
      { route: 2, mismatch: { key: 'region', wanted: ['ap-shanghai'], found: ['ap-guangzhou'] }, unread: [] },
      { route: 3, mismatch: null, unread: [] },
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

describe('what could not be read', () => {
  /** The shop if this could not be read. */
  const without = (...unread: readonly RouteField[]): RouteSubject =>
    subjectOf({
      ...SHOP,
      facts: {
        ...SHOP.facts,
        tags: unread.includes('tag') ? {} : SHOP.facts.tags,
        codes: unread.includes('code') ? [] : SHOP.facts.codes,
        unread,
      },
    })
  const blind = (fields: Partial<RoutedClb> = {}): RouteSubject =>
    subjectOf({
      ...SHOP,
      verdict: 'inconclusive',
      attention: 'act-soon',
      facts: { tags: {}, vpc: null, policies: [], codes: [], unread: ['tag', 'name', 'vpc', 'code'] },
      ...fields,
    })

  it.each<[RouteField, RouteMatch]>([
    ['tag', { tag: { team: ['pay'] } }],
    ['name', { name: ['pay-*'] }],
    ['vpc', { vpc: ['vpc-00000000'] }],
    ['region', { region: ['ap-shanghai'] }],
    ['code', { code: ['security-group/probe-blocked'] }],
  ])(
    'may match: a route that asks for %s adds its receivers, and those behind it are asked',
    (field, match) => {
      const routes = [to(match, 'shop'), to({ attention: ['act-now'] }, 'oncall'), to({}, 'weekly')]
      expect(decided(routes, [], without(field))).toEqual([2, ['shop', 'oncall']])
      expect(decided(routes.slice(0, 1), [], without(field))).toEqual(['default', ['shop']])
      expect(decided(routes.slice(0, 1), ['weekly'], without(field))).toEqual(['default', ['shop', 'weekly']])
      expect(decided(routes.slice(0, 1), null, without(field))).toEqual(['all', expect.arrayContaining(ALL)])
    },
  )

  it('does not help a route that asks for something else that is off', () => {
    const routes = [to({ tag: { team: ['pay'] }, region: ['ap-shanghai'] }, 'shop')]
    expect(decided(routes, [], without('tag'))).toEqual(['default', []])
    expect(routed(without('tag'), { routes, default: [] }, ALL).unread).toEqual([])
  })

  it('changes nothing if no route asks for it', () => {
    const routes = [to({ region: ['ap-guangzhou'] }, 'shop')]
    expect(routed(without('tag', 'code'), { routes, default: [] }, ALL)).toEqual({
      route: 1,
      receivers: ['shop'],
      steps: [{ route: 1, mismatch: null, unread: [] }],
      unread: [],
    })
  })

  it('is named for each route', () => {
    const routes = [to({ tag: { team: ['pay'], stage: ['*'] }, verdict: ['down'] }, 'shop')]
    const found = routed(blind(), { routes, default: [] }, ALL)
    expect(found.steps[0]?.unread).toEqual([
      { key: 'tag', tag: 'team', wanted: ['pay'], found: [] },
      { key: 'tag', tag: 'stage', wanted: ['*'], found: [] },
      { key: 'verdict', wanted: ['down'], found: ['inconclusive'] },
    ])
    expect(found.unread).toEqual(['tag', 'verdict'])
  })

  it('may be the verdict, if somebody has to act: a route for any verdict may match, one for inconclusive does', () => {
    expect(decided([to({ verdict: ['down'] }, 'shop')], [], blind())).toEqual(['default', ['shop']])
    expect(decided([to({ verdict: ['inconclusive'] }, 'shop')], ['oncall'], blind())).toEqual([1, ['shop']])
    const watched = blind({ attention: 'watch' })
    expect(decided([to({ verdict: ['down'] }, 'shop')], [], watched)).toEqual(['default', []])
  })

  it('may be the id, if the alarm gives an address', () => {
    const route = to({ loadBalancer: ['lb-7dpmqwcu'] }, 'shop')
    expect(decided([route], [], blind({ id: '203.0.113.26' }))).toEqual(['default', ['shop']])
    expect(decided([route], ['oncall'], blind({ id: 'lb-00000000' }))).toEqual(['default', ['oncall']])
  })

  it('is told to everybody if an alarm fires and otherwise nobody would hear of it', () => {
    const routes = [to({ region: ['ap-shanghai'] }, 'shop')]
    expect(decided(routes, [], blind())).toEqual(['all', ALL])
    expect(decided(routes, ['oncall'], blind())).toEqual(['default', ['oncall']])
    expect(decided([to({ name: ['test-*'] })], [], blind())).toEqual(['all', ALL])
  })

  it('leaves a route that certainly matches as it is, also one that tells nobody', () => {
    expect(decided([to({ loadBalancer: ['lb-7dpmqwcu'] })], ['oncall'], blind())).toEqual([1, []])
    // The first one may be the one that is meant.
    expect(decided([to({ name: ['test-*'] }), to({}, 'oncall')], [], blind())).toEqual([2, ['oncall']])
  })

  it('of a scan makes no route match that is for alarms', () => {
    const scan = scanSubject({
      region: ['ap-guangzhou'],
      verdict: ['inconclusive'],
      attention: ['none'],
      code: [],
      unread: ['verdict', 'attention', 'code'],
    })
    const routes = [to({ source: ['alarm'] }, 'oncall')]
    expect(decided(routes, [], scan)).toEqual(['default', []])
    expect(decided([...routes, to({ attention: ['act-now'] }, 'weekly')], [], scan)).toEqual([
      'default',
      ['weekly'],
    ])
  })

  const team = fc.constantFrom('shop', 'pay')
  const name = fc.constantFrom('shop-front', 'test-1')
  const vpc = fc.constantFrom('vpc-11111111', 'vpc-22222222')
  const route = fc.record({
    match: fc.record(
      {
        tag: team.map((one) => ({ team: [one] })),
        name: fc.constantFrom(['shop-*'], ['test-*']),
        vpc: vpc.map((one) => [one]),
      },
      { requiredKeys: [] },
    ),
    to: fc.subarray(ALL),
    continue: fc.boolean(),
  })
  const routing = fc.record({
    routes: fc.array(route, { maxLength: 6 }),
    default: fc.option(fc.subarray(ALL), { nil: null }),
  })
  const truth = fc.record({ team, name, vpc })

  it('never hides a message from a receiver that would hear it if everything could be read', () => {
    const unread = fc.subarray<RouteField>(['tag', 'name', 'vpc'])
    fc.assert(
      fc.property(routing, truth, unread, (given, real, fields) => {
        const known = (facts: readonly RouteField[]): RouteSubject =>
          subjectOf({
            ...SHOP,
            name: real.name,
            facts: {
              ...SHOP.facts,
              tags: facts.includes('tag') ? {} : { team: real.team },
              vpc: real.vpc,
              unread: facts,
            },
          })
        const told = routed(known(fields), given, ALL)
        expect(told.receivers).toEqual(expect.arrayContaining([...routed(known([]), given, ALL).receivers]))
        if (told.unread.length > 0) return
        const { route: decides, receivers } = routed(known([]), given, ALL)
        expect([told.route, told.receivers]).toEqual([decides, receivers])
      }),
      { numRuns: 2_000 },
    )
  })
})

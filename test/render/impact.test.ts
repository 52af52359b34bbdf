import { describe, expect, it } from 'vitest'
import type { Diagnosis, TargetStatus } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import type { LoadBalancer, Snapshot } from '../../src/model/snapshot.ts'
import { impactIn } from '../../src/render/impact.ts'
import { diagnosisReport } from '../../src/render/report.ts'
import { lookedInto } from '../support/guests.ts'
import {
  denied,
  diagnosisOf,
  diagnosisOfSnapshot,
  healthCheck,
  loadBalancer,
  snapshotOf,
} from '../support/snapshots.ts'

const ALARM = {
  source: 'cloud-monitor',
  state: 'firing',
  kind: 'metric',
  clb: { loadBalancerId: 'lb-7dpmqwcu', vip: null, vpcId: null, numericVpcId: null },
  region: 'ap-guangzhou',
  unknownRegion: null,
  listener: null,
  backend: null,
  policy: { id: null, name: null },
  subject: 'UnhealthRsCount',
  condition: null,
  durationSeconds: null,
  sessionId: null,
  firstOccurredAt: '2026-11-19T23:00:00.000Z',
  recoveredAt: '2026-11-19T23:23:00.000Z',
} as const

// The impact uses only known facts and does not contradict the cause.

type Backend = readonly [status: string, weight?: number]

const snapshot = (backends: readonly Backend[], replace: Partial<Snapshot> = {}): Snapshot =>
  snapshotOf({
    machines: backends.map(([status, weight = 10], i) => ({
      host: 16 + i,
      status: status as TargetStatus,
      weight,
    })),
    replace,
  })

const textsOf = (own: Snapshot) => {
  const diagnosis = diagnosisOfSnapshot(own, 'en')
  const { text, state } = impactIn(diagnosis, 'en')
  return { impact: text.replace(/^TCP:443: /, ''), title: state, headline: diagnosis.headline, diagnosis }
}

const as = (fields: Partial<LoadBalancer>): Partial<Snapshot> => ({ loadBalancer: ok(loadBalancer(fields)) })

const ALL_DEAD = 'Requests may succeed if the application works; broken backends get requests, too'

/** Rules of one HTTP listener, each with its backends. */
const rules = (...backends: readonly (readonly string[])[]): Snapshot => {
  const named = backends.map((_, i) => ({
    locationId: `loc-0000000${i}`,
    domain: 'shop.example.com',
    url: `/${i}`,
    healthCheck: healthCheck(),
    forwardType: null,
    redirectsTo: null,
    targetType: 'NODE',
    targetGroupIds: [],
  }))
  return snapshotOf({
    listener: { protocol: 'HTTP', port: 80, healthCheck: null, rules: named },
    machines: backends.flatMap((own, rule) =>
      own.map((status, i) => ({
        host: 16 + 10 * rule + i,
        status,
        registration: { locationId: `loc-0000000${rule}` },
      })),
    ),
  })
}

describe('the impact on several rules of a listener', () => {
  const seen = (own: Snapshot) => impactIn(diagnosisOfSnapshot(own, 'en'), 'en')

  it('says once what all of them meet, and counts their backends together', () => {
    const { text, more } = seen(rules(['Dead', 'Dead'], ['Dead', 'Dead', 'Dead']))
    expect(text).toBe(
      `HTTP:80 shop.example.com/0, HTTP:80 shop.example.com/1: all 5 backends fail the health check; CLB still forwards to all of them. ${ALL_DEAD}`,
    )
    expect(more.join()).not.toContain('HTTP:80')
  })

  it('keeps apart what differs', () => {
    const { text, more } = seen(rules(['Dead', 'Alive'], ['Dead', 'Alive', 'Alive'], ['Dead'], ['Dead']))
    expect(text).toBe('1 listener is affected')
    expect(more.filter((line) => line.startsWith('HTTP:80'))).toEqual([
      `HTTP:80 shop.example.com/2, HTTP:80 shop.example.com/3: all 2 backends fail the health check; CLB still forwards to all of them. ${ALL_DEAD}`,
      'HTTP:80 shop.example.com/0: only 1 backend still serves',
      'HTTP:80 shop.example.com/1: only 2 backends still serve',
    ])
  })
})

describe('the impact', () => {
  it.each<[readonly Backend[], string]>([
    [[['Alive'], ['Alive']], 'All 2 backends pass their health checks'],
    [[['Alive'], ['Dead']], 'only 1 backend still serves'],
    [[['Alive'], ['Unknown']], 'only 1 backend still serves'],
    [
      [['Dead'], ['Dead']],
      `all 2 backends fail the health check; CLB still forwards to all of them. ${ALL_DEAD}`,
    ],
    [
      [['Dead'], ['Dead', 0]],
      `the only backend fails the health check; CLB still forwards to it. ${ALL_DEAD}`,
    ],
    [
      [['Dead'], ['Alive', 0]],
      `the only backend fails the health check; CLB still forwards to it. ${ALL_DEAD}`,
    ],
    [[['Alive'], ['Dead', 0]], 'only 1 backend of weight 0 is down; such backends take no new requests'],
    [
      [
        ['Alive', 0],
        ['Alive', 0],
      ],
      'every backend has weight 0, so no request is served',
    ],
    [[['Unknown'], ['Unknown']], '2 backends have no health result yet and get no requests'],
    [
      [['Dead'], ['Unknown']],
      'no backend is alive, and 1 has no health result yet; where requests go is not known',
    ],
    [[['Close'], ['Close']], 'Health checks are off; CLB forwards to all 2 backends'],
    [[['Close'], ['Alive'], ['Dead']], 'requests go to the 2 backends alive or not checked'],
    [[['Sleepy'], ['Alive']], 'not every status or weight was read; where requests go is not known'],
  ])('for the backends %j is: %s', (backends, line) => {
    expect(textsOf(snapshot(backends)).impact).toBe(line)
  })

  it.each(['clb:DescribeTargets', 'clb:DescribeTargetHealth'] as const)(
    'is not known if %s is denied',
    (action) => {
      const replace =
        action === 'clb:DescribeTargets' ? { registrations: denied(action) } : { health: denied(action) }
      expect(textsOf(snapshot([['Dead'], ['Alive']], replace)).impact).toBe(
        'not every status or weight was read; where requests go is not known',
      )
    },
  )

  it.each<[Partial<LoadBalancer>, string, string]>([
    [{ isolated: true }, 'The CLB does not serve; every request fails', 'Not serving'],
    [{ attributeFlags: ['Stop'] }, 'The CLB does not serve; every request fails', 'Not serving'],
    [{ status: 0 }, 'The CLB does not serve; every request fails', 'Not serving'],
    [{ blocked: true }, 'Public requests do not reach the CLB: its VIP is blocked', 'VIP blocked'],
  ])('of a CLB with %j is the same for Alive and Dead backends: %s', (fields, line, title) => {
    for (const status of ['Alive', 'Dead']) {
      const { impact, title: shown, diagnosis } = textsOf(snapshot([[status], [status]], as(fields)))
      expect([impact, shown]).toEqual([line, title])
      const codes = diagnosis.findings.map(({ code }) => code)
      if (fields.blocked !== true) expect(codes).not.toContain('all-backends-down/fallback-active')
    }
  })

  it('gives no hope if no machine behind a listener runs or exists, and hope if one may run', () => {
    const machines = (...states: readonly (string | null)[]) =>
      snapshotOf({
        machines: states.map((state, i) => ({
          host: 16 + i,
          status: 'Dead' as const,
          ...(state === null ? {} : { instance: { state } }),
        })),
      })
    expect(textsOf(machines('STOPPED', 'SHUTDOWN')).impact).toBe(
      'the machines of all 2 backends do not run or no longer exist, so no request is served',
    )
    const gone = snapshotOf({
      machines: [{ host: 16, status: 'Dead' }],
      replace: { instances: { 'ins-00000016': ok(null) } },
    })
    expect(textsOf(gone).impact).toBe(
      'the machine of the only backend does not run or no longer exists, so no request is served',
    )
    expect(textsOf(machines('STOPPED', null)).impact).toContain('Requests may succeed')
  })

  it('of a stopped listener is that no request is served', () => {
    const own = snapshotOf({
      machines: [{ host: 16, status: 'Close' }],
      listener: { stopped: true },
    })
    expect(textsOf(own)).toMatchObject({
      impact: 'stopped, so no request is served',
      title: 'Listener stopped',
    })
  })

  it('counts different backends with weight, and compares the Dead ones with them', () => {
    expect(textsOf(snapshot([['Dead'], ['Dead', 0], ['Alive']])).title).toBe('1/2 backends down')
  })
})

describe('the impact of several listeners', () => {
  type Statuses = readonly TargetStatus[]
  const impactOf = (...listeners: readonly Statuses[]) => {
    const alarm = { ...ALARM, state: 'resolved' } as const
    const diagnosis = diagnosisOf({ machines: [] }, 'en', { trigger: { source: 'cloud-monitor', alarm } })
    const pools = listeners.flatMap((statuses, i) =>
      diagnosisOf({
        machines: statuses.map((status, n) => ({ host: 16 + n, status })),
      }).pools.map((pool) => ({ ...pool, listenerId: `lbl-${i}`, port: 80 + i })),
    )
    const verdict = listeners.flat().includes('Dead') ? 'degraded' : 'inconclusive'
    const { state, text } = impactIn({ ...diagnosis, pools, verdict, findings: [] }, 'en')
    return [state, text]
  }

  it('says that it cannot tell, and not that they have trouble, if no health could be read', () => {
    expect(impactOf(['Unknown'], ['Unknown'], ['Alive'])).toEqual([
      'Cannot tell',
      'Where the requests of 2 listeners go is not known; the other 1 is healthy',
    ])
  })

  it('counts those that have trouble apart from those of which it cannot be told', () => {
    expect(impactOf(['Dead', 'Alive'], ['Unknown'], ['Dead', 'Alive'])).toEqual([
      '2 listeners have trouble',
      expect.stringMatching(/ 2 listeners are affected; 1 more cannot be judged$/),
    ])
    expect(impactOf(['Dead', 'Alive'], ['Unknown'])[0]).toBe('1/2 backends down')
  })

  it('counts a backend of two listeners that is still Dead once', () => {
    expect(impactOf(['Dead', 'Alive'], ['Dead', 'Alive'])[1]).toMatch(
      /^The alarm has recovered, but 1 backend is still down\. /,
    )
  })
})

describe('the impact beside an alarm', () => {
  const impactFor = (
    state: 'firing' | 'resolved',
    statuses: readonly TargetStatus[],
    more: Partial<Diagnosis> = {},
  ) => {
    const diagnosis = diagnosisOf(
      { machines: statuses.map((status, i) => ({ host: 16 + i, status })) },
      'en',
      { trigger: { source: 'cloud-monitor', alarm: { ...ALARM, state } } },
    )
    return impactIn({ ...diagnosis, ...more }, 'en')
  }

  it('never says that a firing alarm is over, even if every backend is Alive', () => {
    const { state, text } = impactFor('firing', ['Alive', 'Alive'])
    expect(state).toBe('Alarm firing, healthy now')
    expect(text).toMatch(
      /^The alarm still fires, but all 2 backends are healthy at this moment: the backends may flap/,
    )
  })

  it('says that the backends flap if an alarm began to fire twice within the time that is remembered', () => {
    const { state, text } = impactFor('firing', ['Alive', 'Alive'], { recent: { minutes: 30, firings: 2 } })
    expect(state).toBe('Backends flap')
    expect(text).toMatch(
      /^The alarm fired 2 times within 30 minutes, and all 2 backends are healthy at this moment/,
    )
  })

  it('says both if the alarm has recovered and a backend is still Dead', () => {
    expect(impactFor('resolved', ['Alive', 'Dead']).text).toBe(
      'The alarm has recovered, but 1 backend is still down. TCP:443: only 1 backend still serves',
    )
  })

  it('says how long the trouble lasted', () => {
    expect(impactFor('resolved', ['Alive']).text).toBe(
      'Recovery confirmed: the backend passes its health check; the trouble lasted 23 minutes',
    )
  })
})

describe('the headline', () => {
  it('says that no backend has weight even if every backend is Alive', () => {
    expect(textsOf(snapshot([['Alive', 0]])).headline).toContain('every backend of TCP:443 has weight 0')
  })

  it('distinguishes an unknown status from a missing result', () => {
    expect(textsOf(snapshot([['Sleepy']])).headline).toContain('is missing or unrecognised')
    expect(textsOf(snapshot([['Unknown']])).headline).toContain('1 backend has no health result yet')
  })
})

describe('backends without an explanation', () => {
  it('do not send the reader to the machine if a rule on the path was not read', () => {
    const world = { machines: [{ host: 16, status: 'Dead' as const }] }
    const unread = { networkAcls: {}, subnets: { 'subnet-web': denied('vpc:DescribeSubnets') } }
    const { gaps } = diagnosisOf({ ...world, replace: unread })
    const why = gaps.find(({ byHand }) => byHand)?.why
    expect(why).toBe(
      'vpc:DescribeSubnets could not be read, and the cause may lie there: see to that and diagnose again; only then is it time to look on the machine',
    )
    const [notYet, nothing] = [diagnosisOf({ ...world, replace: unread }), diagnosisOf(world)].map(
      (one) =>
        diagnosisReport({ ...one, language: 'en' }).summary.find(({ topic }) => topic === 'cause')?.text,
    )
    expect(notYet ?? '').not.toMatch(/^The cloud API shows no cause/)
    expect(nothing).toMatch(/^The cloud API shows no cause/)
  })
})

describe('the impact on a pool without a healthy backend', () => {
  const dead = [16, 17].map((host) => ({ host, status: 'Dead' }))
  const reason = {
    code: 'guest-port/not-listening',
    outcome: 'refused',
    params: { listening: ['0.0.0.0:22'] },
  } as const
  const said = (hosts: readonly number[], checkPort: number | null = null): string => {
    const listener = { healthCheck: healthCheck({ port: checkPort }) }
    const inside = Object.fromEntries(hosts.map((host) => [host, { reasons: [reason] }]))
    return impactIn(lookedInto({ machines: dead, listener, inside }), 'en').text
  }

  it('is that no request is served, if certainly nobody listens on any of them', () => {
    expect(said([16, 17])).toBe(
      'TCP:443: CLB still forwards to all 2 backends, but nobody answers there, so no request is served',
    )
  })

  it.each<[string, readonly number[], number | null]>([
    ['one of them was not looked into', [16], null],
    ['the check asks another port than the requests', [16, 17], 9000],
  ])('is not known, if %s', (_, hosts, port) => {
    expect(said(hosts, port)).toContain('Requests may succeed')
  })
})

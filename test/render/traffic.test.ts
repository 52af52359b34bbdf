import { describe, expect, it } from 'vitest'
import type { TargetStatus } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import type { LoadBalancer, Snapshot } from '../../src/model/snapshot.ts'
import { diagnosisReport } from '../../src/render/report.ts'
import { stateOf, trafficOf } from '../../src/render/traffic.ts'
import { denied, diagnosisOf, diagnosisOfSnapshot, loadBalancer, snapshotOf } from '../support/snapshots.ts'

// The line on traffic uses only known facts and does not contradict the cause.

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
  const diagnosis = diagnosisOfSnapshot(own)
  const traffic = trafficOf(diagnosis, 'en')
    .join('\n')
    .replace(/^TCP:443: /, '')
  return { traffic, title: stateOf(diagnosis).en, headline: diagnosis.headline, diagnosis }
}

const as = (fields: Partial<LoadBalancer>): Partial<Snapshot> => ({ loadBalancer: ok(loadBalancer(fields)) })

describe('the line on traffic', () => {
  it.each<[readonly Backend[], string]>([
    [[['Alive'], ['Alive']], 'goes to all 2 backends'],
    [[['Alive'], ['Dead']], 'goes to the one alive only'],
    [[['Alive'], ['Unknown']], 'goes to the one alive only'],
    [[['Dead'], ['Dead']], 'every backend is Dead, so CLB forwards to all of them (2)'],
    [
      [['Dead'], ['Dead', 0]],
      'every weighted backend is Dead, so CLB forwards to it all the same (weight 0 stays out)',
    ],
    [
      [['Dead'], ['Alive', 0]],
      'every weighted backend is Dead, so CLB forwards to it all the same (weight 0 stays out)',
    ],
    [
      [
        ['Alive', 0],
        ['Alive', 0],
      ],
      'no backend has weight, requests have nowhere to go',
    ],
    [[['Unknown'], ['Unknown']], 'no backend has a health result yet, so none gets traffic'],
    [
      [['Dead'], ['Unknown']],
      'no backend is alive, and 1 has no health result yet; where traffic goes cannot be told',
    ],
    [[['Close'], ['Close']], 'not checked, goes to all 2 weighted backends'],
    [[['Close'], ['Alive'], ['Dead']], 'goes to the 2 that are alive or not checked'],
    [[['Sleepy'], ['Alive']], 'where traffic goes cannot be told, health or weights were not all read'],
  ])('for the backends %j is: %s', (backends, line) => {
    expect(textsOf(snapshot(backends)).traffic).toBe(line)
  })

  it.each(['clb:DescribeTargets', 'clb:DescribeTargetHealth'] as const)(
    'says that the traffic is unknown if %s is denied',
    (action) => {
      const replace =
        action === 'clb:DescribeTargets' ? { registrations: denied(action) } : { health: denied(action) }
      expect(textsOf(snapshot([['Dead'], ['Alive']], replace)).traffic).toBe(
        'where traffic goes cannot be told, health or weights were not all read',
      )
    },
  )

  it.each<[Partial<LoadBalancer>, string, string]>([
    [{ isolated: true }, 'none: the CLB is not serving', 'Not serving'],
    [{ attributeFlags: ['Stop'] }, 'none: the CLB is not serving', 'Not serving'],
    [{ status: 0 }, 'none: the CLB is not serving', 'Not serving'],
    [{ blocked: true }, 'public traffic does not reach the CLB: its VIP is blocked', 'Degraded'],
  ])('for a CLB with %j is the same for Alive and Dead backends: %s', (fields, line, title) => {
    for (const status of ['Alive', 'Dead']) {
      const { traffic, title: shown, diagnosis } = textsOf(snapshot([[status], [status]], as(fields)))
      expect(traffic).toBe(line)
      if (status === 'Alive') expect(shown).toBe(title)
      const codes = diagnosis.findings.map(({ code }) => code)
      if (fields.blocked !== true) expect(codes).not.toContain('all-backends-down/fallback-active')
    }
  })

  it('says that there is no traffic if the listener is stopped', () => {
    const own = snapshotOf({
      machines: [{ host: 16, status: 'Close' }],
      listener: { stopped: true },
    })
    expect(textsOf(own)).toMatchObject({
      traffic: 'no traffic, the listener is stopped',
      title: 'Not serving',
    })
  })
})

describe('the headline', () => {
  it('says that no backend has weight even if every backend is Alive', () => {
    expect(textsOf(snapshot([['Alive', 0]])).headline).toContain('nothing of TCP:443 has weight')
  })

  it('distinguishes an unknown status from a missing result', () => {
    expect(textsOf(snapshot([['Sleepy']])).headline).toContain('in a word that is not known')
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
    const [notYet, nothing] = [diagnosisOf({ ...world, replace: unread }), diagnosisOf(world)].map((one) =>
      diagnosisReport(one).blocks.find(
        (block) => block.kind === 'paragraph' && block.topic === 'unexplained',
      ),
    )
    expect(notYet).toMatchObject({ text: expect.stringMatching(/^No cause found yet/) })
    expect(nothing).toMatchObject({ text: expect.stringMatching(/^Nothing visible/) })
  })
})

import { describe, expect, it } from 'vitest'
import type { Alarm } from '../../src/model/alarm.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import type { Language } from '../../src/model/language.ts'
import { alarmStateOf } from '../../src/model/recovery.ts'
import {
  allow,
  diagnosisOf,
  findingsOf,
  group,
  healthCheck,
  type Machine,
  type World,
} from '../support/snapshots.ts'

const firing: Alarm = {
  source: 'cloud-monitor',
  state: 'firing',
  kind: 'metric',
  clb: { loadBalancerId: null, vip: '203.0.113.26', vpcId: null, numericVpcId: null },
  region: 'ap-guangzhou',
  unknownRegion: null,
  listener: { port: 443, protocol: 'tcp' },
  backend: null,
  policy: { id: null, name: null },
  subject: 'UnhealthRsCount',
  condition: null,
  durationSeconds: null,
  sessionId: null,
  firstOccurredAt: '2026-11-19T23:00:00.000Z',
  recoveredAt: null,
}

const machines = (...statuses: readonly string[]): readonly Machine[] =>
  statuses.map((status, i) => ({ host: 16 + i, status }))
const well: World = { machines: machines('Alive', 'Alive', 'Alive') }

const diagnose = (world: World, fields: Partial<Alarm> = {}, language: Language = 'en'): Diagnosis =>
  diagnosisOf(world, language, {
    trigger: { source: 'cloud-monitor', alarm: { ...firing, ...fields } },
  })
const headline = (...given: Parameters<typeof diagnose>): string => diagnose(...given).headline

const PASSING = 'all 3 probed backends pass their health checks'

describe('an alarm that fires while every backend passes', () => {
  it('is reported as still firing, because only its sender may say that it is over', () => {
    expect(diagnose(well).verdict).toBe('healthy')
    expect(headline(well)).toBe(
      `shop-front (lb-7dpmqwcu): the alarm still fires, but ${PASSING} at this moment.`,
    )
    expect(headline(well, {}, 'zh-CN')).toBe(
      'shop-front (lb-7dpmqwcu)：告警仍在触发，但此刻 3 个被探测的后端都正常。',
    )
  })

  it('is reported in the same way if only a risk is found', () => {
    const diagnosis = diagnose({
      listener: { healthCheck: healthCheck({ sourceIpType: 1 }) },
      machines: well.machines.map((machine) => ({ ...machine, groups: ['sg-half'] })),
      groups: [group('sg-half', [allow('100.64.0.0/11')])],
    })
    expect(findingsOf(diagnosis)).toEqual(['security-group/probe-partly-blocked risk possible'])
    expect(diagnosis.headline).toContain('still fires')
  })

  it('is reported in the same way, and the headline adds that no backend of a listener has weight', () => {
    const weightless = { machines: well.machines.map((machine) => ({ ...machine, weight: 0 })) }
    expect(headline(weightless)).toMatch(
      /still fires, but all 3 .* moment, but every backend of TCP:443 has weight 0: no request is forwarded\.$/,
    )
    expect(headline(weightless, {}, 'zh-CN')).toMatch(/仍在触发，.*，但 TCP:443 的权重全部为 0/)
  })

  it.each(['HealthRsCount', 'Rspacketloss', 'RsPortStatusChange', 'ClbUnhealthyTargets', '健康检查异常数'])(
    'may mean that the backends flap if its subject is %s',
    (subject) => {
      expect(alarmStateOf(diagnose(well, { subject }))).toBe('firing-healthy')
    },
  )

  it('may mean the same if only the name that people see says so', () => {
    const named = {
      metric: null,
      operator: null,
      threshold: null,
      value: null,
      unit: null,
      periodSeconds: null,
    }
    const condition = { ...named, level: null, shownName: '健康检查异常数' }
    expect(alarmStateOf(diagnose(well, { subject: null, condition }))).toBe('firing-healthy')
  })

  it.each(['ClientConnum', '21634', null])(
    'may not be about health checks if its subject is %s',
    (subject) => {
      expect(alarmStateOf(diagnose(well, { subject }))).toBe('firing-other')
    },
  )
})

describe('a resolved alarm', () => {
  it('is a confirmed recovery if every backend passes', () => {
    expect(headline(well, { state: 'resolved' })).toBe(
      'shop-front (lb-7dpmqwcu): recovery confirmed, all 3 probed backends pass their health checks.',
    )
    expect(headline(well, { state: 'resolved' }, 'zh-CN')).toBe(
      'shop-front (lb-7dpmqwcu)：恢复已确认，3 个被探测的后端都正常。',
    )
  })

  it('is not a confirmed recovery if its subject is not the health checks', () => {
    expect(headline(well, { state: 'resolved', subject: 'ClientConnum' })).toBe(
      'shop-front (lb-7dpmqwcu): all 3 probed backends pass their health checks.',
    )
  })

  it('is not a confirmed recovery if one backend still fails', () => {
    const diagnosis = diagnose({ machines: machines('Alive', 'Dead', 'Alive') }, { state: 'resolved' })
    expect(diagnosis.verdict).toBe('degraded')
    expect(diagnosis.headline).not.toMatch(/confirmed|over/)
  })
})

describe('a pool whose check is off', () => {
  const read = diagnose({ machines: machines('Alive', 'Alive') })
  const [own] = read.pools
  if (!own) throw new Error('no pool')
  const targets = own.targets.map((target) => ({ ...target, status: 'Close' as const }))
  const unchecked = { ...own, listenerId: 'lbl-unchecked', port: 80, targets }
  const stateWith = (fields: Partial<Alarm>) =>
    alarmStateOf({
      ...read,
      pools: [own, unchecked],
      trigger: { source: 'cloud-monitor', alarm: { ...firing, ...fields } },
    })

  it('is not meant by an alarm about the health checks of the CLB', () => {
    expect(stateWith({ listener: null })).toBe('firing-healthy')
    expect(stateWith({ listener: null, state: 'resolved' })).toBe('recovered')
  })

  it('is meant by an alarm that names its listener, which is no longer probed', () => {
    expect(stateWith({ listener: { port: 80, protocol: 'tcp' } })).toBe('gone')
  })
})

describe('no recovery is reported', () => {
  const plain = 'all 2 probed backends pass their health checks.'

  it.each<[string, World, Partial<Alarm>]>([
    ['the health check of one backend is off', { machines: machines('Alive', 'Alive', 'Close') }, {}],
    [
      'the listener no longer exists',
      { machines: machines('Alive', 'Alive') },
      { listener: { port: 80, protocol: null } },
    ],
    [
      'the backend is no longer bound',
      { machines: machines('Alive', 'Alive') },
      { backend: { ip: '10.0.1.99', port: 8080 } },
    ],
  ])('if %s', (_, world, fields) => {
    for (const state of ['firing', 'resolved'] as const)
      expect([state, headline(world, { ...fields, state })]).toEqual([
        state,
        expect.stringContaining(`: ${plain}`),
      ])
  })

  it('if a backend has no result yet', () => {
    const diagnosis = diagnose({ machines: machines('Alive', 'Unknown') })
    expect([diagnosis.verdict, diagnosis.headline]).toEqual([
      'inconclusive',
      expect.not.stringMatching(/over|confirmed/),
    ])
  })

  it('if the CLB does not serve', () => {
    expect(headline({ ...well, balancer: { isolated: true } })).not.toMatch(/over|confirmed/)
  })

  it('if no alarm started the diagnosis', () => {
    expect(diagnosisOf(well).headline).toBe(
      'shop-front (lb-7dpmqwcu): all 3 probed backends pass their health checks.',
    )
  })
})

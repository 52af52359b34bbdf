import { describe, expect, it } from 'vitest'
import { MAX_ALARMS, MAX_ENTRIES, parseAlarm } from '../../src/alarms/index.ts'
import { changed, only, reasons, sample } from './samples.ts'

describe('EventBridge', () => {
  it('reads a single event', () => {
    expect(only(parseAlarm(sample('eventbridge-single')))).toEqual({
      source: 'eventbridge',
      state: 'firing',
      kind: 'event',
      clb: { loadBalancerId: 'lb-7dpmqwcu', vip: '203.0.113.26', vpcId: null, numericVpcId: null },
      region: 'ap-guangzhou',
      unknownRegion: null,
      listener: null,
      backend: { ip: '10.0.1.16', port: 8080 },
      policy: { id: null, name: null },
      subject: 'RsPortStatusChange',
      sessionId: '13a3f42d-7258-4ada-da6d-023a333b4662',
      firstOccurredAt: '2026-11-19T23:00:00.000Z',
      recoveredAt: null,
    })
  })

  it('reads a batch in order, times in numbers and in digits', () => {
    const { alarms, refusals } = parseAlarm(sample('eventbridge-batch'))
    expect(refusals).toEqual([])
    expect(
      alarms.map(({ state, firstOccurredAt, recoveredAt }) => [state, firstOccurredAt, recoveredAt]),
    ).toEqual([
      ['firing', '2026-11-19T23:00:00.000Z', null],
      ['resolved', null, '2026-11-19T23:01:00.000Z'],
    ])
  })

  it.each(['subject', 'subjuect'])('finds the id in %s when the data has none', (key) => {
    const payload = { ...sample('eventbridge-single'), subject: null, data: null, [key]: 'lb-7dpmqwcu' }
    expect(only(parseAlarm(payload)).clb.loadBalancerId).toBe('lb-7dpmqwcu')
  })

  it.each([
    [{ type: 'cvm:ErrorEvent:ping_unreachable', source: 'cvm.cloud.tencent' }, 'not-clb'],
    [{ type: undefined, source: 'cvm.cloud.tencent' }, 'not-clb'],
    [{ type: 'clb:CloudEvent:ApiCall' }, 'unknown-shape'],
    [{ subject: 'ins-sjdksjk1', data: {} }, 'no-clb-named'],
  ])('refuses %j', (part, reason) => {
    expect(reasons(parseAlarm({ ...sample('eventbridge-single'), ...part }))).toEqual([reason])
  })

  it('takes a stateless event as firing', () => {
    expect(only(parseAlarm({ ...sample('eventbridge-single'), status: '-' })).state).toBe('firing')
  })

  it('refuses an empty batch, and an entry that is no event, by name', () => {
    expect(reasons(parseAlarm({ EventList: [] }))).toEqual(['empty-batch'])
    const mixed = parseAlarm({ EventList: [sample('eventbridge-single'), 'x', null, { a: 1 }] })
    expect(mixed.alarms).toHaveLength(1)
    expect(reasons(mixed)).toEqual(['unknown-shape'])
  })
})

describe('Alertmanager', () => {
  it('reads one alarm per alert', () => {
    const { alarms, refusals } = parseAlarm(sample('alertmanager-v4'))
    expect(refusals).toEqual([])
    expect(alarms.map(({ clb }) => clb.loadBalancerId)).toEqual(['lb-7dpmqwcu', 'lb-p2x4k8aa'])
    expect(alarms[1]).toMatchObject({
      source: 'alertmanager',
      state: 'firing',
      kind: 'prometheus',
      region: 'ap-guangzhou',
      unknownRegion: null,
      subject: 'ClbUnhealthyTargets',
      policy: { id: null, name: 'ClbUnhealthyTargets' },
      sessionId: '9a20',
      firstOccurredAt: '2026-11-19T23:00:00.000Z',
      recoveredAt: null,
    })
  })

  const alert = (part: object) => ({
    version: '4',
    commonLabels: { region: 'ap-shanghai', alertname: 'X' },
    alerts: [
      {
        labels: { vip: '10.0.0.10', vpc_id: 'vpc-1ywqac83' },
        startsAt: '2026-11-20T07:00:00+08:00',
        ...part,
      },
    ],
  })

  it('reads what is common to the group, and each alert’s own state', () => {
    const endsAt = '2026-11-20T07:05:00.123456789+08:00'
    expect(only(parseAlarm(alert({ status: 'resolved', endsAt })))).toMatchObject({
      state: 'resolved',
      region: 'ap-shanghai',
      clb: { loadBalancerId: null, vip: '10.0.0.10', vpcId: 'vpc-1ywqac83' },
      recoveredAt: '2026-11-19T23:05:00.123Z',
    })
    expect(only(parseAlarm(alert({ status: 'firing', endsAt }))).recoveredAt).toBeNull()
  })

  it('takes the CLB by its VIP if a label names the backend’s instance', () => {
    const labels = { vip: '10.0.0.10', instance_id: 'ins-o9p3rg3m' }
    expect(only(parseAlarm(alert({ labels }))).clb.vip).toBe('10.0.0.10')
  })

  it('refuses an alert that names no CLB', () => {
    expect(reasons(parseAlarm(alert({ labels: { job: 'node' } })))).toEqual(['no-clb-named'])
    expect(reasons(parseAlarm(alert({ labels: { instance_id: 'ins-o9p3rg3m' } })))).toEqual(['not-clb'])
    expect(reasons(parseAlarm({ version: '4', alerts: [] }))).toEqual(['empty-batch'])
  })
})

describe('bounds', () => {
  const alerts = (count: number, labels: object) => ({
    alerts: Array.from({ length: count }, () => ({ labels })),
  })

  it('stops at the limit and counts the rest in one refusal', () => {
    const intake = parseAlarm(alerts(10_000, { loadbalancer_id: 'lb-7dpmqwcu' }))
    expect(intake.alarms).toHaveLength(MAX_ALARMS)
    expect(intake.refusals).toHaveLength(1)
    expect(intake.refusals[0]?.detail).toContain('last 9900 of 10000')
  })

  it('takes a batch that just fits without a refusal', () => {
    const intake = parseAlarm(alerts(MAX_ALARMS, { loadbalancer_id: 'lb-7dpmqwcu' }))
    expect([intake.alarms.length, intake.refusals.length]).toEqual([MAX_ALARMS, 0])
  })

  it('looks at a bounded number of entries and says each refusal once', () => {
    const intake = parseAlarm(alerts(10_000, { job: 'node' }))
    expect(intake.alarms).toEqual([])
    expect(reasons(intake)).toEqual(['no-clb-named', 'unknown-shape'])
    expect(intake.refusals[1]?.detail).toContain(`last ${10_000 - MAX_ENTRIES} of 10000`)
  })

  it('does not follow nesting', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)
    const payload = changed('metric-l7-listener', ['alarmObjInfo', 'dimensions', 'extra'], deep)
    expect(only(parseAlarm(payload)).clb.vip).toBe('203.0.113.26')
    expect(reasons(parseAlarm(deep))).toEqual(['unknown-shape'])
  })
})

describe('bodies that the account’s owner wrote', () => {
  it('finds VIP and listener in the object', () => {
    expect(only(parseAlarm(sample('user-template')))).toEqual({
      source: 'cloud-monitor',
      state: 'firing',
      kind: 'template',
      clb: { loadBalancerId: null, vip: '203.0.113.26', vpcId: null, numericVpcId: null },
      region: 'ap-guangzhou',
      unknownRegion: null,
      listener: { port: 443, protocol: 'HTTPS' },
      backend: null,
      policy: { id: 'policy-n4exeh88', name: 'clb-health' },
      subject: '健康检查异常数 >= 1个',
      sessionId: null,
      firstOccurredAt: '2026-11-19T23:00:00.000Z',
      recoveredAt: null,
    })
  })

  it('reads a recovery, and one that only its time tells', () => {
    const recovery = { ...sample('user-template'), status: 'Recovery', recovery_time: '1795131060' }
    expect(only(parseAlarm(recovery))).toMatchObject({
      state: 'resolved',
      recoveredAt: '2026-11-19T23:31:00.000Z',
    })
    const bare = { object: 'lb-7dpmqwcu | shop', recovery_time_fmt: '2026-11-20 07:31:00 (UTC+08:00)' }
    expect(only(parseAlarm(bare))).toMatchObject({
      state: 'resolved',
      clb: { loadBalancerId: 'lb-7dpmqwcu' },
      recoveredAt: '2026-11-19T23:31:00.000Z',
    })
  })

  it('takes a field that the owner added before the object', () => {
    const payload = { ...sample('user-template'), loadBalancerId: 'lb-7dpmqwcu', object: 'shop-front' }
    expect(only(parseAlarm(payload)).clb.loadBalancerId).toBe('lb-7dpmqwcu')
  })

  it.each([
    ['10.0.0.1 (内) | ins-123456 | as-tke-np-abc', 'not-clb'],
    ['172.19.0.34#3552563', 'no-clb-named'],
    ['203.0.113.26', 'no-clb-named'],
    ['lb-7dpmqwcu | lb-p2x4k8aa', 'no-clb-named'],
    ['203.0.113.*(https:443) | shop', 'bad-vip'],
  ])('refuses the object %j', (object, reason) => {
    expect(reasons(parseAlarm({ ...sample('user-template'), object }))).toEqual([reason])
  })
})

describe('timer events and everything else', () => {
  const timer = (Message: unknown) => ({ ...sample('scf-timer-event'), Message })

  it.each([
    '{"task":"sweep"}',
    'scan',
    'scan the rest',
    '{"task":',
    undefined,
    '{"task":"scan","regions":[]}',
    '{"task":"scan","regions":["ap-guangzhou","Mars!"]}',
    '{"task":"scan","regions":"some"}',
    '{"task":"scan","regions":{"all":true}}',
    '{"task":"scan","region":"ap-shanghai"}',
    '{"task":"scan","regions":["ap-shanghai"],"lang":"en"}',
  ])('refuses a timer message %j, and says what is known', (message) => {
    const intake = parseAlarm(timer(message))
    expect([reasons(intake), intake.scan]).toEqual([['bad-timer'], undefined])
    expect(intake.refusals[0]?.detail).toContain('"regions"')
  })

  it.each([
    [sample('scf-timer-event').Message, ['ap-guangzhou']],
    ['{"task":"scan","regions":["gz","ap-shanghai","gz"]}', ['ap-guangzhou', 'ap-shanghai']],
    ['{"task":"Scan"}', null],
    [{ task: 'scan', regions: null }, null],
    ['{"task":"scan","regions":"all"}', 'all'],
  ])('takes a scan from a timer message %j', (message, regions) => {
    expect(parseAlarm(timer(message))).toEqual({
      alarms: [],
      refusals: [],
      sessionId: null,
      scan: { regions },
    })
  })

  it('takes no scan from anything that is no timer', () => {
    expect(parseAlarm({ task: 'scan', regions: 'all' }).scan).toBeUndefined()
  })

  it.each([
    [null, 'not-an-object'],
    ['{}', 'not-an-object'],
    [[sample('metric-l7-listener')], 'not-an-object'],
    [{}, 'unknown-shape'],
    [{ EventList: {} }, 'unknown-shape'],
    [{ hello: 'world', sessionId: 's' }, 'unknown-shape'],
  ])('names why %j is no alarm', (payload, reason) => {
    const intake = parseAlarm(payload)
    expect(intake.alarms).toEqual([])
    expect(reasons(intake)).toEqual([reason])
  })

  it('gives the session id of a payload that it refuses', () => {
    expect(parseAlarm({ hello: 'world', sessionId: 's' }).sessionId).toBe('s')
  })
})

import { describe, expect, it } from 'vitest'
import { MAX_ENTRIES, parseAlarm } from '../../src/alarms/index.ts'
import { changed, condition, only, reasons, sample } from './samples.ts'

describe('parseAlarm on EventBridge payloads', () => {
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
      condition: condition({ metric: 'RsPortStatusChange' }),
      durationSeconds: null,
      sessionId: '13a3f42d-7258-4ada-da6d-023a333b4662',
      identity: expect.stringMatching(/^[0-9a-f]{32}$/),
      firstOccurredAt: '2026-11-19T23:00:00.000Z',
      recoveredAt: null,
    })
  })

  it('reads a batch in order, with times as numbers and as strings', () => {
    const { alarms, refusals } = parseAlarm(sample('eventbridge-batch'))
    expect(refusals).toEqual([])
    expect(
      alarms.map(({ state, firstOccurredAt, recoveredAt }) => [state, firstOccurredAt, recoveredAt]),
    ).toEqual([
      ['firing', '2026-11-19T23:00:00.000Z', null],
      ['resolved', null, '2026-11-19T23:01:00.000Z'],
    ])
  })

  it.each(['subject', 'subjuect'])('reads the CLB id from %s if there is no data', (key) => {
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

  it('reads an event with the status "-" as firing, without a state', () => {
    const alarm = only(parseAlarm({ ...sample('eventbridge-single'), status: '-' }))
    expect(alarm).toMatchObject({ state: 'firing', isStateless: true })
    expect(only(parseAlarm(sample('eventbridge-single')))).not.toHaveProperty('isStateless')
  })

  it('refuses an empty batch, and gives one refusal for entries that are not events', () => {
    expect(reasons(parseAlarm({ EventList: [] }))).toEqual(['empty-batch'])
    const mixed = parseAlarm({ EventList: [sample('eventbridge-single'), 'x', null, { a: 1 }] })
    expect(mixed.alarms).toHaveLength(1)
    expect(reasons(mixed)).toEqual(['unknown-shape'])
  })
})

describe('parseAlarm on Alertmanager payloads', () => {
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

  it('reads the common labels of the group and the state of the alert', () => {
    const endsAt = '2026-11-20T07:05:00.123456789+08:00'
    expect(only(parseAlarm(alert({ status: 'resolved', endsAt })))).toMatchObject({
      state: 'resolved',
      region: 'ap-shanghai',
      clb: { loadBalancerId: null, vip: '10.0.0.10', vpcId: 'vpc-1ywqac83' },
      recoveredAt: '2026-11-19T23:05:00.123Z',
    })
    expect(only(parseAlarm(alert({ status: 'firing', endsAt }))).recoveredAt).toBeNull()
  })

  it('reads the VIP of the CLB even if a label names the instance of a backend', () => {
    const labels = { vip: '10.0.0.10', instance_id: 'ins-o9p3rg3m' }
    expect(only(parseAlarm(alert({ labels }))).clb.vip).toBe('10.0.0.10')
  })

  it('refuses an alert without a CLB and a group without alerts', () => {
    expect(reasons(parseAlarm(alert({ labels: { job: 'node' } })))).toEqual(['no-clb-named'])
    expect(reasons(parseAlarm(alert({ labels: { instance_id: 'ins-o9p3rg3m' } })))).toEqual(['not-clb'])
    expect(reasons(parseAlarm({ version: '4', alerts: [] }))).toEqual(['empty-batch'])
  })
})

describe('parseAlarm on a load balancer of another product', () => {
  it.each([
    ['a label', { alerts: [{ labels: { loadbalancer_id: 'alb-a1b2c3d4', vip: '203.0.113.26' } }] }],
    ['a template', { status: 'trigger', object: 'shop | alb-a1b2c3d4 | 203.0.113.26(https:443)' }],
    [
      'a dimension',
      { alarmType: 'metric', alarmObjInfo: { dimensions: { objId: 'alb-a1b2c3d4', vip: '203.0.113.26' } } },
    ],
  ])('names the product if %s has its id, and does not look for its VIP among CLBs', (_, payload) => {
    const { alarms, refusals } = parseAlarm(payload)
    expect(alarms).toEqual([])
    expect(refusals).toMatchObject([
      { reason: 'not-clb', detail: expect.stringContaining('alb-a1b2c3d4 is an Application Load Balancer') },
    ])
  })

  it('reads the CLB if both are named', () => {
    const labels = { loadbalancer_id: 'lb-7dpmqwcu', instance_id: 'alb-a1b2c3d4' }
    expect(only(parseAlarm({ alerts: [{ labels }] })).clb.loadBalancerId).toBe('lb-7dpmqwcu')
  })
})

describe('parseAlarm on large payloads', () => {
  const alerts = (count: number, labels: object) => ({
    alerts: Array.from({ length: count }, () => ({ labels })),
  })

  it('counts the entries that it does not read in one refusal', () => {
    const parsed = parseAlarm(alerts(MAX_ENTRIES + 3, { loadbalancer_id: 'lb-7dpmqwcu' }))
    expect(parsed.alarms).toHaveLength(MAX_ENTRIES)
    expect(parsed.refusals).toHaveLength(1)
    expect(parsed.refusals[0]?.reason).toBe('too-many')
    expect(parsed.refusals[0]?.detail).toContain('last 3 of 5003')
    expect(parsed.refusals[0]?.detail).toContain('max_alerts: 1000')
  })

  it('accepts as many entries as the limit without a refusal', () => {
    const parsed = parseAlarm(alerts(MAX_ENTRIES, { loadbalancer_id: 'lb-7dpmqwcu' }))
    expect([parsed.alarms.length, parsed.refusals.length]).toEqual([MAX_ENTRIES, 0])
  })

  it('stops at the limit of entries and gives each refusal once', () => {
    const parsed = parseAlarm(alerts(10_000, { job: 'node' }))
    expect(parsed.alarms).toEqual([])
    expect(reasons(parsed)).toEqual(['no-clb-named', 'too-many'])
    expect(parsed.refusals[1]?.detail).toContain(`last ${10_000 - MAX_ENTRIES} of 10000`)
  })

  it('reads common labels once, however many entries share them', () => {
    const parsed = (labels: number) => {
      const commonLabels = Object.fromEntries(Array.from({ length: labels }, (_, i) => [`l${i}`, 'lb-x']))
      const before = performance.now()
      const read = parseAlarm({ commonLabels, alerts: Array.from({ length: 5_000 }, () => ({})) })
      expect(reasons(read)).toEqual(['no-clb-named'])
      return performance.now() - before
    }
    parsed(25)
    // Read for each of 5,000 entries, they would take hundreds of times as long.
    expect(parsed(25_000)).toBeLessThan(20 * parsed(25))
  })

  it('does not follow deep nesting', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)
    const payload = changed('metric-l7-listener', ['alarmObjInfo', 'dimensions', 'extra'], deep)
    expect(only(parseAlarm(payload)).clb.vip).toBe('203.0.113.26')
    expect(reasons(parseAlarm(deep))).toEqual(['unknown-shape'])
  })
})

describe('parseAlarm on a template that the account’s owner wrote', () => {
  it('reads VIP and listener from the object', () => {
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
      condition: condition({
        shownName: '健康检查异常数',
        operator: '>=',
        threshold: '1',
        value: '3',
        unit: '个',
        level: 'Serious',
      }),
      durationSeconds: null,
      sessionId: null,
      identity: expect.stringMatching(/^[0-9a-f]{32}$/),
      firstOccurredAt: '2026-11-19T23:00:00.000Z',
      recoveredAt: null,
    })
  })

  it('reads a recovery from the status, or only from the recovery time', () => {
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

  it('reads the CLB id from a field that the owner added if the object has no id', () => {
    const payload = { ...sample('user-template'), loadBalancerId: 'lb-7dpmqwcu', object: 'shop-front' }
    expect(only(parseAlarm(payload)).clb.loadBalancerId).toBe('lb-7dpmqwcu')
  })

  it.each([
    ['10.0.0.1 (内) | ins-123456 | as-tke-np-abc', 'not-clb'],
    ['172.19.0.34#3552563', 'no-clb-named'],
    ['203.0.113.26', 'no-clb-named'],
    ['lb-7dpmqwcu | lb-p2x4k8aa', 'several-clbs'],
    ['203.0.113.*(https:443) | shop', 'bad-vip'],
  ])('refuses the object %j', (object, reason) => {
    expect(reasons(parseAlarm({ ...sample('user-template'), object }))).toEqual([reason])
  })
})

describe('parseAlarm on timer events and other payloads', () => {
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
  ])('refuses the timer message %j and names the fields that it can have', (message) => {
    const parsed = parseAlarm(timer(message))
    expect([reasons(parsed), parsed.scan]).toEqual([['bad-timer'], undefined])
    expect(parsed.refusals[0]?.detail).toContain('"regions"')
  })

  it.each([
    [sample('scf-timer-event').Message, ['ap-guangzhou']],
    ['{"task":"scan","regions":["gz","ap-shanghai","gz"]}', ['ap-guangzhou', 'ap-shanghai']],
    ['{"task":"Scan"}', null],
    [{ task: 'scan', regions: null }, null],
    ['{"task":"scan","regions":"all"}', 'all'],
  ])('reads a scan from the timer message %j', (message, regions) => {
    expect(parseAlarm(timer(message))).toEqual({
      alarms: [],
      refusals: [],
      sessionId: null,
      scan: { regions },
    })
  })

  it('reads no scan from a payload that is not a timer event', () => {
    expect(parseAlarm({ task: 'scan', regions: 'all' }).scan).toBeUndefined()
  })

  it.each([
    [null, 'not-an-object'],
    ['{}', 'not-an-object'],
    [[sample('metric-l7-listener')], 'not-an-object'],
    [{}, 'unknown-shape'],
    [{ EventList: {} }, 'unknown-shape'],
    [{ hello: 'world', sessionId: 's' }, 'unknown-shape'],
  ])('refuses %j with the reason %s', (payload, reason) => {
    const parsed = parseAlarm(payload)
    expect(parsed.alarms).toEqual([])
    expect(reasons(parsed)).toEqual([reason])
  })

  it('gives the session id of a payload that it refuses', () => {
    expect(parseAlarm({ hello: 'world', sessionId: 's' }).sessionId).toBe('s')
  })
})

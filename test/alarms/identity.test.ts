import { describe, expect, it } from 'vitest'
import { coalesce, parseAlarm, readHistory } from '../../src/alarms/index.ts'
import { isServed, look, newestState, type Sighting, see } from '../../src/incidents/index.ts'
import type { Alarm } from '../../src/model/alarm.ts'
import { sample } from './samples.ts'

type Payload = Record<string, unknown>
const MINUTE = 60_000
const only = (payload: unknown): Alarm => {
  const { alarms } = parseAlarm(payload)
  expect(alarms).toHaveLength(1)
  return alarms[0] as Alarm
}
const knownAfter = (alarms: readonly Alarm[]): readonly Sighting[] =>
  alarms.reduce<readonly Sighting[]>((known, alarm, i) => {
    const at = i * MINUTE
    return see(known, look({ alarm, at, until: at }, { verdict: 'healthy', pools: [] })).sightings
  }, [])

const merged = (...parts: readonly object[]): Payload => Object.assign({}, ...parts)
/** A callback with other dimensions. */
const withDimensions = (name: string, dimensions: object, change: object = {}): Payload => {
  const payload = sample(name) as { alarmObjInfo: { dimensions: object } }
  const alarmObjInfo = {
    ...payload.alarmObjInfo,
    dimensions: { ...payload.alarmObjInfo.dimensions, ...dimensions },
  }
  return merged(payload, { alarmObjInfo }, change)
}
const withTags = (tags: object): Payload => {
  const payload = sample('prometheus') as { alarmObjInfo: { tags: object } }
  return merged(payload, {
    alarmObjInfo: { ...payload.alarmObjInfo, tags: { ...payload.alarmObjInfo.tags, ...tags } },
  })
}
const event = (dimensions: object): Payload => {
  const payload = sample('eventbridge-single') as { data: { dimensions: object } }
  return merged(payload, {
    data: { ...payload.data, dimensions: { ...payload.data.dimensions, ...dimensions } },
  })
}
const rule = (change: object): Payload => ({
  state: 'alerting',
  ruleId: 1,
  ruleName: 'unhealthy',
  ruleUrl: 'https://g.example.com/d/x',
  orgId: 1,
  tags: { lb_id: 'lb-7dpmqwcu' },
  evalMatches: [],
  ...change,
})
const template = (change: object): Payload => merged(sample('user-template'), change)
const alert = (labels: object, change: object = {}): Payload => ({
  version: '4',
  alerts: [{ status: 'firing', labels: { alertname: 'A', clb: 'lb-7dpmqwcu', ...labels } }],
  ...change,
})

describe('alarms that differ only in what nobody reads', () => {
  it.each<[string, Payload, Payload]>([
    [
      'rules of one listener',
      withDimensions('metric-server-port-with-lb-id', { domain: 'a.example.com' }),
      withDimensions('metric-server-port-with-lb-id', { domain: 'b.example.com' }),
    ],
    [
      'listener ids',
      withDimensions('metric-l7-listener', { listenerId: 'lbl-1a2b3c4d' }),
      withDimensions('metric-l7-listener', { listenerId: 'lbl-5e6f7a8b' }),
    ],
    [
      'levels',
      withDimensions('metric-l7-listener', {}, { alarmLevel: 'Warn' }),
      withDimensions('metric-l7-listener', {}, { alarmLevel: 'Serious' }),
    ],
    ['tags of Prometheus', withTags({ target: 'x' }), withTags({ target: 'y' })],
    ['dimensions of an event', event({ domain: 'a.example.com' }), event({ domain: 'b.example.com' })],
    ['Grafana’s organisations', rule({}), rule({ orgId: 2 })],
    ['Grafana’s hosts', rule({}), rule({ ruleUrl: 'https://h.example.com/d/x' })],
    ['labels without a fingerprint', alert({ target: 'x' }), alert({ target: 'y' })],
    [
      'objects of a template',
      template({ object: '203.0.113.26(https:443) | 10.0.1.16:8080' }),
      template({ object: '203.0.113.26(https:443) | 10.0.1.17:8080' }),
    ],
    ['rules of a template', template({ domain: 'a.example.com' }), template({ domain: 'b.example.com' })],
  ])('are two: %s', (_, one, other) => {
    const first = only(one)
    const second = only(other)
    const end: Alarm = { ...first, state: 'resolved', recoveredAt: '2026-11-19T23:10:00.000Z' }
    expect(coalesce([first, second, end])).toMatchObject([{ state: 'firing' }])
    const known = knownAfter([first, second, end])
    expect(newestState(second, known).state).toBe('firing')
    expect(known.map(({ recovered }) => recovered)).toEqual([true, false])
    expect(isServed(second, knownAfter([first]), 0)).toBe(false)
  })
})

describe('a firing and its recovery', () => {
  const ended = { alarmStatus: '0', sessionId: 'other', durationTime: 9, recoverTime: '2026-11-20 07:31:00' }
  it.each<[string, Payload, Payload]>([
    ['a callback', sample('metric-l7-listener'), sample('metric-l7-listener-recovered')],
    [
      'a callback whose numbers and keys are written in another way',
      withDimensions('metric-public-listener', { vport: 443 }),
      withDimensions('metric-public-listener', { vport: ' 443 ', objName: 'renamed' }, ended),
    ],
    ['an event', sample('event-server-port'), merged(sample('event-server-port'), ended)],
    [
      'an event of EventBridge',
      event({}),
      merged(event({}), { id: 'other', status: '0', time: 1_795_129_260_000 }),
    ],
    [
      'a template whose sentence has the value',
      template({ content: '健康检查异常数 >= 1个 (当前 3)' }),
      template({ content: '健康检查异常数 >= 1个 (当前 0)', status: 'Recovery', current_level: 'None' }),
    ],
    [
      'a rule of Grafana',
      rule({ evalMatches: [{ value: 2, metric: 'm', tags: {} }] }),
      rule({ state: 'ok', title: '[OK]' }),
    ],
    [
      'an alert without a fingerprint',
      alert({}),
      {
        ...alert({}),
        status: 'resolved',
        alerts: [{ labels: { clb: 'lb-7dpmqwcu', alertname: 'A' }, status: 'resolved' }],
      },
    ],
  ])('are one condition: %s', (_, firing, recovery) => {
    const end = only(recovery)
    expect(end.state).toBe('resolved')
    expect(end.identity).toBe(only(firing).identity)
    expect(coalesce([only(firing), end])).toMatchObject([{ state: 'resolved' }])
    const known = knownAfter([only(firing), end])
    expect(known).toHaveLength(1)
    expect(known[0]?.recovered).toBe(true)
  })

  it('are one condition if an older version kept the firing', () => {
    const known = knownAfter([only(sample('metric-l7-listener'))]).map(({ identity: _, ...old }) => old)
    const end = only(sample('metric-l7-listener-recovered'))
    const { sightings } = see(known, look({ alarm: end, at: 9, until: 9 }, { verdict: 'healthy', pools: [] }))
    expect(sightings).toMatchObject([{ recovered: true }])
  })

  it('are one condition if the firing was taken from the history', () => {
    const [firing] =
      readHistory({
        AlarmStatus: 'ALARM',
        FirstOccurTime: 1_795_129_200,
        PolicyId: 'policy-n4exeh88',
        Region: 'gz',
        Namespace: 'qce/loadbalance',
        MetricsInfo: [{ MetricName: 'UnhealthRsCount' }],
        Dimensions: '{"vip":"203.0.113.26","vport":"443","protocol":"https"}',
      })?.alarms ?? []
    expect(firing?.identity).toBeUndefined()
    expect(knownAfter([firing as Alarm, only(sample('metric-l7-listener-recovered'))])).toMatchObject([
      { recovered: true },
    ])
  })
})

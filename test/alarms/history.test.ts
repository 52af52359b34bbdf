import { describe, expect, it } from 'vitest'
import { readHistory } from '../../src/alarms/index.ts'

/** An entry of monitor:DescribeAlarmHistories, with the field types of the SDK's model. */
const entry = (change: object = {}): object => ({
  AlarmId: '605b2f5f7d1c3e5f5e5e5e5e',
  MonitorType: 'MT_QCE',
  Namespace: 'lb_hc_vport',
  AlarmObject: '203.0.113.26#443#https',
  FirstOccurTime: 1_793_000_000,
  LastOccurTime: 1_793_000_600,
  AlarmStatus: 'ALARM',
  PolicyId: 'policy-n4exeh88',
  PolicyName: 'clb-health',
  AlarmType: 'METRIC',
  Region: 'gz',
  MetricsInfo: [{ QceNamespace: 'QCE/LB_PUBLIC', MetricName: 'UnhealthRsCount', Period: 60, Value: '3' }],
  Dimensions: '{"vip":"203.0.113.26","vport":"443","protocol":"https"}',
  AlarmLevel: null,
  ...change,
})

describe('an entry of the history of alarms', () => {
  it('is read as the callback of the same alarm', () => {
    expect(readHistory(entry())?.alarms).toMatchObject([
      {
        source: 'cloud-monitor',
        state: 'firing',
        region: 'ap-guangzhou',
        clb: { vip: '203.0.113.26' },
        listener: { port: 443 },
        policy: { id: 'policy-n4exeh88', name: 'clb-health' },
        subject: 'UnhealthRsCount',
        firstOccurredAt: new Date(1_793_000_000_000).toISOString(),
        recoveredAt: null,
      },
    ])
  })

  it('that is over is a recovery with its time', () => {
    expect(readHistory(entry({ AlarmStatus: 'OK' }))?.alarms).toMatchObject([
      { state: 'resolved', recoveredAt: new Date(1_793_000_600_000).toISOString() },
    ])
  })

  it.each([['NO_CONF'], ['NO_DATA'], [''], [7]])('in state %j says nothing', (AlarmStatus) => {
    expect(readHistory(entry({ AlarmStatus }))).toBeNull()
  })

  it.each([
    ['another product', { Namespace: 'cvm_device', Dimensions: '{"unInstanceId":"ins-1a2b3c4d"}' }],
    ['no dimensions', { Dimensions: null }],
    ['dimensions that are not JSON', { Dimensions: 'vip=203.0.113.26' }],
  ])('with %s gives no alarm', (_, change) => {
    expect(readHistory(entry(change))?.alarms ?? []).toEqual([])
  })

  it.each([null, 'x', 7, [], {}, { FirstOccurTime: -1, AlarmStatus: 'ALARM' }])('%j is no entry', (given) => {
    expect(readHistory(given)).toBeNull()
  })
})

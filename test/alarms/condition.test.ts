import { describe, expect, it } from 'vitest'
import { coalesce, parseAlarm } from '../../src/alarms/index.ts'
import { changed, condition, only, sample } from './samples.ts'

const CONDITIONS = ['alarmPolicyInfo', 'conditions']
const metric = (part: object) => ({
  ...((sample('metric-l7-listener').alarmPolicyInfo as { conditions: object }).conditions as object),
  ...part,
})
const withConditions = (part: object) =>
  only(parseAlarm(changed('metric-l7-listener', CONDITIONS, metric(part))))

describe("the condition of Cloud Monitor's alarms", () => {
  it('keeps what the metric alarm watches, its value, and how long it has lasted', () => {
    const alarm = only(parseAlarm(sample('metric-server-port-with-lb-id')))
    expect(alarm.condition).toEqual({
      metric: 'Rspacketloss',
      shownName: '服务器端口状态异常',
      operator: '>=',
      threshold: '1',
      value: '3',
      unit: '个',
      periodSeconds: 60,
      level: null,
    })
    expect(alarm.durationSeconds).toBe(60)
  })

  it('keeps the level of a graded policy, and the duration in digits', () => {
    const alarm = only(parseAlarm(sample('metric-number-status')))
    expect(alarm).toMatchObject({ condition: { level: 'Serious' }, durationSeconds: 60 })
  })

  it('reads the level from the alert id if no field gives it', () => {
    const graded = (alertId: string) => only(parseAlarm(changed('metric-l7-listener', ['alertId'], alertId)))
    expect(graded('ECkYDW5CbFIIPabdCq4y7w3t_Warn').condition?.level).toBe('Warn')
    expect(graded('ECkYDW5CbFIIPabdCq4y7w3t').condition?.level).toBeNull()
  })

  it('keeps the value and the duration of a recovery', () => {
    expect(only(parseAlarm(sample('metric-l7-listener-recovered')))).toMatchObject({
      condition: { metric: 'UnhealthRsCount', threshold: '1' },
      durationSeconds: 1860,
    })
  })

  it('gives no duration where the sender writes 0', () => {
    expect(only(parseAlarm(sample('metric-recovered-without-time'))).durationSeconds).toBeNull()
    expect(only(parseAlarm(sample('event-vip-blocked'))).durationSeconds).toBeNull()
  })

  it.each([
    ['event-vip-blocked', { metric: 'VipBlockInfo', shownName: '公网VIP封堵' }],
    ['event-server-port', { metric: 'RsPortStatusChange', shownName: '服务器端口状态异常' }],
  ])('gives the two names of the event %s and no threshold', (name, names) => {
    expect(only(parseAlarm(sample(name))).condition).toEqual(condition(names))
  })

  it('gives the name alone for a metric without a threshold', () => {
    const conditions = { metricName: '21634', metricShowName: 'QPS利用率' }
    const alarm = only(parseAlarm(changed('metric-l7-listener', CONDITIONS, conditions)))
    expect(alarm.condition).toEqual(condition({ metric: '21634', shownName: 'QPS利用率' }))
  })

  it('gives no condition for an alarm without conditions', () => {
    expect(only(parseAlarm(sample('prometheus'))).condition).toBeNull()
    expect(only(parseAlarm(changed('metric-l7-listener', CONDITIONS, undefined))).condition).toBeNull()
  })

  it('keeps numbers as they were written', () => {
    expect(withConditions({ currentValue: 96.739, calcValue: '95.50', period: 300 }).condition).toMatchObject(
      {
        value: '96.739',
        threshold: '95.50',
        periodSeconds: 300,
      },
    )
  })

  it('drops a part that is too long, of another type or on several lines, and keeps the rest', () => {
    const alarm = withConditions({
      metricShowName: 'x'.repeat(5_000),
      calcType: { $gt: 1 },
      calcUnit: '',
      unit: 'a\nb',
      currentValue: 'many',
      period: '-60',
    })
    expect(alarm.condition).toEqual(condition({ metric: 'UnhealthRsCount', threshold: '1' }))
  })
})

describe('the condition of templates', () => {
  const template = (part: object) => only(parseAlarm({ ...sample('user-template'), ...part })).condition

  it.each([
    ['CPU利用率 > 0%', { shownName: 'CPU利用率', operator: '>', threshold: '0', unit: '%' }],
    ['健康检查异常RS数 > 0\n(持续1个周期)', { shownName: '健康检查异常RS数', operator: '>', threshold: '0' }],
    ['a', {}],
    ['a >= 1个 或 b < 2', {}],
    ['>= 1', {}],
  ])('reads the sentence %j', (content, parts) => {
    expect(template({ content, current_value_content: null, current_level: 'None' })).toEqual(
      Object.keys(parts).length === 0 ? null : condition(parts),
    )
  })

  it('reads the value, and no level where the policy has no levels', () => {
    const parts = { content: null, current_value_content: '95.6% (CPU利用率)', current_level: 'None' }
    expect(template(parts)).toEqual(condition({ value: '95.6', unit: '%' }))
  })
})

describe('the condition of Alertmanager alerts and requests', () => {
  const alert = (part: object) =>
    only(
      parseAlarm({
        version: '4',
        commonLabels: { alertname: 'ClbDown', severity: 'page' },
        alerts: [{ labels: { loadbalancer_id: 'lb-7dpmqwcu' }, ...part }],
      }),
    ).condition

  it('reads the severity and an annotated value', () => {
    expect(alert({ annotations: { value: '2' } })).toEqual(condition({ level: 'page', value: '2' }))
    expect(alert({ annotations: { value: 'two of five' } })).toEqual(condition({ level: 'page' }))
  })

  it('gives none if the labels say nothing of it', () => {
    expect(parseAlarm(sample('alertmanager-v4')).alarms.map((alarm) => alarm.condition)).toEqual([null, null])
  })
})

describe('the condition of coalesced alarms', () => {
  const alarm = (value: string, durationTime: number, vport: number) => {
    const payload = structuredClone(sample('metric-public-listener')) as unknown as {
      durationTime: number
      alarmObjInfo: { dimensions: { vport: number } }
      alarmPolicyInfo: { conditions: { currentValue: string } }
    }
    payload.durationTime = durationTime
    payload.alarmObjInfo.dimensions.vport = vport
    payload.alarmPolicyInfo.conditions.currentValue = value
    return only(parseAlarm(payload))
  }

  it('keeps the longest duration, and a value only if all listeners agree on it', () => {
    expect(coalesce([alarm('3', 120, 443), alarm('3', 60, 80)])).toMatchObject([
      { condition: { value: '3', threshold: '1' }, durationSeconds: 120 },
    ])
    expect(coalesce([alarm('3', 120, 443), alarm('2', 60, 80)])).toMatchObject([
      { condition: { value: null, threshold: '1' }, durationSeconds: 120 },
    ])
  })
})

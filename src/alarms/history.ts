import { isObject, text } from '../model/untrusted.ts'
import { readCloudMonitor } from './cloud-monitor.ts'
import { fieldsOf, positiveInteger } from './fields.ts'
import type { Reading } from './reading.ts'

// An entry of monitor:DescribeAlarmHistories, which tells of alarms whose callback never arrived (intake facts 2).

const FIRING = 'ALARM'
const OVER = 'OK'

/** Reads one entry as if it were the callback of the same alarm. Null: it says neither that an alarm fires nor that it is over. */
export function readHistory(entry: unknown): Reading | null {
  const history = fieldsOf(entry)
  const status = text(history('AlarmStatus'))
  const began = positiveInteger(history('FirstOccurTime'))
  if ((status !== FIRING && status !== OVER) || began === null) return null
  const metrics = history('MetricsInfo')
  const metric = fieldsOf(Array.isArray(metrics) ? metrics.find(isObject) : null)
  const reading = readCloudMonitor(
    fieldsOf({
      sessionId: history('AlarmId'),
      alarmStatus: status === OVER ? '0' : '1',
      alarmType: 'metric',
      alarmLevel: history('AlarmLevel'),
      alarmObjInfo: {
        region: history('Region'),
        namespace: history('Namespace'),
        dimensions: history('Dimensions'),
      },
      alarmPolicyInfo: {
        policyId: history('PolicyId'),
        policyName: history('PolicyName'),
        conditions: {
          metricName: metric('MetricName'),
          currentValue: metric('Value'),
          period: metric('Period'),
        },
      },
      firstOccurTime: began,
      recoverTime: status === OVER ? history('LastOccurTime') : '0',
    }),
  )
  // The history may write the dimensions in another way than the callback does.
  return { ...reading, alarms: reading.alarms.map(({ identity: _, ...alarm }) => alarm) }
}

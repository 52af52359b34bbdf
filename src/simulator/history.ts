import { type Answer, ApiError, type Request } from './api.ts'
import type { SimulatedActions } from './parameters.ts'
import type { AlarmRecord, World } from './world.ts'

/** monitor:DescribeAlarmHistories (2018-07-24): by the time at which an alarm began, at most 100 per page. */
function describeAlarmHistories(world: World, request: Request): Answer {
  if (request.Module !== 'monitor') throw new ApiError('InvalidParameter', 'Module is "monitor"')
  const [from, to] = [Number(request.StartTime ?? 0), Number(request.EndTime ?? Number.MAX_SAFE_INTEGER)]
  const size = Number(request.PageSize ?? 20)
  const page = Number(request.PageNumber ?? 1)
  if (size < 1 || size > 100 || page < 1)
    throw new ApiError('InvalidParameterValue', 'PageSize is 1 to 100, PageNumber at least 1')
  const sign = request.Order === 'ASC' ? 1 : -1
  const found = (world.alarmHistory ?? [])
    .filter(({ firstAt }) => firstAt > from && firstAt < to)
    .sort((a, b) => sign * (a.firstAt - b.firstAt))
  return {
    TotalCount: found.length,
    Histories: found.slice((page - 1) * size, page * size).map(historyOf),
  }
}

const historyOf = (record: AlarmRecord): Answer => ({
  AlarmId: record.id,
  MonitorType: 'MT_QCE',
  Namespace: record.namespace,
  AlarmObject: Object.values(record.dimensions).join('|'),
  Content: `${record.metric} >= 1`,
  FirstOccurTime: record.firstAt,
  LastOccurTime: record.lastAt,
  AlarmStatus: record.status,
  PolicyId: record.policy.id,
  PolicyName: record.policy.name,
  AlarmType: 'METRIC',
  EventId: 0,
  Region: record.region,
  PolicyExists: 1,
  MetricsInfo: [
    { QceNamespace: 'QCE/LB_PUBLIC', MetricName: record.metric, Period: 60, Value: '1', Description: '' },
  ],
  Dimensions: JSON.stringify(record.dimensions),
  AlarmLevel: '',
})

export const actions = {
  'monitor:DescribeAlarmHistories': {
    takes: {
      Module: 'text',
      PageNumber: 'number',
      PageSize: 'number',
      Order: 'text',
      StartTime: 'number',
      EndTime: 'number',
      MonitorTypes: 'texts',
    },
    needs: 'Module',
    answer: describeAlarmHistories,
  },
} as const satisfies SimulatedActions

import type { ResponseOf } from '../cloud/actions.ts'
import type { HealthCheck } from '../model/snapshot.ts'
import { integer, text, upper } from './fields.ts'

type ApiListener = NonNullable<ResponseOf<'clb:DescribeListeners'>['Listeners']>[number]
type ApiHealthCheck = NonNullable<ApiListener['HealthCheck']>
type ApiGroup = NonNullable<ResponseOf<'clb:DescribeTargetGroups'>['TargetGroupSet']>[number]
type ApiGroupCheck = NonNullable<ApiGroup['HealthCheck']>

/** 0 and -1 mean "the backend's own port" as null does (platform facts C3). */
const port = (value: unknown): number | null => {
  const n = integer(value)
  return n !== null && n > 0 ? n : null
}

const onOff = (value: unknown): boolean | null =>
  typeof value === 'boolean' ? value : value === 1 ? true : value === 0 ? false : null

export function healthCheckOf(check: ApiHealthCheck | null | undefined): HealthCheck | null {
  if (!check) return null
  return {
    enabled: onOff(check.HealthSwitch),
    type: upper(check.CheckType),
    port: port(check.CheckPort),
    intervalSeconds: integer(check.IntervalTime),
    timeoutSeconds: integer(check.TimeOut),
    healthyThreshold: integer(check.HealthNum),
    unhealthyThreshold: integer(check.UnHealthNum),
    method: upper(check.HttpCheckMethod),
    host: text(check.HttpCheckDomain),
    path: text(check.HttpCheckPath),
    httpVersion: text(check.HttpVersion),
    httpCodes: integer(check.HttpCode),
    sourceIpType: integer(check.SourceIpType),
  }
}

/**
 * The check that a v2 target group carries itself. It has no source type, so the API does not say where its probes come
 * from.
 */
export function groupHealthCheckOf(check: ApiGroupCheck | null | undefined): HealthCheck | null {
  if (!check) return null
  return {
    enabled: onOff(check.HealthSwitch),
    type: upper(check.Protocol),
    port: port(check.Port),
    intervalSeconds: integer(check.GapTime),
    timeoutSeconds: integer(check.Timeout),
    healthyThreshold: integer(check.GoodLimit),
    unhealthyThreshold: integer(check.BadLimit),
    method: upper(check.HttpCheckMethod),
    host: text(check.HttpCheckDomain),
    path: text(check.HttpCheckPath),
    httpVersion: text(check.HttpVersion),
    httpCodes: integer(check.HttpCode),
    sourceIpType: null,
  }
}

import type { ResponseOf } from '../cloud/index.ts'
import type { HealthCheck } from '../model/snapshot.ts'
import { text, upper } from './fields.ts'

type ApiListener = NonNullable<ResponseOf<'clb:DescribeListeners'>['Listeners']>[number]
type ApiHealthCheck = NonNullable<ApiListener['HealthCheck']>
type ApiGroup = NonNullable<ResponseOf<'clb:DescribeTargetGroups'>['TargetGroupSet']>[number]
type ApiGroupCheck = NonNullable<ApiGroup['HealthCheck']>

/** 0, -1 and null mean "the backend's own port" (platform facts C3). */
const port = (value: number | null | undefined): number | null => (value && value > 0 ? value : null)

export function healthCheckOf(check: ApiHealthCheck | null | undefined): HealthCheck | null {
  if (!check) return null
  return {
    enabled: check.HealthSwitch ?? null,
    type: upper(check.CheckType),
    port: port(check.CheckPort),
    intervalSeconds: check.IntervalTime ?? null,
    timeoutSeconds: check.TimeOut ?? null,
    healthyThreshold: check.HealthNum ?? null,
    unhealthyThreshold: check.UnHealthNum ?? null,
    method: upper(check.HttpCheckMethod),
    host: text(check.HttpCheckDomain),
    path: text(check.HttpCheckPath),
    httpVersion: text(check.HttpVersion),
    httpCodes: check.HttpCode ?? null,
    sourceIpType: check.SourceIpType ?? null,
    ...contentOf(check),
  }
}

/** What CUSTOM and GRPC checks send and expect. A field that the answer lacks stays away: that is not "unset". */
function contentOf({
  ContextType,
  SendContext,
  RecvContext,
  ExtendedCode,
}: Pick<ApiHealthCheck, 'ContextType' | 'SendContext' | 'RecvContext' | 'ExtendedCode'>) {
  return {
    ...(ContextType === undefined ? {} : { contextType: upper(ContextType) }),
    // Not trimmed: every character is sent.
    ...(SendContext === undefined ? {} : { sendContext: SendContext || null }),
    ...(RecvContext === undefined ? {} : { recvContext: RecvContext || null }),
    ...(ExtendedCode === undefined ? {} : { extendedCode: text(ExtendedCode) }),
  }
}

/** The own check of a v2 target group. It has no source type, so the API does not say where its probes come from. */
export function groupHealthCheckOf(check: ApiGroupCheck | null | undefined): HealthCheck | null {
  if (!check) return null
  return {
    enabled: check.HealthSwitch ?? null,
    type: upper(check.Protocol),
    port: port(check.Port),
    intervalSeconds: check.GapTime ?? null,
    timeoutSeconds: check.Timeout ?? null,
    healthyThreshold: check.GoodLimit ?? null,
    unhealthyThreshold: check.BadLimit ?? null,
    method: upper(check.HttpCheckMethod),
    host: text(check.HttpCheckDomain),
    path: text(check.HttpCheckPath),
    httpVersion: text(check.HttpVersion),
    httpCodes: check.HttpCode ?? null,
    sourceIpType: null,
    ...contentOf(check),
  }
}

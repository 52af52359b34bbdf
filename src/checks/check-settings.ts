import { known } from '../model/fact.ts'
import type { HealthCheck, LoadBalancer } from '../model/snapshot.ts'
import { isManagedByTke } from '../model/tke.ts'
import type { EvaluatedPool, Paths } from '../path/index.ts'
import type { Param } from '../text/index.ts'
import { NOTHING } from '../text/index.ts'
import type { FixLine } from './check.ts'
import { clusterOf } from './cluster.ts'
import { kubectl, tccli } from './commands.ts'
import { configuredIn } from './service-configs.ts'
import { SHARED } from './texts.ts'

/** Where a health check is set: on a listener, a rule or target groups. */
export interface CheckAt {
  readonly pool: EvaluatedPool
  readonly check: HealthCheck
  /** The target groups that set it. Empty if the listener or rule does. */
  readonly groupIds: readonly string[]
}

/**
 * Commands that change some settings of a health check. They send every other setting as it was read: it is not
 * documented whether the API keeps the fields that a request leaves out (platform facts C3). A classic CLB has no such
 * action.
 */
export function settingCommands(
  { pool, check, groupIds }: CheckAt,
  changed: Partial<HealthCheck>,
  paths: Paths,
): readonly FixLine[] {
  const { snapshot, balancer } = paths
  if (balancer?.generation === 'classic') return []
  const { region, loadBalancerId: LoadBalancerId } = snapshot
  const after = { ...check, ...changed }
  if (changed.port === null) after.port = OWN_PORT
  const own =
    groupIds.length > 0
      ? groupIds.map((TargetGroupId) =>
          tccli('clb ModifyTargetGroupAttribute', region, { TargetGroupId, HealthCheck: forGroup(after) }),
        )
      : [
          tccli(pool.locationId === null ? 'clb ModifyListener' : 'clb ModifyRule', region, {
            LoadBalancerId,
            ListenerId: pool.listenerId,
            ...(pool.locationId === null ? {} : { LocationId: pool.locationId }),
            HealthCheck: forListener(after),
          }),
        ]
  return [...(isManagedByTke(balancer) ? serviceConfigLines(pool, paths) : []), ...own]
}

/** CheckPort -1 sets the backend's own port again (SDK `HealthCheck`). */
const OWN_PORT = -1

/** The names of the settings, as the API of listeners and rules has them. Unset ones are left out. */
const forListener = (check: HealthCheck): Readonly<Record<string, unknown>> =>
  given({
    HealthSwitch: check.enabled === null ? null : Number(check.enabled),
    TimeOut: check.timeoutSeconds,
    IntervalTime: check.intervalSeconds,
    HealthNum: check.healthyThreshold,
    UnHealthNum: check.unhealthyThreshold,
    CheckType: check.type,
    CheckPort: check.port,
    SourceIpType: check.sourceIpType,
    ...ofContent(check),
  })

/** The same for target groups of type v2, which have no SourceIpType. */
const forGroup = (check: HealthCheck): Readonly<Record<string, unknown>> =>
  given({
    HealthSwitch: check.enabled,
    Timeout: check.timeoutSeconds,
    GapTime: check.intervalSeconds,
    GoodLimit: check.healthyThreshold,
    BadLimit: check.unhealthyThreshold,
    Protocol: check.type,
    Port: check.port,
    ...ofContent(check),
  })

const ofContent = (check: HealthCheck) => ({
  HttpCode: check.httpCodes,
  HttpCheckPath: check.path,
  HttpCheckDomain: check.host,
  HttpCheckMethod: check.method,
  HttpVersion: check.httpVersion,
  ContextType: check.contextType,
  SendContext: check.sendContext,
  RecvContext: check.recvContext,
  ExtendedCode: check.extendedCode,
})

const given = (settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null && value !== undefined))

/** Which TkeServiceConfig a Service or Ingress uses, and what it sets (platform facts E). */
const SERVICE_CONFIG: readonly FixLine[] = [
  {
    tool: 'kubectl',
    line: "kubectl get svc,ingress -A -o yaml | grep -E '^    (name|namespace): |tke-service-config'",
  },
  { tool: 'kubectl', line: 'kubectl get tkeserviceconfigs -A -o yaml' },
]

/** By name if the cluster was read and its Service or Ingress has one that exists, else how to find it. */
function serviceConfigLines(pool: EvaluatedPool, paths: Paths): readonly FixLine[] {
  const cluster = clusterOf(paths)
  const read = cluster.kind === 'own' ? known(cluster.view.serviceConfigs) : undefined
  const named = configuredIn(pool, paths).flatMap(({ namespace, serviceConfig: name }) =>
    name === null || read?.some((one) => one.namespace === namespace && one.name === name) === false
      ? []
      : kubectl('edit', 'tkeserviceconfig', name, '-n', namespace),
  )
  return named.length > 0 ? named : SERVICE_CONFIG
}

/** For a CLB of TKE: its settings belong to the TkeServiceConfig. Otherwise nothing. */
export const serviceConfigText = (balancer: LoadBalancer | undefined): Param =>
  isManagedByTke(balancer) ? SHARED.serviceConfig : NOTHING

/** The same behind a fix that has other ways, too. */
export const serviceConfigToo = (balancer: LoadBalancer | undefined): Param =>
  isManagedByTke(balancer) ? SHARED.serviceConfigToo : NOTHING

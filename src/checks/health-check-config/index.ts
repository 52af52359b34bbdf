import type { CheckOutcome, Evidence, Severity } from '../../model/diagnosis.ts'
import { poolName } from '../../model/endpoint.ts'
import { isHttp } from '../../model/protocol.ts'
import type { HealthCheck, Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedPool, EvaluatedTarget, Paths } from '../../path/index.ts'
import { type Params, texts } from '../../text/index.ts'
import { type Check, type CheckResult, type Draft, findingTarget, poolResource, result } from '../check.ts'
import { en } from './en.ts'
import { checksOf, type InForce } from './in-force.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })
const { reasons } = TEXTS

type Reason = keyof typeof reasons

/** Guide 2 (note) and manual 3: settings that can make good backends fail. No setting proves anything by itself. */
export const healthCheckConfig: Check = { id: 'health-check-config', reasons, run }

function run(paths: Paths): CheckResult {
  const checks = paths.pools.flatMap((pool) => checksOf(pool, paths.snapshot))
  const outcomes = checks.map(({ check }): CheckOutcome => {
    if (check === null) return 'unknown'
    return check.enabled === false ? 'not-applicable' : 'pass'
  })
  return result(
    checks.flatMap((one) => findings(one, paths.snapshot)),
    outcomes,
  )
}

interface Hit {
  readonly reason: Reason
  readonly severity: Severity
  readonly params: Params
  readonly evidence: Evidence
}

function findings(inForce: InForce, snapshot: Snapshot): readonly Draft[] {
  const { pool, check, groupIds, targets } = inForce
  if (!check || check.enabled === false) return []
  return hits(inForce, check).map((hit) => ({
    code: `health-check-config/${hit.reason}`,
    subject: [pool.key, ...groupIds].join('#'),
    predicts: SUSPECTS.has(hit.reason) ? 'suspect' : 'nothing',
    targets: targets.map((target) => findingTarget({ pool, target })),
    certainty: 'possible',
    role: 'risk',
    severity: hit.severity,
    order: 4,
    resources: [poolResource(pool, snapshot.region)],
    params: { pool: poolName(pool), ...hit.params },
    evidence: [hit.evidence],
    fix: { kind: 'settings' },
  }))
}

const LISTENERS = 'clb:DescribeListeners'

function hits({ pool, targets, groupIds }: InForce, check: HealthCheck): readonly Hit[] {
  const { forwardType } = pool
  const http = checksHttp(pool, check)
  const found: Hit[] = []
  const { timeoutSeconds, intervalSeconds } = check
  // Target groups have other names for some fields (SDK `TargetGroupHealthCheck`).
  const evidence = (value: unknown, name: string, ofGroup = name): Evidence =>
    groupIds.length === 0
      ? { source: LISTENERS, fact: name, value }
      : { source: 'clb:DescribeTargetGroups', fact: `${groupIds.join(', ')} HealthCheck.${ofGroup}`, value }
  if (timeoutSeconds !== null && intervalSeconds !== null && timeoutSeconds >= intervalSeconds)
    found.push({
      reason: 'timeout-not-below-interval',
      severity: 'medium',
      params: { timeout: timeoutSeconds, interval: intervalSeconds },
      evidence: evidence([timeoutSeconds, intervalSeconds], 'TimeOut, IntervalTime', 'Timeout, GapTime'),
    })
  const others = [...new Set(targets.filter(isProbedElsewhere).map(({ port }) => port))]
  if (check.port !== null && others.length > 0)
    found.push({
      reason: 'port-differs',
      severity: 'medium',
      params: { checkPort: check.port, ports: others.map(String) },
      evidence: evidence(check.port, 'CheckPort', 'Port'),
    })
  if (!http) return found
  if (pool.protocol === 'TCP' && check.httpVersion === 'HTTP/1.1' && check.host === null)
    found.push({
      reason: 'host-missing',
      severity: 'medium',
      params: {},
      evidence: evidence(null, 'HttpCheckDomain'),
    })
  if (check.httpCodes !== null && (check.httpCodes & SUCCESS) === 0)
    found.push({
      reason: 'codes-exclude-2xx',
      severity: 'medium',
      params: { mask: check.httpCodes },
      evidence: evidence(check.httpCodes, 'HttpCode'),
    })
  if (check.type === 'HTTPS' || forwardType === 'HTTPS')
    found.push({
      reason: 'https-to-backend',
      severity: 'low',
      params: {},
      evidence:
        check.type === 'HTTPS'
          ? evidence('HTTPS', 'CheckType', 'Protocol')
          : { source: LISTENERS, fact: 'ForwardType', value: forwardType },
    })
  if (check.method === 'HEAD')
    found.push({
      reason: 'method-head',
      severity: 'low',
      params: { path: check.path ?? '/' },
      evidence: evidence('HEAD', 'HttpCheckMethod'),
    })
  return found
}

/** Ping has no port. A backend bound with port 0 uses the listener's port (platform facts C3). */
const isProbedElsewhere = ({ plan, port }: EvaluatedTarget): boolean =>
  plan.kind === 'probe' && plan.port !== null && port > 0 && plan.port !== port

/** Each of these settings can make all backends of a pool Dead. HEAD does not count, because it is the common default. */
const SUSPECTS: ReadonlySet<Reason> = new Set([
  'port-differs',
  'host-missing',
  'codes-exclude-2xx',
  'https-to-backend',
])

/** The bit for 2xx in HttpCode (platform facts C3). */
const SUCCESS = 2

/** A check without a type speaks the listener's protocol. */
const checksHttp = (pool: EvaluatedPool, check: HealthCheck): boolean => isHttp(check.type ?? pool.protocol)

import type { AssessedPool, Assessment } from '../../assessment/index.ts'
import type { CheckOutcome, Evidence, Severity } from '../../model/diagnosis.ts'
import { poolName } from '../../model/endpoint.ts'
import { known } from '../../model/fact.ts'
import type { HealthCheck, Snapshot } from '../../model/snapshot.ts'
import {
  type Check,
  type CheckResult,
  cover,
  type Draft,
  type Params,
  poolResource,
  result,
} from '../check.ts'
import { reasons } from './messages.ts'

type Reason = keyof typeof reasons

/** Guide 2 (note) and manual 3: settings that make good backends look bad. Each alone proves nothing. */
export const healthCheckConfig: Check = { id: 'health-check-config', reasons, run }

function run(assessment: Assessment): CheckResult {
  const drafts = assessment.pools.flatMap((pool) => findings(pool, assessment.snapshot))
  const outcomes = assessment.pools.map((pool): CheckOutcome => {
    if (pool.healthCheck === null) return 'unknown'
    return pool.healthCheck.enabled === false ? 'not-applicable' : 'pass'
  })
  return result(drafts, outcomes)
}

interface Hit {
  readonly reason: Reason
  readonly severity: Severity
  readonly params: Params
  readonly evidence: Evidence
}

const source = 'clb:DescribeListeners'

function findings(pool: AssessedPool, snapshot: Snapshot): readonly Draft[] {
  const check = pool.healthCheck
  if (!check || check.enabled === false || pool.targets.length === 0) return []
  return hits(pool, check, forwardTypeOf(pool, snapshot)).map((hit) => ({
    code: `health-check-config/${hit.reason}`,
    subject: pool.key,
    predicts: SUSPECTS.has(hit.reason) ? 'suspect' : 'nothing',
    covers: pool.targets.map((target) => cover({ pool, target })),
    certainty: 'possible',
    role: 'risk',
    severity: hit.severity,
    order: 4,
    resources: [poolResource(pool, snapshot.region)],
    params: { pool: poolName(pool), ...hit.params },
    evidence: [hit.evidence],
    fix: { kind: 'advice' },
  }))
}

function hits(pool: AssessedPool, check: HealthCheck, forwardType: string | null): readonly Hit[] {
  const http = isHttp(pool, check)
  const found: Hit[] = []
  const { timeoutSeconds, intervalSeconds } = check
  if (timeoutSeconds !== null && intervalSeconds !== null && timeoutSeconds >= intervalSeconds)
    found.push({
      reason: 'timeout-not-below-interval',
      severity: 'medium',
      params: { timeout: timeoutSeconds, interval: intervalSeconds },
      evidence: { source, fact: 'TimeOut, IntervalTime', value: [timeoutSeconds, intervalSeconds] },
    })
  const others = [...new Set(pool.targets.map(({ port }) => port))].filter((port) => port !== check.port)
  if (check.port !== null && others.length > 0)
    found.push({
      reason: 'port-differs',
      severity: 'medium',
      params: { checkPort: check.port, ports: others.map(String) },
      evidence: { source, fact: 'CheckPort', value: check.port },
    })
  if (!http) return found
  if (pool.protocol === 'TCP' && check.httpVersion === 'HTTP/1.1' && check.host === null)
    found.push({
      reason: 'host-missing',
      severity: 'medium',
      params: {},
      evidence: { source, fact: 'HttpCheckDomain', value: null },
    })
  if (check.httpCodes !== null && (check.httpCodes & SUCCESS) === 0)
    found.push({
      reason: 'codes-exclude-2xx',
      severity: 'medium',
      params: { mask: check.httpCodes },
      evidence: { source, fact: 'HttpCode', value: check.httpCodes },
    })
  if (check.type === 'HTTPS' || forwardType === 'HTTPS')
    found.push({
      reason: 'https-to-backend',
      severity: 'low',
      params: {},
      evidence: { source, fact: 'CheckType, ForwardType', value: [check.type, forwardType] },
    })
  if (check.method === 'HEAD')
    found.push({
      reason: 'method-head',
      severity: 'low',
      params: { path: check.path ?? '/' },
      evidence: { source, fact: 'HttpCheckMethod', value: 'HEAD' },
    })
  return found
}

/** Settings that can make every backend of a pool Dead. HEAD is not among them: it is the common default. */
const SUSPECTS: ReadonlySet<Reason> = new Set([
  'port-differs',
  'host-missing',
  'codes-exclude-2xx',
  'https-to-backend',
])

/** Bit of 2xx in HttpCode (platform facts C3). */
const SUCCESS = 2

const isHttp = (pool: AssessedPool, check: HealthCheck): boolean =>
  check.type === 'HTTP' ||
  check.type === 'HTTPS' ||
  (check.type === null && (pool.protocol === 'HTTP' || pool.protocol === 'HTTPS'))

function forwardTypeOf(pool: AssessedPool, snapshot: Snapshot): string | null {
  const listener = known(snapshot.listeners)?.find(({ id }) => id === pool.listenerId)
  return listener?.rules.find(({ locationId }) => locationId === pool.locationId)?.forwardType ?? null
}

import type { Certainty, CheckOutcome, Evidence, Severity } from '../../model/diagnosis.ts'
import { poolName } from '../../model/endpoint.ts'
import type { Text } from '../../model/language.ts'
import { isHttp } from '../../model/protocol.ts'
import type { HealthCheck } from '../../model/snapshot.ts'
import { isNodePort } from '../../model/tke.ts'
import type { EvaluatedPool, EvaluatedTarget, Paths } from '../../path/index.ts'
import { filled, inEachLanguage, listed, type Params } from '../../text/index.ts'
import { type Check, type CheckResult, type Draft, findingTarget, poolResource, result } from '../check.ts'
import { serviceConfigText, settingCommands } from '../check-settings.ts'
import { isAnswered } from '../inside.ts'
import { badContent, badGrpcCode, badHttpCode, type Expectation, SUCCESS } from './expectation.ts'
import { checksOf, type InForce } from './in-force.ts'
import { TEXTS } from './texts.ts'

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
    checks.flatMap((one) => findings(one, paths)),
    outcomes,
    'settings-unread',
  )
}

interface Hit {
  readonly reason: Reason
  readonly severity: Severity
  readonly params: Params
  readonly evidence: Evidence
  /** The value of the setting. Pools with the same value are one finding. */
  readonly by?: string
  /** What this pool has for itself. */
  readonly own?: Text
  /** Without it the finding is `possible`. */
  readonly certainty?: Certainty
  /** True for a setting that is right by design. */
  readonly isRight?: boolean
  /** What to change, if there is one obvious change. */
  readonly change?: Partial<HealthCheck>
}

function findings(inForce: InForce, paths: Paths): readonly Draft[] {
  const { pool, check, groupIds, targets } = inForce
  if (!check || check.enabled === false) return []
  return hits(inForce, check).map((hit) => {
    const commands = hit.change ? settingCommands({ pool, check, groupIds }, hit.change, paths) : []
    const { certainty = 'possible' } = hit
    return {
      code: `health-check-config/${hit.reason}`,
      subject: [pool.key, ...groupIds].join('#'),
      predicts: hit.isRight
        ? 'nothing'
        : certainty !== 'possible'
          ? 'dead'
          : SUSPECTS.has(hit.reason)
            ? 'suspect'
            : 'nothing',
      targets: targets.map((target) => ({
        ...findingTarget({ pool, target }),
        ...(isAnswered(target, paths) ? { isCleared: true } : {}),
      })),
      certainty,
      role: hit.isRight ? 'note' : 'risk',
      severity: hit.severity,
      order: 4,
      resources: [poolResource(pool, paths.snapshot.region)],
      alike: { by: hit.by ?? '', place: 'pool', ...(hit.own ? { own: hit.own } : {}) },
      params: { pool: poolName(pool), tke: serviceConfigText(paths.balancer), ...hit.params },
      evidence: [hit.evidence],
      fix: { kind: 'settings', ...(commands.length > 0 ? { commands } : {}) },
    }
  })
}

const LISTENERS = 'clb:DescribeListeners'

function hits(inForce: InForce, check: HealthCheck): readonly Hit[] {
  const evidence: EvidenceOf = (value, name, ofGroup = name) =>
    inForce.groupIds.length === 0
      ? { source: LISTENERS, fact: name, value }
      : {
          source: 'clb:DescribeTargetGroups',
          fact: `${inForce.groupIds.join(', ')} HealthCheck.${ofGroup}`,
          value,
        }
  return [
    ...timeHits(check, evidence),
    ...portHits(inForce, check, evidence),
    ...expectationHits(inForce.pool, check, evidence),
    ...(checksHttp(inForce.pool, check) ? httpHits(inForce.pool, check, evidence) : []),
  ]
}

/** Target groups have other names for some fields (SDK `TargetGroupHealthCheck`). */
type EvidenceOf = (value: unknown, name: string, ofGroup?: string) => Evidence

function timeHits(
  { timeoutSeconds: timeout, intervalSeconds: interval }: HealthCheck,
  evidence: EvidenceOf,
): readonly Hit[] {
  if (timeout === null || interval === null || timeout < interval) return []
  return [
    {
      reason: 'timeout-not-below-interval',
      severity: 'medium',
      params: { timeout, interval },
      by: `${timeout} ${interval}`,
      evidence: evidence([timeout, interval], 'TimeOut, IntervalTime', 'Timeout, GapTime'),
      change: { intervalSeconds: timeout + 1 },
    },
  ]
}

function portHits({ targets }: InForce, { port }: HealthCheck, evidence: EvidenceOf): readonly Hit[] {
  const others = targets.filter(isProbedElsewhere)
  if (port === null || others.length === 0) return []
  // The port may be the healthCheckNodePort of the Service (platform facts E).
  const isRight = isNodePort(port) && others.every((one) => one.type === 'CVM' && isNodePort(one.port))
  const ports = [...new Set(others.map((one) => String(one.port)))]
  const params = { checkPort: port, ports }
  const meaning = filled(TEXTS.ports[isRight ? 'nodePorts' : 'elsewhere'], params)
  return [
    {
      reason: 'port-differs',
      severity: 'medium',
      params: { ...params, meaning },
      by: String(port),
      own: inEachLanguage((language) => listed(ports, language)),
      evidence: evidence(port, 'CheckPort', 'Port'),
      isRight,
      ...(isRight ? {} : { change: { port: null } }),
    },
  ]
}

function expectationHits(pool: EvaluatedPool, check: HealthCheck, evidence: EvidenceOf): readonly Hit[] {
  const bad = badExpectation(pool, check)
  if (!bad) return []
  return [
    {
      reason: 'bad-expectation',
      severity: bad.certainty === 'possible' ? 'medium' : 'high',
      params: bad.params,
      by: `${bad.field} ${bad.value}`,
      evidence: evidence(bad.value, bad.field),
      certainty: bad.certainty,
      ...(bad.better ? { change: bad.better } : {}),
    },
  ]
}

function badExpectation(pool: EvaluatedPool, check: HealthCheck): Expectation | null {
  if (checksHttp(pool, check)) return badHttpCode(check)
  if (check.type === 'GRPC') return badGrpcCode(check)
  return check.type === 'CUSTOM' ? badContent(check) : null
}

function httpHits(pool: EvaluatedPool, check: HealthCheck, evidence: EvidenceOf): readonly Hit[] {
  const { forwardType } = pool
  const found: Hit[] = []
  if (pool.protocol === 'TCP' && check.httpVersion === 'HTTP/1.1' && check.host === null)
    found.push({
      reason: 'host-missing',
      severity: 'medium',
      params: {},
      evidence: evidence(null, 'HttpCheckDomain'),
    })
  const host = check.host ?? pool.domain
  if (pool.locationId !== null && host !== null && isPattern(host))
    found.push({
      reason: 'wildcard-domain',
      severity: 'medium',
      params: {
        host: check.host === null ? TEXTS.hosts.empty : filled(TEXTS.hosts.pattern, { host: check.host }),
      },
      by: String(check.host),
      evidence: evidence(check.host, 'HttpCheckDomain'),
    })
  if (check.httpCodes !== null && (check.httpCodes & SUCCESS) === 0 && badHttpCode(check) === null)
    found.push({
      reason: 'codes-exclude-2xx',
      severity: 'medium',
      params: { mask: check.httpCodes },
      by: String(check.httpCodes),
      evidence: evidence(check.httpCodes, 'HttpCode'),
      change: { httpCodes: check.httpCodes | SUCCESS },
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
      own: inEachLanguage(() => check.path ?? '/'),
      evidence: evidence('HEAD', 'HttpCheckMethod'),
      change: { method: 'GET' },
    })
  return found
}

/** A wildcard such as `*.example.com`, or a regular expression, which begins with `~` (platform facts C3). */
const isPattern = (domain: string): boolean => domain.includes('*') || domain.startsWith('~')

/** Ping has no port. A backend bound with port 0 uses the listener's port (platform facts C3). */
const isProbedElsewhere = ({ plan, port }: EvaluatedTarget): boolean =>
  plan.kind === 'probe' && plan.port !== null && port > 0 && plan.port !== port

/** Each of these settings can make all backends of a pool Dead. HEAD does not count, because it is the common default. */
const SUSPECTS: ReadonlySet<Reason> = new Set([
  'port-differs',
  'host-missing',
  'wildcard-domain',
  'bad-expectation',
  'codes-exclude-2xx',
  'https-to-backend',
])

/** A check without a type speaks the listener's protocol. */
const checksHttp = (pool: EvaluatedPool, check: HealthCheck): boolean => isHttp(check.type ?? pool.protocol)

import type { Alarm } from '../model/alarm.ts'
import {
  ATTENTION_ORDER,
  type Attention,
  type Diagnosis,
  type Finding,
  isCause,
  isExpectedCause,
  type Pool,
  type TargetKey,
} from '../model/diagnosis.ts'

// What a person should feel (docs/architecture.md, "Attention"). The verdict is about health. A CLB whose backends are all
// healthy and all have weight 0 serves nobody.

type Found = Pick<Diagnosis, 'verdict' | 'pools' | 'findings' | 'trigger'>

/** Pure. Findings that the user expects do not count, and neither do the Dead backends that they explain. */
export function attentionOf({ verdict, pools, findings, trigger }: Found): Attention {
  const alarm = trigger.alarm?.state === 'firing' ? trigger.alarm : null
  const expected = expectedTargets(findings)
  return worst([
    ...(verdict === 'inconclusive' ? [alarm ? ('act-soon' as const) : ('watch' as const)] : []),
    ...(verdict === 'healthy' && alarm ? ['watch' as const] : []),
    ...pools.map((pool) => ofDead(pool, expected)),
    ...findings.map(ofFinding),
    ...ofIdle(pools, findings, alarm),
  ])
}

const worst = (all: readonly Attention[]): Attention =>
  ATTENTION_ORDER.find((attention) => all.includes(attention)) ?? 'none'

/** Dead backends that an expected finding explains, at least likely, and that no other cause explains. */
function expectedTargets(findings: readonly Finding[]): ReadonlySet<TargetKey> {
  const sure = findings.filter((finding) => isExpectedCause(finding) && finding.certainty !== 'possible')
  const others = new Set(findings.filter(isCause).flatMap(({ explains }) => explains))
  return new Set(sure.flatMap(({ explains }) => explains).filter((key) => !others.has(key)))
}

function ofDead(pool: Pool, expected: ReadonlySet<TargetKey>): Attention {
  const { targets, fallback, clients } = pool
  if (!targets.some(({ key, status }) => status === 'Dead' && !expected.has(key))) return 'none'
  const weighted = targets.filter(({ weight }) => weight > 0)
  const has = (...statuses: readonly string[]): boolean =>
    weighted.some(({ status }) => statuses.includes(status))
  // Close is a backend without a check, which is served. Without `fallback`, a pool whose backends are all Dead also
  // forwards to cloud functions, whose health is not known.
  const isWithoutHealthy = fallback || (has('Dead') && has('Unknown') && !has('Alive', 'Close'))
  return isWithoutHealthy || clients?.verdict === 'block' ? 'act-now' : 'act-soon'
}

/** A CLB that is stopped, isolated or blocked serves nobody. */
function ofFinding(finding: Finding): Attention {
  const { code, role, certainty } = finding
  if (role === 'risk') return 'watch'
  if (!isCause(finding) || !code.startsWith('load-balancer-state/') || code === STOPPED) return 'none'
  return certainty === 'possible' ? 'watch' : 'act-now'
}

const STOPPED = 'load-balancer-state/listener-stopped'
const WEIGHTLESS = 'pool-membership/all-weights-zero'
const EMPTY = 'pool-membership/no-targets'
const IDLE: ReadonlySet<string> = new Set([STOPPED, WEIGHTLESS])

/** A stopped listener, or a pool of weight 0, of which nothing says that it is meant to be so. */
export const isIdle = ({ code, role }: Pick<Finding, 'code' | 'role'>): boolean =>
  IDLE.has(code) && role !== 'note'

/** Stopped listeners and pools of weight 0, beside others that serve or alone. */
function ofIdle(
  pools: readonly Pool[],
  findings: readonly Finding[],
  alarm: Alarm | null,
): readonly Attention[] {
  const idle = findings.filter(({ code }) => IDLE.has(code))
  const open = idle.filter(isIdle)
  if (open.length === 0) return []
  const idsOf = (some: readonly Finding[]): ReadonlySet<string> =>
    new Set(some.flatMap(({ resources }) => resources.map(({ id }) => id)))
  const out = idsOf([...idle, ...findings.filter(({ code }) => code === EMPTY)])
  const isServing = ({ listenerId, locationId }: Pool): boolean =>
    !out.has(listenerId) && !out.has(locationId ?? listenerId)
  if (pools.length > 0 && !pools.some(isServing)) return ['act-now']
  const named = pools.filter((pool) => names(alarm, pool))
  const theirs = new Set(
    named.flatMap(({ listenerId, locationId }) => [listenerId, locationId ?? listenerId]),
  )
  return open.map((finding) =>
    finding.resources.some(({ id }) => theirs.has(id)) || namesListener(alarm, finding) ? 'act-now' : 'watch',
  )
}

function names(alarm: Alarm | null, { protocol, port, targets }: Pool): boolean {
  const { listener = null, backend = null } = alarm ?? {}
  const isListener =
    listener !== null &&
    listener.port === port &&
    (listener.protocol === null || listener.protocol.toUpperCase() === protocol)
  const isBackend = targets.some(
    (target) => target.ip === backend?.ip && (backend.port === null || backend.port === target.port),
  )
  return isListener || isBackend
}

/** A stopped listener without a pool is only known by its name, for example `HTTP:80`. */
function namesListener(alarm: Alarm | null, { params }: Finding): boolean {
  const { protocol = null, port = null } = alarm?.listener ?? {}
  const names = Array.isArray(params?.listenerName) ? params.listenerName.map(String) : []
  return (
    port !== null &&
    names.some((name) =>
      protocol === null ? name.endsWith(`:${port}`) : name === `${protocol.toUpperCase()}:${port}`,
    )
  )
}

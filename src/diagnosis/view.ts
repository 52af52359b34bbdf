import { lineText } from '../checks/index.ts'
import { type Console, consoleUrlOf } from '../model/console.ts'
import type {
  CodeClass,
  HealthCheckView,
  Hop as HopView,
  LoadBalancerView,
  Pool,
  ProbeVia,
  Target,
  TargetKey,
} from '../model/diagnosis.ts'
import { codeClassesIn } from '../model/http-codes.ts'
import type { Language } from '../model/language.ts'
import { remembered } from '../model/memo.ts'
import type { HealthCheck } from '../model/snapshot.ts'
import {
  blockedCidrs,
  type EvaluatedPool,
  type EvaluatedTarget,
  type Hop,
  mainDenial,
  type Path,
  type Paths,
} from '../path/index.ts'
import { toCidrs } from '../rules/index.ts'
import { semicolons } from '../text/index.ts'
import { clientsView } from './clients.ts'
import { noteText } from './hop-texts.ts'
import { isOfAddress, type Named, namedIn, unknownHop } from './unknown/index.ts'

/** The CLB for the Diagnosis. Only its id and region if it could not be read. */
export function balancerView({ balancer, snapshot }: Paths, console: Console): LoadBalancerView {
  const { loadBalancerId: id, region } = snapshot
  const consoleUrl = consoleUrlOf({ type: 'clb', id, region }, console)
  const link = consoleUrl === null ? {} : { consoleUrl }
  if (!balancer) return { id, region, vips: [], ...link }
  const networkType = balancer.networkType
  return {
    id,
    name: balancer.name,
    region,
    vpcId: balancer.vpcId,
    ...(networkType === 'OPEN' || networkType === 'INTERNAL' ? { networkType } : {}),
    generation: balancer.generation,
    ipVersion: balancer.ipVersion,
    vips: balancer.vips,
    ...((balancer.domain ?? null) === null ? {} : { domain: balancer.domain }),
    snatIps: balancer.snatIps.flatMap(({ ip }) => ip ?? []),
    passToTarget: balancer.passToTarget,
    ...link,
  }
}

/**
 * Views of pools in one language. `otherwiseDown`: backends that something else than a rule keeps down. Targets that share a path or a
 * hop share its view.
 */
export function poolViewsIn(
  paths: Paths,
  otherwiseDown: ReadonlySet<TargetKey>,
  language: Language,
): (pool: EvaluatedPool) => Pool {
  const named = namedIn(paths, language)
  const hopOf = remembered((hop: Hop) => hopView(hop, '', named))
  const shared = remembered((path: Path) => path.map(hopOf))
  return (pool) =>
    poolView(
      pool,
      ({ path, ip }) =>
        path.some(isOfAddress)
          ? path.map((hop) => (isOfAddress(hop) ? hopView(hop, ip, named) : hopOf(hop)))
          : shared(path),
      otherwiseDown,
      language,
    )
}

function poolView(
  pool: EvaluatedPool,
  pathOf: (target: EvaluatedTarget) => Target['path'],
  otherwiseDown: ReadonlySet<TargetKey>,
  language: Language,
): Pool {
  const clients = clientsView(pool, otherwiseDown, language)
  return {
    listenerId: pool.listenerId,
    locationId: pool.locationId,
    ...(pool.listenerName === '' ? {} : { listenerName: pool.listenerName }),
    protocol: pool.protocol,
    port: pool.port,
    ...(pool.endPort === null ? {} : { endPort: pool.endPort }),
    domain: pool.domain,
    url: pool.url,
    healthCheck: checkView(pool.healthCheck),
    probe: probeView(pool),
    counts: pool.counts,
    fallback: pool.fallback,
    targets: pool.targets.map((target) => ({ ...targetView(target), path: pathOf(target) })),
    ...(clients ? { clients } : {}),
  }
}

function checkView(check: HealthCheck | null): HealthCheckView {
  if (!check) return {}
  const codes = expectedCodes(check.httpCodes)
  return {
    ...(check.enabled === null ? {} : { enabled: check.enabled }),
    ...(check.type === null ? {} : { type: check.type }),
    port: check.port,
    intervalSeconds: check.intervalSeconds,
    timeoutSeconds: check.timeoutSeconds,
    healthyThreshold: check.healthyThreshold,
    unhealthyThreshold: check.unhealthyThreshold,
    method: check.method,
    host: check.host,
    path: check.path,
    ...(codes === null ? {} : { expectedCodes: codes }),
    ...(check.type === 'CUSTOM' ? contentOf(check) : {}),
    ...(check.type === 'GRPC' && check.extendedCode !== undefined
      ? { extendedCode: check.extendedCode }
      : {}),
  }
}

const contentOf = ({ contextType, sendContext, recvContext }: HealthCheck): HealthCheckView => ({
  ...(contextType === undefined ? {} : { contextType }),
  ...(sendContext === undefined ? {} : { sendContext }),
  ...(recvContext === undefined ? {} : { recvContext }),
})

/** The bit mask as classes. Null if no mask was given. */
export const expectedCodes = (mask: number | null): readonly CodeClass[] | null =>
  mask === null || mask <= 0 ? null : codeClassesIn(mask)

/** `via` is `unknown` unless all probes of the pool have one origin. */
function probeView(pool: EvaluatedPool): { via: ProbeVia; sources: readonly string[] } {
  const origins = pool.targets.flatMap(({ plan }) => (plan.kind === 'probe' ? plan.origins : []))
  const vias = new Set(origins.map(({ via }) => via))
  const [only] = vias
  // Targets share these sets, so each is converted once.
  const sources = new Set(origins.flatMap((origin) => origin.sources ?? []))
  const cidrs = new Set([...sources].flatMap(toCidrs))
  return { via: only !== undefined && vias.size === 1 ? only : 'unknown', sources: [...cidrs].sort() }
}

function targetView(target: EvaluatedTarget): Omit<Target, 'path'> {
  const location = target.location.isResolved ? target.location.value : null
  return {
    key: target.key,
    type: target.type,
    instanceId: target.instanceId,
    eniId: location?.eniId ?? target.eniId,
    targetGroupId: target.targetGroupId,
    ...(target.name === null ? {} : { name: target.name }),
    ip: target.ip,
    port: target.port,
    // A weight that was not read has its own gap. 0 keeps the target out of counts of weighted targets.
    weight: target.weight ?? 0,
    status: target.status,
    ...(target.statusDetail === null ? {} : { statusDetail: target.statusDetail }),
    subnetId: location?.subnetId ?? null,
    securityGroupIds: location?.securityGroupIds ?? [],
  }
}

function hopView(hop: Hop, ip: string, named: Named): HopView {
  const { language } = named
  const decider = mainDenial(hop)?.by ?? decidingPass(hop)
  const blocked = hop.verdict === 'pass' ? [] : hop.inside ? toCidrs(hop.inside.blocked) : blockedCidrs([hop])
  const inside = hop.inside?.by ?? null
  const detail = [
    decider ? lineText(decider)[language] : '',
    inside ? (inside.name ?? inside.id) : '',
    ...hop.notes.map((note) => noteText(note, language)),
  ].filter((t) => t !== '')
  const unknown = unknownHop(hop, ip, named)
  return {
    stage: hop.stage,
    verdict: hop.verdict,
    decidedBy: decider
      ? { type: decider.kind, id: decider.id, ruleIndex: decider.index, ruleId: decider.ruleId }
      : inside,
    ...(blocked.length > 0 ? { blockedSources: blocked } : {}),
    ...(detail.length > 0 ? { detail: semicolons(detail, language) } : {}),
    ...(unknown ? { unknown } : {}),
  }
}

/** For a pass: the rule that accepts the first piece of the sources. */
function decidingPass(hop: Hop) {
  if (hop.verdict !== 'pass') return null
  return hop.findings[0]?.outcome.pieces.find(({ verdict }) => verdict === 'accept')?.by ?? null
}

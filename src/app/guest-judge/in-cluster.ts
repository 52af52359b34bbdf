import { clusterOf, runChecks } from '../../checks/index.ts'
import { buildDiagnosis } from '../../diagnosis/index.ts'
import type { SourceOutcome } from '../../guest/index.ts'
import { kubernetesIn } from '../../kube/index.ts'
import { type Diagnosis, type Finding, isCause } from '../../model/diagnosis.ts'
import { known, ok } from '../../model/fact.ts'
import type { GuestOutcome } from '../../model/guest.ts'
import { fullName, type Kubernetes, type KubernetesKind } from '../../model/kubernetes.ts'
import type { Language } from '../../model/language.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import { evaluatePaths, type Paths } from '../../path/index.ts'
import { t } from '../../text/index.ts'
import type { GuestAnswer, GuestFinding } from './answer.ts'
import { clusterStandIn, pointsIn, type ServicePoint } from './cluster-stand-in.ts'
import { circumstancesOf, textsOf, withoutCloud } from './evaluate.ts'
import { type AskedTarget, targetText } from './question.ts'
import { TEXTS } from './texts.ts'

// What kubectl printed, in place of a report from one machine: the checks of the cluster on what it says.

export interface ClusterQuestion {
  /** The JSON that `kubectl get … -o json` printed. */
  readonly json: unknown
  /** When it was printed, or read. */
  readonly at: string
  readonly target: AskedTarget | null
  readonly sources: readonly string[] | null
  readonly language: Language
}

/**
 * Why it cannot be answered:
 * - `no-services`: it holds no Service at all
 * - `no-load-balancer`: no Service of type LoadBalancer, and nobody names a NodePort or pod
 * - `not-in-cluster`: no Service has this NodePort, and no pod this address
 * - `no-port`: an address alone, which may have the ports of several Services
 * - `not-of-clb`: no Service uses the CLB of the snapshot
 */
export type ClusterRefusal = 'no-services' | 'no-load-balancer' | 'no-port' | 'not-in-cluster' | 'not-of-clb'

export type ClusterEvaluated =
  | { readonly refusal: ClusterRefusal }
  | { readonly refusal: null; readonly answers: readonly GuestAnswer[] }

/**
 * One answer for the target, or one for each port of each LoadBalancer Service.
 * @throws KubernetesTextError
 */
export function evaluateCluster(question: ClusterQuestion): ClusterEvaluated {
  const view = kubernetesIn(question.json)
  const services = known(view.services) ?? []
  if (services.length === 0) return { refusal: 'no-services' }
  if (question.target?.port === null) return { refusal: 'no-port' }
  const points = pointsIn(view, question.target)
  if (points.length === 0)
    return { refusal: question.target === null ? 'no-load-balancer' : 'not-in-cluster' }
  return { refusal: null, answers: points.map((point) => answerOf(point, view, question)) }
}

function answerOf(point: ServicePoint, view: Kubernetes, question: ClusterQuestion): GuestAnswer {
  const { service, port } = point
  const snapshot = clusterStandIn(point, view, question.at)
  const paths = evaluatePaths(snapshot)
  const target =
    question.target === null
      ? `${fullName(service)} ${port.protocol}:${port.port}`
      : targetText(question.target)
  return answered(target, diagnosed(paths, question), view, question)
}

/** The backends of a snapshot, with what the cluster says about them. */
export function evaluateClusterInSnapshot(question: ClusterQuestion, snapshot: Snapshot): ClusterEvaluated {
  const view = kubernetesIn(question.json)
  const paths = evaluatePaths({ ...snapshot, kubernetes: ok(view) })
  const { target } = question
  const keys = paths.pools
    .flatMap(({ targets }) => targets)
    .filter((one) => target !== null && one.ip === target.ip && (target.port ?? one.port) === one.port)
    .map(({ key }) => key)
  if (target !== null && keys.length === 0) return { refusal: 'not-in-cluster' }
  if (clusterOf(paths).kind !== 'own') return { refusal: 'not-of-clb' }
  const diagnosis = diagnosed(paths, question)
  const isOwn = ({ explains, contradictedBy }: Finding): boolean =>
    target === null || [...explains, ...contradictedBy].some((key) => keys.includes(key))
  const name = target === null ? snapshot.loadBalancerId : targetText(target)
  return {
    refusal: null,
    answers: [answered(name, { ...diagnosis, findings: diagnosis.findings.filter(isOwn) }, view, question)],
  }
}

const diagnosed = (paths: Paths, { at, language }: ClusterQuestion): Diagnosis =>
  buildDiagnosis(paths, runChecks(paths), circumstancesOf(at, language))

const CHECKS = /^(?:tke-pod|tke-node|target-drift)\//
/** Where nobody names the sources, those of every CLB that does not probe from its VIP. */
const USUAL = ['100.64.0.0/10']

function answered(
  target: string,
  { findings, pools }: Diagnosis,
  view: Kubernetes,
  { sources, language }: ClusterQuestion,
): GuestAnswer {
  const from = sources ?? USUAL
  const own = findings.filter(({ code }) => CHECKS.test(code))
  const dead = pools.flatMap(({ targets }) => targets.filter(({ status }) => status === 'Dead'))
  const decisive = own.find(
    (finding) =>
      isCause(finding) &&
      finding.certainty === 'certain' &&
      dead.every(({ key }) => finding.explains.includes(key)),
  )
  return {
    target,
    outcomes: from.map((source) => outcomeOf(source, decisive, view)),
    findings: own.map(
      (finding): GuestFinding => ({
        code: finding.code,
        certainty: finding.certainty,
        sources: from,
        ...textsOf(withoutCloud(finding)),
      }),
    ),
    notSeen: notSeenIn(view, language),
  }
}

function outcomeOf(source: string, decisive: Finding | undefined, view: Kubernetes): SourceOutcome {
  const outcome = decisive ? packetsOf(decisive, view) : null
  return decisive && outcome
    ? { source, outcome, decidedBy: decisive.quote ?? decisive.title }
    : { source, outcome: 'unknown', decidedBy: null }
}

/**
 * Without an endpoint kube-proxy refuses. Without a local one its rules drop, and a virtual service of IPVS refuses. Nothing
 * else that a cluster says settles a packet, and what stands in the place of kube-proxy does as it likes.
 */
function packetsOf({ code }: Finding, { proxies, proxySet }: Kubernetes): GuestOutcome | null {
  const set = known(proxySet)
  if (known(proxies)?.length === 0 && !set?.desired) return null
  if (code.startsWith('tke-pod/')) return 'refused'
  if (code !== 'tke-node/local-policy-no-pod') return null
  return set?.mode === 'ipvs'
    ? 'refused'
    : set?.mode === 'iptables' || set?.mode === 'nftables'
      ? 'timeout'
      : null
}

const ASKED = ['slices', 'pods', 'nodes', 'proxies'] as const satisfies readonly KubernetesKind[]

const notSeenIn = (view: Kubernetes, language: Language): readonly string[] => [
  ...ASKED.filter((kind) => view[kind] === undefined).map((kind) =>
    t(TEXTS.cluster.missing, { kind: TEXTS.cluster.kinds[kind] }, language),
  ),
  TEXTS.cluster.inside[language],
]

import { known } from '../../model/fact.ts'
import { fullName } from '../../model/kubernetes.ts'
import type { Text } from '../../model/language.ts'
import { isManagedByTke, isNodePort, knowsSkip } from '../../model/tke.ts'
import type { Paths } from '../../path/index.ts'
import { portRanges } from '../../rules/index.ts'
import { filled, NOTHING } from '../../text/index.ts'
import { type Check, type CheckResult, type Draft, everyTarget, type PoolTarget, result } from '../check.ts'
import { CLUSTER_UNKNOWN, clusterOf, type OwnCluster } from '../cluster.ts'
import { clusterEvidence, serviceResource } from '../cluster-drafts.ts'
import { isPodType, linkOf } from '../cluster-links.ts'
import { configText } from '../service-configs.ts'
import { EDIT_CONTROLLER, isDirectRefused } from './refused.ts'
import { TEXTS } from './texts.ts'

/**
 * Guide 3: does the CLB forward to pods, or to NodePorts? Annotations decide. Without access to the cluster, the types and
 * ports of the backends do.
 */
export const tkeMode: Check = { id: 'tke-mode', reasons: TEXTS.reasons, run }

type Mode = keyof typeof TEXTS.reasons

function run(paths: Paths): CheckResult {
  const { balancer } = paths
  if (!balancer) return { outcome: 'unknown', reason: 'balancer-unread', drafts: [] }
  const state = clusterOf(paths)
  if (state.kind === 'foreign' && isManagedByTke(balancer))
    return { outcome: 'unknown', reason: CLUSTER_UNKNOWN.foreign, drafts: [] }
  const cluster = state.kind === 'own' ? state : null
  if (!cluster && !isManagedByTke(balancer)) return { outcome: 'not-applicable', drafts: [] }
  const all = everyTarget(paths).map((one) => ({ one, mode: modeOf(one, cluster) }))
  const drafts = (['direct', 'node-port'] as const).flatMap((mode) => {
    const own = all.filter((entry) => entry.mode === mode).map(({ one }) => one)
    // Where all is well, nobody has to know it.
    return own.some(({ target: { status } }) => status === 'Dead') ? [draftOf(mode, own, paths)] : []
  })
  const isTold = all.some(({ mode }) => mode !== null)
  return result(drafts, [isTold || all.length === 0 ? 'pass' : 'unknown'], 'mode-unknown')
}

function modeOf(one: PoolTarget, cluster: OwnCluster | null): Mode | null {
  const { type, port } = one.target
  const link = cluster && linkOf(one, cluster)
  if (link?.kind === 'node-port') return 'node-port'
  if (isPodType(type)) return 'direct'
  return type === 'CVM' && isNodePort(port) ? 'node-port' : null
}

function draftOf(mode: Mode, hits: readonly PoolTarget[], paths: Paths): Draft {
  const state = clusterOf(paths)
  const cluster = state.kind === 'own' ? state : null
  const things = cluster
    ? [...cluster.ingresses, ...(cluster.ingresses.length > 0 ? [] : cluster.services)]
    : []
  const names = things.map(fullName)
  const isIngress = (cluster?.ingresses.length ?? 0) > 0
  // A type alone does not tell whether the cluster knows the address.
  const isLinked = cluster !== null && hits.every((hit) => linkOf(hit, cluster) !== null)
  const controller = known(cluster?.view.controller)
  const skipped = knowsSkip(isIngress ? null : (controller?.version ?? null))
    ? things.filter(({ isSkipped }) => isSkipped).map(fullName)
    : []
  const isRefused = mode === 'node-port' && cluster !== null && isDirectRefused(hits, paths, cluster)
  const shown = isIngress ? TEXTS.ingress : TEXTS.service
  const types = [...new Set(hits.map(({ target }) => target.type))]
  return {
    code: `tke-mode/${mode}`,
    subject: mode,
    predicts: 'nothing',
    targets: [],
    certainty: isLinked ? 'certain' : 'likely',
    role: 'note',
    severity: 'info',
    order: 0,
    resources: cluster?.services.map(serviceResource) ?? [],
    params: {
      count: new Set(hits.map(({ target: { ip } }) => ip)).size,
      ports: portRanges(hits.map(({ target }) => target.port)),
      service: names.length > 0 ? filled(shown, { services: names }) : NOTHING,
      ground: isRefused ? TEXTS.ground.refused : groundOf(mode, types, hits, things),
      configs: configText([...new Set(hits.map(({ pool }) => pool))], paths),
      remedy: isRefused ? filled(TEXTS.remedy, { command: EDIT_CONTROLLER.line }) : NOTHING,
      skipped: skipped.length > 0 ? filled(TEXTS.skipped, { names: skipped }) : NOTHING,
    },
    doubts: isLinked ? [] : [cluster ? TEXTS.doubts.unlinked : TEXTS.doubts.types],
    evidence: [
      { source: 'clb:DescribeTargets', fact: 'Type', value: types },
      ...things.map(({ isDirect, ...thing }) =>
        clusterEvidence(isIngress ? 'ingresses' : 'services', `${fullName(thing)} direct-access`, isDirect),
      ),
      ...(isRefused ? [clusterEvidence('controller', 'GlobalRouteDirectAccess', false)] : []),
    ],
    fix: null,
  }
}

function groundOf(
  mode: Mode,
  types: readonly string[],
  hits: readonly PoolTarget[],
  things: readonly { readonly isDirect: boolean }[],
): Text {
  const { annotated, plain, serverless, types: byType } = TEXTS.ground
  if (things.length > 0 && things.every(({ isDirect }) => isDirect === (mode === 'direct')))
    return mode === 'direct' ? annotated : plain
  // Serverless clusters forward directly without an annotation (platform facts E).
  return mode === 'direct'
    ? filled(serverless, { types })
    : filled(byType, { types, ports: portRanges(hits.map(({ target }) => target.port)) })
}

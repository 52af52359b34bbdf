import type { Resource } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import { groupBy } from '../../model/group-by.ts'
import { familyOf } from '../../model/ip.ts'
import { type Endpoint, fullName, type KubernetesService, type ServicePort } from '../../model/kubernetes.ts'
import type { SecurityGroup } from '../../model/snapshot.ts'
import type { EvaluatedTarget, Paths } from '../../path/index.ts'
import { type Decider, parseAddresses, portRanges } from '../../rules/index.ts'
import { type Draft, everyTarget, findingTarget, isGone, type PoolTarget } from '../check.ts'
import type { OwnCluster } from '../cluster.ts'
import { clusterEvidence, serviceResource } from '../cluster-drafts.ts'
import { hasOwnInterface } from '../cluster-interfaces.ts'
import { portKey, probedLinkOf, slicesOfPort } from '../cluster-links.ts'
import { nodeOf } from '../cluster-nodes.ts'
import { ruleText } from '../denial-texts.ts'
import { aboutHits, membersText } from '../several.ts'
import { TEXTS } from './texts.ts'

// With externalTrafficPolicy Cluster a node hands a request on to a pod of any node, from its own address. The security
// group of that other node has to let it in (platform facts E).

interface Blocked extends PoolTarget {
  readonly service: KubernetesService
  readonly port: ServicePort
  /** How much of what the node hands on is denied. */
  readonly extent: 'wholly' | 'partly'
  /** The node of a pod that is not reached. */
  readonly to: string
  readonly by: Decider
  readonly group: string
}

export function forwardingBlocks(paths: Paths, cluster: OwnCluster): readonly Draft[] {
  const nodes = groupsByNode(paths, cluster)
  if (nodes.size === 0) return []
  const blocked = everyTarget(paths).flatMap((one) => blockedAt(one, nodes, paths, cluster) ?? [])
  const alike = groupBy(blocked, (one) =>
    [fullName(one.service), portKey(one.port), one.extent, one.group, JSON.stringify(one.by)].join(),
  )
  return [...alike.values()].map((some) => aboutHits(some, (own) => draftOf(own)))
}

interface Guarded {
  readonly target: EvaluatedTarget
  readonly groups: readonly SecurityGroup[]
}

/** The nodes that are backends, with their security groups, by name. A node whose groups were not all read is left out. */
function groupsByNode(paths: Paths, { view }: OwnCluster): ReadonlyMap<string, Guarded> {
  const found = new Map<string, Guarded>()
  for (const { target } of everyTarget(paths)) {
    const node = target.type === 'CVM' && !isGone(target, paths) ? nodeOf(target, view) : null
    if (!node || !target.location.isResolved) continue
    const ids = target.location.value.securityGroupIds
    const groups = ids.flatMap((id) => known(paths.snapshot.securityGroups[id]) ?? [])
    if (groups.length === ids.length && groups.length > 0) found.set(node.name, { target, groups })
  }
  return found
}

function blockedAt(
  one: PoolTarget,
  nodes: ReadonlyMap<string, Guarded>,
  paths: Paths,
  cluster: OwnCluster,
): Blocked | null {
  const link = isGone(one.target, paths) ? null : probedLinkOf(one, cluster)
  if (link?.kind !== 'node-port' || !link.node?.isReady || link.service.isLocal) return null
  const { service, port, node } = link
  const ready = slicesOfPort(service, port, cluster.view).flatMap(({ endpoints, number }) =>
    endpoints
      .filter(({ isReady, addresses }) => isReady && familyOf(addresses[0] ?? '') === familyOf(one.target.ip))
      .map((endpoint) => ({ ...endpoint, number })),
  )
  const denials = ready.map((endpoint) =>
    endpoint.node === node.name ? null : denialAt(endpoint, one.target, { port, nodes, paths }),
  )
  const denied = denials.filter((denial) => denial !== null)
  const [first] = denied
  if (!first) return null
  const extent = denied.length === denials.length ? 'wholly' : 'partly'
  return { ...one, service, port, extent, ...first }
}

interface Given {
  readonly port: ServicePort
  readonly nodes: ReadonlyMap<string, Guarded>
  readonly paths: Paths
}

/** Null: it gets there, or that is not known. */
function denialAt(
  { node, addresses, number }: Endpoint & { readonly number: number },
  { ip }: EvaluatedTarget,
  { port, nodes, paths }: Given,
): Pick<Blocked, 'to' | 'by' | 'group'> | null {
  const there = node === null ? undefined : nodes.get(node)
  const [address] = addresses
  const sources = parseAddresses(ip)
  if (!there || node === null || !address || !sources || hasOwnInterface(address, paths)) return null
  const outcome = paths.evaluator.securityGroups(there.groups, {
    sources,
    destination: address,
    protocol: port.protocol === 'UDP' ? 'udp' : 'tcp',
    port: number,
    endPort: null,
  })
  const by = outcome.pieces.find(({ verdict }) => verdict === 'deny')?.by
  if (outcome.verdict !== 'block' || !by) return null
  return { to: node, by, group: there.groups.map(({ id }) => id).join() }
}

function draftOf(hits: readonly Blocked[]): Draft {
  const [first] = hits
  if (!first) throw new Error('a finding about nothing')
  const { service, extent, group, by } = first
  const groups = group.split(',')
  return {
    code: 'tke-node/node-port-blocked',
    subject: `${fullName(service)}#${portKey(first.port)}#${extent}#${group}`,
    predicts: extent === 'wholly' ? 'dead' : 'flapping',
    targets: hits.map(findingTarget),
    certainty: 'likely',
    role: 'risk',
    severity: 'high',
    order: 4,
    resources: [...deniers(first), serviceResource(service)],
    params: {
      service: fullName(service),
      groups,
      ports: portRanges(hits.map(({ target }) => target.port)),
      from: membersText([...new Set(hits.map(({ target }) => target.ip))]),
      to: membersText([...new Set(hits.map(({ to }) => to))]),
      rule: ruleText(by),
      extent: TEXTS.extent[extent],
      count: hits.length,
    },
    doubts: [TEXTS.doubts['node-port-blocked']],
    evidence: [
      clusterEvidence('slices', `ready endpoints of ${fullName(service)} on`, [
        ...new Set(hits.map(({ to }) => to)),
      ]),
    ],
    fix: { kind: 'advice' },
  }
}

/** The group of the rule that decides. Without a rule: all groups, since each would have to let it in. */
const deniers = ({ by, group }: Blocked): readonly Resource[] =>
  by.index === null
    ? group.split(',').map((id) => ({ type: 'security-group', id, ruleIndex: null }))
    : [{ type: 'security-group', id: by.id, ruleIndex: by.index }]

import type { CheckOutcome } from '../../model/diagnosis.ts'
import { endpointOf, poolName } from '../../model/endpoint.ts'
import { groupBy } from '../../model/group-by.ts'
import { fullName, type KubernetesService } from '../../model/kubernetes.ts'
import { clusterIdOf } from '../../model/tke.ts'
import type { Paths } from '../../path/index.ts'
import { portRanges } from '../../rules/index.ts'
import { type Draft, everyTarget, findingTarget, isGone, type PoolTarget, poolResource } from '../check.ts'
import type { OwnCluster } from '../cluster.ts'
import { clusterEvidence, eventEvidence, serviceResource } from '../cluster-drafts.ts'
import { type Link, linkOf, slicesOf } from '../cluster-links.ts'
import { commonGround } from '../common-ground.ts'
import { aboutSeveral, hitsIn, membersText } from '../several.ts'
import { unbinding } from '../unbinding.ts'
import { idOf, machineParams, machineResource, regionOf, writtenIn } from './findings.ts'
import { syncEvidence, syncText } from './sync.ts'
import { TEXTS } from './texts.ts'

type Ground = keyof typeof TEXTS.byService

interface Drifted extends PoolTarget {
  readonly ground: Ground
  readonly service: KubernetesService
  /** Only of a port: what the Service has, and whether it is a port of pods. */
  readonly expected: number
  readonly isPod: boolean
}

/** Backends that differ from what the Service says now. */
export function driftsByService(
  paths: Paths,
  cluster: OwnCluster,
): { readonly drafts: readonly Draft[]; readonly outcomes: readonly CheckOutcome[] } {
  const drifted: Drifted[] = []
  const outcomes: CheckOutcome[] = []
  for (const one of everyTarget(paths)) {
    const link = linkOf(one, cluster)
    // A machine that does not exist has its own finding.
    const found =
      link === null || isGone(one.target, paths) ? 'not-applicable' : driftOf(link, isTagged(paths))
    if (typeof found === 'string') outcomes.push(found)
    else drifted.push({ ...one, ...found })
  }
  const alike = groupBy(
    drifted,
    ({ ground, service, expected }) => `${ground} ${fullName(service)} ${expected}`,
  )
  return {
    drafts: [...alike.values()].map((some) =>
      aboutSeveral(
        [...groupBy(some, idOf).values()],
        ([first]) => (first ? [idOf(first), first.pool.locationId ?? first.pool.listenerId] : []),
        (machines) => draftOf(machines, paths, cluster),
        (machine, isHere) => {
          const own = hitsIn(machine, isHere)
          return own.length > 0 ? own : null
        },
      ),
    ),
    outcomes,
  }
}

const isTagged = ({ balancer }: Paths): boolean => balancer !== undefined && clusterIdOf(balancer) !== null

/** @param isNamed the tags name the cluster: then its list of nodes tells which machines are none, for all NodePorts */
function driftOf(
  link: Link,
  isNamed: boolean,
): Pick<Drifted, 'ground' | 'service' | 'expected' | 'isPod'> | CheckOutcome {
  const { service } = link
  const base = { service, expected: 0, isPod: false }
  switch (link.kind) {
    case 'node-port':
      if (link.node === undefined) return 'unknown'
      return link.node === null && !isNamed ? { ...base, ground: 'node' } : 'pass'
    case 'pod':
      return 'pass'
    case 'no-pod':
      return { ...base, ground: 'pod', isPod: true }
    default:
      return { ground: 'port', service, expected: link.expected, isPod: link.isPod }
  }
}

function draftOf(machines: readonly (readonly Drifted[])[], paths: Paths, cluster: OwnCluster): Draft {
  const { view } = cluster
  const hits = machines.flat()
  const [first] = hits
  if (!first) throw new Error('a finding about nothing')
  const { ground, service, expected, isPod } = first
  const region = regionOf(paths)
  const pools = [...new Set(hits.map(({ pool }) => pool))]
  const reason = ground === 'port' ? 'port-mismatch' : 'stale-target'
  const commands = unbinding(hits, paths)
  const id = paths.balancer ? clusterIdOf(paths.balancer) : null
  const endpoints = hits.map(({ target }) => endpointOf(target))
  const named = {
    ...machineParams(machines),
    ...(ground === 'node' ? {} : { list: membersText(endpoints), count: hits.length }),
    service: fullName(service),
    pools: membersText(pools.map(poolName)),
    port: String(expected),
    ports: portRanges(hits.map(({ target }) => target.port)),
    kind: TEXTS.kinds[isPod ? 'pod' : 'nodePort'],
  }
  return {
    code: `target-drift/${reason}`,
    subject: `${fullName(service)}#${ground}#${expected}`,
    predicts: 'dead',
    targets: hits.map(findingTarget),
    certainty: 'likely',
    role: 'risk',
    severity: 'high',
    order: 3,
    resources: [
      ...(ground === 'port'
        ? pools.map((pool) => poolResource(pool, paths.snapshot.region))
        : machines.flatMap(([one]) => (one ? machineResource(one.target, region) : []))),
      id === null ? serviceResource(service) : { type: 'cluster', id, region },
    ],
    params: {
      ...named,
      targets: endpoints,
      ...writtenIn(TEXTS.byService[ground], named),
      skip: syncText(service, hits, cluster),
      common: ground === 'node' ? commonGround(hits, paths) : '',
    },
    doubts: [TEXTS.doubts.byService[ground]],
    evidence: [
      evidenceOf(first, hits, view),
      ...syncEvidence(service, cluster),
      ...eventEvidence('Service', [fullName(service)], view),
    ],
    fix: { kind: 'settings', ...(commands.length > 0 ? { commands } : {}) },
  }
}

function evidenceOf(
  { ground, service, expected, isPod }: Drifted,
  hits: readonly Drifted[],
  view: OwnCluster['view'],
) {
  const name = fullName(service)
  if (ground === 'node')
    return clusterEvidence('nodes', 'nodes without', [...new Set(hits.map(({ target }) => target.ip))])
  if (ground === 'pod')
    return clusterEvidence(
      'slices',
      `endpoints of ${name}`,
      slicesOf(service, view).flatMap(({ endpoints }) => endpoints.flatMap(({ addresses }) => addresses)),
    )
  return isPod
    ? clusterEvidence('slices', `ports of ${name}`, expected)
    : clusterEvidence('services', `nodePort of ${name}`, expected)
}

import type { Resource } from '../../model/diagnosis.ts'
import { endpointOf, poolName } from '../../model/endpoint.ts'
import { groupBy } from '../../model/group-by.ts'
import { KUBERNETES_RULES, kubernetesAction } from '../../model/kubernetes.ts'
import type { Text } from '../../model/language.ts'
import type { EvaluatedTarget, Paths } from '../../path/index.ts'
import { portRanges } from '../../rules/index.ts'
import { filled, inEachLanguage, listed, NOTHING, type Params, withAside } from '../../text/index.ts'
import { type Draft, findingTarget, type PoolTarget, poolResource } from '../check.ts'
import type { OwnCluster } from '../cluster.ts'
import { commonGround } from '../common-ground.ts'
import { aboutSeveral, hitsIn, MOST_NAMED, membersText } from '../several.ts'
import { unbinding } from '../unbinding.ts'
import { TEXTS } from './texts.ts'

export const SURENESSES = ['likely', 'possible'] as const
export type Sureness = (typeof SURENESSES)[number]

interface Given {
  readonly cluster: string
  readonly sureness: Sureness
  readonly paths: Paths
  /** The cluster itself, if it was read. */
  readonly own: OwnCluster | null
}

/** The machines that are no nodes of the cluster. Null if there are none. */
export function staleDraft(hits: readonly PoolTarget[], given: Given): Draft | null {
  const machines = [...groupBy(hits, idOf).values()]
  if (machines.length === 0) return null
  const { cluster, paths } = given
  const region = regionOf(paths)
  return aboutSeveral(
    machines,
    ([first]) => (first ? idOf(first) : ''),
    (some) => {
      const own = some.flat()
      const [first] = own
      const id = first ? idOf(first) : ''
      return {
        ...common('stale-target', own, id, given),
        rule: `${cluster}#${given.sureness}`,
        resources: [
          ...some.flatMap(([one]) => (one ? machineResource(one.target, region) : [])),
          { type: 'cluster', id: cluster, region },
        ],
        params: {
          cluster,
          ...machineParams(some),
          ...writtenIn(TEXTS.byTags['stale-target'], { cluster, ...machineParams(some) }),
          common: commonGround(own, paths),
        },
        doubts: [TEXTS.doubts['stale-target'][given.sureness]],
        evidence: [
          {
            source: given.own ? kubernetesAction(KUBERNETES_RULES.nodes) : 'tke:DescribeClusterInstances',
            fact: `${cluster} InstanceSet without`,
            value: own.map(({ target }) => endpointOf(target)),
          },
        ],
      }
    },
    (own, isOf) => {
      const some = hitsIn(own, isOf)
      return some.length > 0 ? some : null
    },
  )
}

/** Backends with another NodePort than the healthy ones. An entry names the listener, the rule or the machine. */
export function mismatchDraft(hits: readonly PoolTarget[], port: number, given: Given): Draft | null {
  if (hits.length === 0) return null
  const { cluster, paths } = given
  return aboutSeveral(
    hits,
    ({ pool, target }) => [pool.locationId ?? pool.listenerId, target.instanceId ?? target.ip],
    (some) => {
      const pools = [...new Set(some.map(({ pool }) => pool))]
      const targets = some.map(({ target }) => target)
      const named = {
        cluster,
        count: some.length,
        targets: targets.map(endpointOf),
        list: membersText(targets.map(endpointOf)),
        ports: portRanges(targets.map((target) => target.port)),
        port: String(port),
        pools: membersText(pools.map(poolName)),
      }
      return {
        ...common('port-mismatch', some, `${port}#${some[0]?.target.key}`, given),
        rule: `${cluster}#${port}#${given.sureness}`,
        resources: [
          ...pools.map((pool) => poolResource(pool, paths.snapshot.region)),
          { type: 'cluster', id: cluster, region: regionOf(paths) },
        ],
        params: { ...named, ...writtenIn(TEXTS.byTags['port-mismatch'], named), common: NOTHING },
        doubts: [filled(TEXTS.doubts['port-mismatch'][given.sureness], { port: String(port) })],
        evidence: [{ source: 'clb:DescribeTargetHealth', fact: 'Port of the healthy backends', value: port }],
      }
    },
    (hit, isOf) => (isOf(hit.target.key) ? hit : null),
  )
}

/** The texts of one ground for a finding, filled for the places of the reason. */
export const writtenIn = <T extends Readonly<Record<string, Text>>>(
  texts: T,
  params: Params,
): Readonly<Record<keyof T, Text>> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, filled(text, params)])) as Record<
    keyof T,
    Text
  >

/** What a text can say of machines, each with its backends. */
export function machineParams(machines: readonly (readonly PoolTarget[])[]) {
  const own = machines.flat()
  const [first] = own
  const count = machines.length
  const id = first ? idOf(first) : ''
  const named = count === 1 ? TEXTS.machines.one : TEXTS.machines.several
  return {
    count,
    ips: [...new Set(own.map(({ target }) => target.ip))],
    ports: portRanges(own.map(({ target }) => target.port)),
    which: filled(named, { id, ip: first?.target.ip ?? '', count }),
    them: count === 1 ? TEXTS.them.one : TEXTS.them.several,
    list: machinesText(machines.flatMap(([one]) => one?.target ?? [])),
  }
}

export const idOf = ({ target }: PoolTarget): string => target.instanceId ?? target.ip

export const regionOf = ({ balancer, snapshot }: Paths): string => balancer?.targetRegion ?? snapshot.region

export const machineResource = ({ instanceId, ip, name }: EvaluatedTarget, region: string): Resource => ({
  type: instanceId === null ? 'ip' : 'cvm',
  id: instanceId ?? ip,
  region,
  ...(name && instanceId !== null ? { name } : {}),
})

/** `ins-00000016 (10.0.1.16)`, ten of them and the number of the others. */
const machinesText = (targets: readonly EvaluatedTarget[]) =>
  inEachLanguage((language) =>
    listed(
      targets.map(({ instanceId, ip }) => (instanceId === null ? ip : withAside(instanceId, ip, language))),
      language,
      MOST_NAMED,
    ),
  )

function common(
  reason: keyof typeof TEXTS.reasons,
  hits: readonly PoolTarget[],
  first: string,
  { cluster, sureness, paths }: Given,
) {
  const commands = unbinding(hits, paths)
  return {
    code: `target-drift/${reason}`,
    subject: `${cluster}#${sureness}#${first}`,
    predicts: 'dead',
    targets: hits.map(findingTarget),
    certainty: sureness,
    role: 'risk',
    severity: 'high',
    order: 3,
    fix: { kind: 'settings', ...(commands.length > 0 ? { commands } : {}) },
  } as const
}

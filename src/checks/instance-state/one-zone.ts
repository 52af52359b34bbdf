import { type EvaluatedTarget, type Paths, warmUpOf } from '../../path/index.ts'
import { filled, inEachLanguage, listed, NOTHING, withAside } from '../../text/index.ts'
import { type Draft, everyTarget, type PoolTarget } from '../check.ts'
import { zoneOf } from '../common-ground.ts'
import { MOST_NAMED } from '../several.ts'
import { TEXTS } from './texts.ts'

/** Fewer machines than this on either side are a coincidence. */
const LEAST = 2

/**
 * A note: every Dead machine is in one zone, and every healthy one is elsewhere. It is not made if the zone of one of
 * them is not known.
 */
export function oneZone(paths: Paths): readonly Draft[] {
  const all = everyTarget(paths)
  // A backend that was bound a moment ago cannot be healthy yet, wherever it is.
  const dead = all.filter(
    ({ target }) =>
      target.status === 'Dead' && target.weight !== 0 && warmUpOf(target, paths.snapshot) === null,
  )
  const alive = all.filter(({ target }) => target.status === 'Alive')
  const sick = new Set(dead.map(({ pool }) => pool))
  const beside = alive.filter(({ pool }) => sick.has(pool))
  if (machinesOf(dead).length < LEAST || machinesOf(beside).length < LEAST) return []
  const zones = (some: readonly PoolTarget[]) => new Set(some.map(({ target }) => zoneOf(target, paths)))
  const [zone, ...more] = zones(dead)
  const others = zones(alive)
  if (!zone || more.length > 0 || others.has(null) || others.has(zone)) return []
  const draft = draftOf(zone, dead, alive, paths)
  return [
    { ...draft, left: (explained) => (dead.every(({ target }) => explained.has(target.key)) ? null : draft) },
  ]
}

/** One target of each machine. */
const machinesOf = (some: readonly PoolTarget[]): readonly EvaluatedTarget[] => [
  ...new Map(some.map(({ target }) => [target.instanceId ?? target.ip, target])).values(),
]

function draftOf(
  zone: string,
  dead: readonly PoolTarget[],
  alive: readonly PoolTarget[],
  { snapshot, balancer }: Paths,
): Draft {
  const machines = machinesOf(dead)
  const region = balancer?.targetRegion ?? snapshot.region
  const ids = machines.flatMap(({ location }) => (location.isResolved ? (location.value.subnetId ?? []) : []))
  return {
    code: 'instance-state/one-zone',
    subject: zone,
    predicts: 'nothing',
    targets: [],
    // Where the machines are is known. That the zone has a fault is not.
    certainty: 'possible',
    role: 'note',
    severity: 'info',
    order: 3,
    resources: machines.map(({ instanceId, ip }) =>
      instanceId === null ? { type: 'ip', id: ip, region } : { type: 'cvm', id: instanceId, region },
    ),
    params: {
      zone,
      dead: machines.length,
      alive: machinesOf(alive).length,
      list: inEachLanguage((language) =>
        listed(
          machines.map(({ instanceId, ip }) => (instanceId ? withAside(instanceId, ip, language) : ip)),
          language,
          MOST_NAMED,
        ),
      ),
      subnets: ids.length > 0 ? filled(TEXTS.subnets, { ids: [...new Set(ids)] }) : NOTHING,
    },
    evidence: [{ source: 'cvm:DescribeInstances', fact: 'Zone', value: zone }],
    fix: null,
  }
}

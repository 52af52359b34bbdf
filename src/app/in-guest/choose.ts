import { kindOf } from '../../diagnosis/index.ts'
import { requestKeyOf } from '../../guest/index.ts'
import { type Finding, isReason, type TargetKey } from '../../model/diagnosis.ts'
import { endpointOf } from '../../model/endpoint.ts'
import { known } from '../../model/fact.ts'
import { groupBy } from '../../model/group-by.ts'
import type { GuestFailure } from '../../model/guest.ts'
import { hasPrefix } from '../../model/ids.ts'
import { kept } from '../../model/memo.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import {
  type EvaluatedPool,
  type EvaluatedTarget,
  isUnprobed,
  type Paths,
  podPlaceOf,
  probeSourcesOf,
} from '../../path/index.ts'
import { toCidrs } from '../../rules/index.ts'

// On which machines the probe runs. Pure.

/** The machine of a backend: for a pod its node. */
export interface Machine {
  readonly pool: EvaluatedPool
  readonly target: EvaluatedTarget
  readonly instanceId: string
  readonly isPod: boolean
  readonly region: string
  readonly vpcId: string | null
  readonly subnetId: string | null
}

/** A backend whose machine is looked at. */
export interface Subject extends Machine {
  /** Names its report in the snapshot: `ip:port`. Of a further check of the same `ip:port` it is the target's key. */
  readonly key: string
}

export interface Choice {
  /** Dead backends, and one healthy control of each of their pools. */
  readonly subjects: readonly Subject[]
  /** Healthy backends that may ask a Dead one in place of a control. */
  readonly spare: readonly Machine[]
  /** Dead backends that are not looked at, and why. */
  readonly left: Readonly<Record<string, GuestFailure>>
}

/** Of backends that look alike to the API. */
const MOST_ALIKE = 3
/** Of one diagnosis. */
const MOST = 40
const MOST_SPARE = 3

export function choose(paths: Paths, findings: readonly Finding[]): Choice {
  const subjects = new Map<string, Subject>()
  const spare = new Map<string, Machine>()
  const left = new Map<string, GuestFailure>()
  const keyOf = reportKeys()
  for (const pool of paths.pools) {
    const dead = pool.targets.filter(
      (target) => target.status === 'Dead' && !isUnprobed(target.plan) && !isDown(target.key, findings),
    )
    for (const alike of groupBy(dead, ({ key }) => reasonsOf(key, findings)).values())
      chooseAlike(pool, alike, paths, { subjects, left, keyOf })
    if (![...subjects.values()].some((one) => one.pool === pool && one.target.status === 'Dead')) continue
    const [control, ...others] = controlsOf(pool, paths, subjects)
    if (control && subjects.size < MOST) {
      const key = keyOf(control.target)
      // Another pool may look at it as a Dead one, for the same request.
      if (!subjects.has(key)) subjects.set(key, { ...control, key })
    }
    for (const one of others.slice(0, MOST_SPARE)) spare.set(endpointOf(one.target), one)
  }
  return { subjects: [...subjects.values()], spare: [...spare.values()], left: Object.fromEntries(left) }
}

interface Chosen {
  readonly subjects: Map<string, Subject>
  readonly left: Map<string, GuestFailure>
  readonly keyOf: (target: EvaluatedTarget) => string
}

/** Several pools may check one `ip:port`, each with a request of its own. Each distinct one is asked for by itself. */
function reportKeys(): Chosen['keyOf'] {
  const first = new Map<string, string>()
  return (target) => {
    const endpoint = endpointOf(target)
    const asked = askedText(target)
    return kept(first, endpoint, () => asked) === asked ? endpoint : target.key
  }
}

/** What the probe would be told, in so far as its output depends on it. */
const askedText = ({ guestCheck, ...target }: EvaluatedTarget): string =>
  JSON.stringify([
    requestKeyOf(guestCheck),
    guestCheck.port,
    guestCheck.timeoutSeconds,
    toCidrs(probeSourcesOf(target)),
  ])

function chooseAlike(
  pool: EvaluatedPool,
  alike: readonly EvaluatedTarget[],
  paths: Paths,
  { subjects, left, keyOf }: Chosen,
): void {
  let taken = 0
  for (const target of alike) {
    const key = keyOf(target)
    if (subjects.has(key)) {
      taken += 1
      continue
    }
    const machine = machineOf(pool, target, paths)
    if (typeof machine === 'string') left.set(key, machine)
    else if (taken >= MOST_ALIKE || subjects.size >= MOST) left.set(key, 'LeftOut')
    else {
      taken += 1
      subjects.set(key, { ...machine, key })
    }
  }
}

/** The causes of a backend, which make it like others. */
const reasonsOf = (key: TargetKey, findings: readonly Finding[]): string =>
  findings
    .filter((one) => (isReason(one) || one.role === 'contributor') && one.explains.includes(key))
    .map(({ id }) => id)
    .join()

/** Nothing runs on a machine that is not there or not on. */
const isDown = (key: TargetKey, findings: readonly Finding[]): boolean =>
  findings.some(
    ({ code, certainty, explains }) =>
      DOWN.includes(code) && certainty === 'certain' && explains.includes(key),
  )
const DOWN: readonly string[] = ['instance-state/not-running', 'instance-state/not-found']

/** Healthy backends, those in the subnet of a Dead one first. */
function controlsOf(
  pool: EvaluatedPool,
  paths: Paths,
  subjects: ReadonlyMap<string, Subject>,
): readonly Machine[] {
  const subnets = new Set(
    [...subjects.values()].filter((one) => one.pool === pool).map(({ subnetId }) => subnetId),
  )
  const alive = pool.targets
    .filter(({ status }) => status === 'Alive')
    .map((target) => machineOf(pool, target, paths))
    .filter((one) => typeof one !== 'string')
  const isNear = ({ subnetId }: Machine): boolean => subnets.has(subnetId)
  return [...alive.filter(isNear), ...alive.filter((one) => !isNear(one))]
}

/** Or why its machine cannot be looked at. */
function machineOf(pool: EvaluatedPool, target: EvaluatedTarget, paths: Paths): Machine | GuestFailure {
  const { snapshot, balancer } = paths
  const isPod = kindOf(target, paths) === 'pod'
  const instanceId = isPod ? nodeOf(target, snapshot) : instanceOf(target, snapshot)
  if (instanceId === null) return isPod ? 'InPod' : 'NotAMachine'
  const cross = target.type === 'CCN' ? known(snapshot.crossTargets[target.ip]) : null
  const subnetId = target.location.isResolved ? target.location.value.subnetId : null
  return {
    pool,
    target,
    instanceId,
    isPod,
    region: cross?.region ?? balancer?.targetRegion ?? snapshot.region,
    vpcId:
      known(snapshot.instances[instanceId])?.vpcId ?? known(snapshot.subnets[subnetId ?? ''])?.vpcId ?? null,
    subnetId,
  }
}

/** The rules and settings of a node decide for the pods to which it forwards. */
function nodeOf(target: EvaluatedTarget, snapshot: Snapshot): string | null {
  const { instanceId, isForwarded } = podPlaceOf(target, snapshot)
  return isForwarded ? instanceId : null
}

function instanceOf({ type, ip, instanceId }: EvaluatedTarget, snapshot: Snapshot): string | null {
  const holder =
    known(snapshot.interfaces[ip])?.instanceId ??
    (type === 'CCN' ? known(snapshot.crossTargets[ip])?.instanceId : null) ??
    instanceId
  return hasPrefix(holder, 'ins') ? holder : null
}

/**
 * Another machine of the VPC that can ask a Dead backend, the best first: a healthy one of its subnet, a healthy one, any
 * other.
 */
export function peersFor(dead: Subject, { subjects, spare }: Choice): readonly Machine[] {
  const rank = ({ target, subnetId }: Machine): number =>
    (target.status === 'Alive' ? 0 : 2) + (subnetId === dead.subnetId ? 0 : 1)
  return [...subjects, ...spare]
    .filter(
      (one) =>
        one.instanceId !== dead.instanceId &&
        one.region === dead.region &&
        one.vpcId !== null &&
        one.vpcId === dead.vpcId,
    )
    .toSorted((a, b) => rank(a) - rank(b))
}

import type { Alarm } from '../../model/alarm.ts'
import type { Change, Diagnosis, HopStage, Repair, TargetKey } from '../../model/diagnosis.ts'
import { endpointOf } from '../../model/endpoint.ts'
import { known } from '../../model/fact.ts'
import { alarmStateOf, meantBy, overAt } from '../../model/recovery.ts'
import type { AuditEvent, Snapshot } from '../../model/snapshot.ts'
import {
  type EvaluatedTarget,
  operationsOn,
  type Path,
  type Paths,
  passes,
  pathsOn,
  waypointsOf,
} from '../../path/index.ts'
import { before, isBackAgain } from './before.ts'

// What mended a recovered CLB. Time alone proves nothing: a change counts if the probes of a backend that is Alive now
// would be blocked without it, and if they were blocked as the rules stood when the alarm began.

type Recovered = Pick<Diagnosis, 'trigger' | 'verdict' | 'pools' | 'createdAt'>
type Mended = Pick<Diagnosis, 'mendedBy' | 'changedMeanwhile'>

const MOST_TRIED = 20
const MOST_NAMED = 2
/** More than so many lists of rules that may have been in force at the alarm are not evaluated. */
const MOST_STATES = 8

/** Pure. Nothing unless the sender says that an alarm about health checks is over, and all that it can mean is Alive. */
export function repairOf(paths: Paths, diagnosis: Recovered): Mended {
  const alarm = diagnosis.trigger.alarm ?? null
  if (alarm === null || alarmStateOf(diagnosis) !== 'recovered') return {}
  const meant = targetsOf(paths, meantBy(alarm, diagnosis.pools))
  const operations = operationsIn(paths, spanOf(alarm, diagnosis.createdAt)).filter(({ change }) =>
    meant.some(({ on }) => on.has(change.resource.id)),
  )
  if (operations.length === 0) return {}
  const start = isReadFrom(paths.snapshot, alarm.firstOccurredAt)
    ? rewound(paths.snapshot, operations)
    : { states: [], unclear: null }
  const trials = operations
    .filter(({ change }) => FILTERS.test(change.event))
    .slice(0, MOST_TRIED)
    .map((operation) => tried(operation, meant, start, paths))
  const best = trials
    .filter(({ backends }) => backends > 0)
    .toSorted((a, b) => b.backends - a.backends || a.index - b.index)[0]
  if (best) {
    const mendedBy: Repair = { change: best.index, backends: best.backends, certainty: 'likely' }
    return { mendedBy }
  }
  const open = new Set(trials.filter(({ isOpen }) => isOpen).map(({ index }) => index))
  const named = operations.filter((one) => open.has(one.index) || mayMend(one)).map(({ index }) => index)
  return named.length > 0 ? { changedMeanwhile: named.slice(0, MOST_NAMED) } : {}
}

/** Operations that change what filters the probes. The CLB's own groups filter its clients. */
const FILTERS =
  /^(?!SetLoadBalancer).*(SecurityGroup|NetworkAcl|Template)|^Modify(NetworkInterface|Instances)Attribute$/

/** Operations that leave the way of every other backend's probes as it is. */
const ASIDE =
  /^(Start|Stop|Reboot)Instances$|^SetLoadBalancer|Weight$|(R|Der)egisterTarget(s|GroupInstances)$/

/** No evaluation tells what these did: a machine that was started again, and sick backends that were unbound. */
const MAY_MEND =
  /^(Start|Reboot)Instances$|^(Batch)?DeregisterTargets$|^DeregisterTargetGroupInstances$|^DisassociateTargetGroups$/

/** The same for other settings of the check. */
const mayMend = ({ change, event }: Operation): boolean =>
  MAY_MEND.test(change.event) || event?.edit?.kind === 'check-set'

interface Span {
  readonly from: number
  readonly to: number
}

const spanOf = (alarm: Alarm, look: string): Span => ({
  from: Date.parse(alarm.firstOccurredAt ?? ''),
  to: Date.parse(overAt(alarm, look) ?? ''),
})

interface Operation {
  readonly change: Change
  /** The place in the changes of the diagnosis. */
  readonly index: number
  /** Undefined if another operation on the same thing came in the same second: their order is not known. */
  readonly event: AuditEvent | undefined
}

/** The audited operations between the alarm and its recovery, the newest first. */
const operationsIn = ({ snapshot, changes }: Paths, { from, to }: Span): readonly Operation[] =>
  changes.flatMap((change, index) => {
    const at = Date.parse(change.at)
    if (!(at >= from && at <= to)) return []
    const same = operationsOn(snapshot, change.resource.id).filter((one) => Date.parse(one.at) === at)
    if (same.length === 0) return []
    return [{ change, index, event: same.length === 1 ? same[0] : undefined }]
  })

/** Was the audit log of every region read from the beginning of the alarm? */
const isReadFrom = ({ auditEvents }: Snapshot, begun: string | null): boolean =>
  Object.values(auditEvents).every((fact) => {
    const log = known(fact)
    return log !== undefined && Date.parse(log.from) <= Date.parse(begun ?? '')
  })

/** A backend that the alarm can mean, and the ids on its probes' way. */
interface Meant {
  readonly target: EvaluatedTarget
  readonly on: ReadonlySet<string>
}

function targetsOf(
  { snapshot, balancer, pools }: Paths,
  views: readonly { readonly key: TargetKey }[],
): readonly Meant[] {
  const keys = new Set(views.map(({ key }) => key))
  return pools.flatMap((pool) =>
    pool.targets
      .filter(({ key, status }) => status === 'Alive' && keys.has(key))
      .map((target) => ({ target, on: waypointsOf(snapshot, balancer, pool, target) })),
  )
}

/** The rules as they may have stood when the alarm began. */
interface Start {
  readonly states: readonly Snapshot[]
  /** What an operation changed that is not understood. Null if nothing is known. */
  readonly unclear: ReadonlySet<string> | null
}

/** Takes back all operations on the probes' way, the newest first. */
function rewound(snapshot: Snapshot, operations: readonly Operation[]): Start {
  const unclear = new Set<string>()
  let states: readonly Snapshot[] = [snapshot]
  for (const { change, event } of operations.filter((one) => !ASIDE.test(one.change.event))) {
    const { id } = change.resource
    const earlier = states.map((state) => before(state, id, event?.edit))
    if (earlier.some((one) => one === null)) unclear.add(id)
    else states = earlier.flatMap((one) => one ?? [])
    if (states.length > MOST_STATES) return { states: [], unclear: null }
  }
  return { states, unclear }
}

interface Trial {
  readonly index: number
  /** How many backends' probes would be blocked without the operation. */
  readonly backends: number
  /** True if that may be so, but cannot be told. */
  readonly isOpen: boolean
}

function tried(
  { change, index, event }: Operation,
  meant: readonly Meant[],
  { states, unclear }: Start,
  paths: Paths,
): Trial {
  const { id } = change.resource
  const without = before(paths.snapshot, id, event?.edit)
  if (without === null) return { index, backends: 0, isOpen: !isBackAgain(paths.snapshot, id, event?.edit) }
  const blocksOn = (snapshot: Snapshot) => {
    const pathTo = pathsOn({ ...paths, snapshot })
    return (target: EvaluatedTarget): boolean => isShutIn(pathTo(target), target.path)
  }
  const alone = without.map(blocksOn)
  const then = states.map(blocksOn)
  const may = meant.filter(({ target, on }) => on.has(id) && alone.some((blocks) => blocks(target)))
  const isUnclear = ({ on }: Meant): boolean => unclear === null || [...on].some((one) => unclear.has(one))
  const mended = may.filter(
    (one) => !isUnclear(one) && [...alone, ...then].every((blocks) => blocks(one.target)),
  )
  return {
    index,
    backends: new Set(mended.map(({ target }) => endpointOf(target))).size,
    isOpen: may.some((one) => isUnclear(one) || then.some((blocks) => blocks(one.target))),
  }
}

const RULED: ReadonlySet<HopStage> = new Set(['acl-in', 'security-group', 'acl-out'])

/** Does a hop of rules block wholly, under every reading, where it lets the probes pass now? */
const isShutIn = (path: Path, now: Path): boolean =>
  path.some(
    ({ stage, verdict, bySourcePort }) =>
      RULED.has(stage) &&
      verdict === 'block' &&
      (bySourcePort === undefined || bySourcePort.verdict === 'block') &&
      now.some((hop) => hop.stage === stage && passes(hop)),
  )

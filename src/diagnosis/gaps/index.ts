import { type Action, informsOnly } from '../../model/actions/index.ts'
import type { Gap, TargetKey } from '../../model/diagnosis.ts'
import { endpointOf, poolName } from '../../model/endpoint.ts'
import { type Fact, failuresOf, known, type ReadFailure } from '../../model/fact.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Language } from '../../model/language.ts'
import type { LoadBalancer, Snapshot } from '../../model/snapshot.ts'
import { type EvaluatedPool, type EvaluatedTarget, type Paths, warmUpOf } from '../../path/index.ts'
import { type TimeZone, t, timeFor } from '../../text/index.ts'
import { type Assigned, accountsForDead } from '../roles.ts'
import { namedIn } from '../unknown/index.ts'
import { accountGaps } from './account.ts'
import { commandsFor, kindOf, type TargetKind } from './by-hand.ts'
import { clusterGaps } from './cluster/index.ts'
import { problemText, subjectOf } from './failures.ts'
import { guestGaps } from './guests/index.ts'
import { hopGaps, subjectsOn } from './hop-gaps.ts'
import { type Look, lookedGap, lookOf } from './looked.ts'
import { type ProbeKind, probeOf } from './send.ts'
import { TEXTS } from './texts.ts'
import { warmingUpGap } from './warming-up.ts'

/** Everything that could not be read or decided: failed calls first, then questions that no call can answer. */
export function gapsOf(
  paths: Paths,
  assigned: readonly Assigned[],
  language: Language,
  zone: TimeZone,
): readonly Gap[] {
  const { snapshot, pools } = paths
  const failures = [...failuresIn(snapshot), ...missingAttachments(paths), ...missingSnatIps(paths)]
  const isBeside = ({ action }: ReadFailure): boolean => informsOnly(action)
  const isAnyDead = pools.some(({ counts }) => counts.dead > 0)
  return [
    ...unreadGaps(
      failures.filter((failure) => !isBeside(failure)),
      language,
    ),
    ...clusterGaps(paths, language),
    ...statusGaps(paths, language),
    ...accountGaps(paths, explainedBy(assigned), language),
    ...hopGaps(paths, explainedBy(assigned), language),
    ...guestGaps(paths, language),
    ...unexplainedGaps(paths, assigned, language, zone),
    ...(isAnyDead
      ? [...unreadGaps(failures.filter(isBeside), language), ...partlyAudited(snapshot, language, zone)]
      : []),
  ]
}

/** The gap of an audit log of which only the newest operations were read. */
const partlyAudited = ({ auditEvents }: Snapshot, language: Language, zone: TimeZone): readonly Gap[] =>
  Object.values(auditEvents).flatMap((fact) => {
    const log = known(fact)
    if (!log || log.complete) return []
    const { what, why } = TEXTS.gaps['audit-partial']
    const action = 'cloudaudit:DescribeEvents'
    const from = timeFor(log.from, language, zone)
    return [{ what: t(what, { from }, language), why: why[language], action }]
  })

/** One gap per action and error code, for all facts that the call would have given. */
function unreadGaps(found: readonly ReadFailure[], language: Language): readonly Gap[] {
  const failures = new Map<string, ReadFailure>()
  for (const failure of found) failures.set(`${failure.action} ${failure.code}`, failure)
  return [...failures.values()].map((failure) => failureGap(failure, language))
}

/** The gap of a failed call: what it reads, why it failed, and the permission to grant. */
export const failureGap = (failure: ReadFailure, language: Language): Gap => ({
  what: subjectOf(failure.action, language),
  why: problemText(failure, language),
  action: failure.action,
  errorCode: failure.code,
  ...(failure.problem === 'denied' ? { grant: failure.action } : {}),
})

/** The failures of all facts in the snapshot. */
function failuresIn(snapshot: Snapshot): readonly ReadFailure[] {
  // Left out here: the fix that depends on the uses of a group reports them, accountGaps the type of the account, and
  // clusterGaps the cluster, and guestGaps what was asked of machines.
  const {
    loadBalancer,
    listeners,
    registrations,
    health,
    securityGroupUse: _,
    accountType: __,
    kubernetes: _____,
    guests: ___,
    peers: ____,
    ...rest
  } = snapshot
  const byId = Object.values(rest).flatMap((facts) =>
    typeof facts === 'object' && facts !== null ? Object.values<unknown>(facts) : [],
  )
  const facts = [loadBalancer, listeners, registrations, health, ...byId].filter(isFact)
  const halves = Object.values(snapshot.addressOwners).flatMap((fact) => known(fact)?.unread ?? [])
  return [...failuresOf(facts), ...halves, ...missingFields(known(loadBalancer))]
}

const notGiven = (action: Action, fields: readonly string[]): ReadFailure => ({
  problem: 'malformed',
  action,
  code: fields.join(', '),
  message: 'not given',
})

const missingFields = (balancer: LoadBalancer | undefined): readonly ReadFailure[] =>
  balancer?.unsaid ? [notGiven('clb:DescribeLoadBalancers', balancer.unsaid)] : []

/** A Dead backend whose interface came without its Attachment field. */
const missingAttachments = ({ pools, snapshot }: Paths): readonly ReadFailure[] =>
  pools
    .flatMap(({ targets }) => targets)
    .some(
      ({ ip, status, type }) =>
        status === 'Dead' &&
        (type === 'ENI' || type === 'CVM') &&
        known(snapshot.interfaces[ip])?.attached === null,
    )
    ? [notGiven('vpc:DescribeNetworkInterfaces', ['Attachment'])]
    : []

/** A Dead backend that is probed from SNAT IPs, and the answer does not say which these are. */
const missingSnatIps = ({ pools, balancer }: Paths): readonly ReadFailure[] =>
  balancer?.snatIps.some(({ ip }) => ip === null) &&
  pools.some(({ targets }) => targets.some(({ status, type }) => status === 'Dead' && type === 'CCN'))
    ? [notGiven('clb:DescribeLoadBalancers', ['SnatIps'])]
    : []

const isFact = (value: unknown): value is Fact<unknown> =>
  typeof value === 'object' && value !== null && 'state' in value

function statusGaps({ pools, snapshot }: Paths, language: Language): readonly Gap[] {
  const targets = pools.flatMap((pool) => pool.targets)
  const odd = targets.filter(({ statusDetail }) => statusDetail !== null && statusDetail !== 'unread')
  const gaps = [...groupBy(odd, ({ statusDetail }) => statusDetail ?? '')].map(([status, found]): Gap => {
    const text = status === 'missing' ? TEXTS.gaps['status-missing'] : TEXTS.gaps.status
    const params = { count: found.length, targets: found.map(endpointOf), status: status.slice(0, 40) }
    return {
      what: t(text.what, params, language),
      why: t(text.why, params, language),
      action: 'clb:DescribeTargetHealth',
    }
  })
  const weightless = targets.filter(({ weight, status }) => weight === null && status === 'Dead')
  if (weightless.length > 0 && snapshot.registrations.state === 'ok') {
    const params = { count: weightless.length, targets: weightless.map(endpointOf) }
    gaps.push({
      what: t(TEXTS.gaps.weight.what, params, language),
      why: t(TEXTS.gaps.weight.why, params, language),
      action: 'clb:DescribeTargets',
    })
  }
  // A pool with other backends is judged by those, so its functions are no gap.
  for (const pool of targets.length > 0 ? [] : pools.filter(({ functions }) => functions))
    gaps.push({
      what: t(TEXTS.gaps.functions.what, { pool: poolName(pool) }, language),
      why: TEXTS.gaps.functions.why[language],
      action: 'clb:DescribeTargetHealth',
    })
  return gaps
}

/** Targets with a certain or likely cause. */
const explainedBy = (assigned: readonly Assigned[]): ReadonlySet<TargetKey> =>
  new Set(
    assigned
      .filter((one) => accountsForDead(one) && one.certainty !== 'possible')
      .flatMap(({ explains }) => explains),
  )

/** Dead targets without a certain or likely cause. Each kind gets the guide's next steps with real values. */
function unexplainedGaps(
  paths: Paths,
  assigned: readonly Assigned[],
  language: Language,
  zone: TimeZone,
): readonly Gap[] {
  const explained = explainedBy(assigned)
  const named = namedIn(paths, language)
  const gaps: Gap[] = []
  for (const pool of paths.pools) {
    const unexplained = pool.targets.filter(({ key, status }) => status === 'Dead' && !explained.has(key))
    gaps.push(...warmingUpGap(unexplained, paths, language, zone))
    const open = unexplained.filter((target) => warmUpOf(target, paths.snapshot) === null)
    for (const { kind, probe, look, own } of alike(pool, open, paths)) {
      const params = {
        look: TEXTS.looks[probe],
        count: own.length,
        targets: own.map(endpointOf),
        actions: unreadOn(own, kind, paths),
        subjects: subjectsOn(own, named),
      }
      if (look !== 'unlooked') {
        gaps.push(lookedGap(pool, { ...params, kind, probe, look, own }, paths, language, zone))
        continue
      }
      const { what, why } = TEXTS.gaps[textFor(kind, params)]
      gaps.push({
        what: t(what, params, language),
        why: t(why, params, language),
        byHand: commandsFor(kind, pool, own, paths, language),
      })
    }
  }
  return gaps
}

interface Alike {
  readonly kind: TargetKind
  readonly probe: ProbeKind
  readonly look: Look
  readonly own: readonly EvaluatedTarget[]
}

/** Targets for which the same steps fit: of one kind, with one kind of probe, and with the same left open inside. */
const alike = (pool: EvaluatedPool, open: readonly EvaluatedTarget[], paths: Paths): readonly Alike[] =>
  KINDS.flatMap((kind) => {
    const ofKind = open.filter((target) => kindOf(target, paths) === kind)
    const groups = groupBy(ofKind, (target) => `${probeOf(pool, target).kind} ${lookOf(target)}`)
    return [...groups.values()].flatMap((own) =>
      own[0] ? [{ kind, probe: probeOf(pool, own[0]).kind, look: lookOf(own[0]), own }] : [],
    )
  })

const KINDS: readonly TargetKind[] = ['machine', 'maybe-node-port', 'pod', 'node-port', 'database', 'remote']

const OPEN = {
  machine: 'unexplained',
  'maybe-node-port': 'unexplained',
  pod: 'pod',
  'node-port': 'node-port',
  database: 'database',
  remote: 'remote',
} as const satisfies Record<TargetKind, keyof typeof TEXTS.gaps>

/** Unread and unclear things come before the steps on the machine. */
function textFor(
  kind: TargetKind,
  { actions, subjects }: { readonly actions: readonly string[]; readonly subjects: readonly string[] },
): 'unexplained-unread' | 'unexplained-unknown' | (typeof OPEN)[TargetKind] {
  if (actions.length > 0) return 'unexplained-unread'
  return subjects.length > 0 ? 'unexplained-unknown' : OPEN[kind]
}

/** The failed calls about the way to these targets and about the cluster behind them. */
function unreadOn(
  targets: readonly EvaluatedTarget[],
  kind: TargetKind,
  { snapshot }: Paths,
): readonly string[] {
  const onTheWay = targets
    .flatMap(({ path }) => path.filter(({ verdict }) => verdict === 'unknown'))
    .flatMap(({ notes }) => notes)
    .flatMap((note) => (note.code === 'unread' ? note.failures.map(({ action }) => action) : []))
  const onRoundTrips = targets
    .flatMap(({ ccnRoundTrips }) => ccnRoundTrips.flatMap(({ out, back }) => [out, back]))
    .flatMap((leg) => (leg.verdict === 'unknown' ? leg.failures.map(({ action }) => action) : []))
  const ofCluster =
    kind === 'node-port' || kind === 'pod'
      ? [snapshot.clusters, snapshot.clusterNodes]
          .flatMap((facts) => failuresOf(Object.values<Fact<unknown>>(facts)))
          .map(({ action }) => action)
      : []
  return [...new Set([...onTheWay, ...onRoundTrips, ...ofCluster])].sort()
}

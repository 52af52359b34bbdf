import type { Evidence, Resource } from '../../model/diagnosis.ts'
import { endpointOf, poolName } from '../../model/endpoint.ts'
import { known } from '../../model/fact.ts'
import { isHttp } from '../../model/protocol.ts'
import type { Listener, Snapshot } from '../../model/snapshot.ts'
import { isManagedByTke } from '../../model/tke.ts'
import { type EvaluatedPool, type EvaluatedTarget, type Paths, warmUpOf } from '../../path/index.ts'
import { type Params, texts } from '../../text/index.ts'
import { type Check, type CheckResult, type Draft, type FixLine, poolResource, result } from '../check.ts'
import { serviceConfigText } from '../check-settings.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })
const { reasons } = TEXTS

type Reason = keyof typeof reasons
/** The reasons of a pool as a whole. */
type Plain = Exclude<Reason, 'warming-up'>

/** Is there a backend to probe? Reads HealthStatusDetail; Close and Unknown are not Dead. */
export const poolMembership: Check = { id: 'pool-membership', reasons, run }

function run(paths: Paths): CheckResult {
  const { pools, snapshot, balancer } = paths
  const membersKnown =
    snapshot.registrations.state === 'ok' &&
    Object.values(snapshot.targetGroupMembers).every(({ state }) => state === 'ok')
  const drafts = pools.flatMap((pool) => [
    ...reasonsOf(pool, membersKnown, snapshot).map((reason) => draft(pool, reason, paths)),
    ...warmingUp(pool, snapshot),
  ])
  const listeners = known(snapshot.listeners)
  if (listeners?.length === 0) drafts.push(withoutListeners(snapshot))
  if (membersKnown)
    drafts.push(
      ...(listeners ?? [])
        .filter((one) => isWithoutRules(one, paths))
        .map((one) => withoutRules(one, snapshot)),
    )
  const isListed = snapshot.listeners.state === 'ok'
  return result(
    isManagedByTke(balancer) ? drafts.map(leftToController) : drafts,
    [membersKnown && isListed ? 'pass' : 'unknown'],
    isListed ? 'members-unread' : 'listeners-unread',
  )
}

function reasonsOf(pool: EvaluatedPool, membersKnown: boolean, snapshot: Snapshot): readonly Plain[] {
  if (pool.targets.length === 0) return membersKnown && !pool.functions ? ['no-targets'] : []
  const found: Plain[] = []
  if (!pool.functions && pool.targets.every(({ weight }) => weight === 0)) found.push('all-weights-zero')
  if (!pool.stopped && pool.targets.every(({ healthCheck }) => healthCheck?.enabled === false))
    found.push('check-disabled')
  // Only the API's own status Unknown means "not probed yet". An odd or missing status proves nothing.
  if (pool.targets.some((target) => isNotProbed(target) && warmUpOf(target, snapshot) === null))
    found.push('not-probed-yet')
  return found
}

const isNotProbed = ({ status, statusDetail }: EvaluatedTarget): boolean =>
  status === 'Unknown' && statusDetail === null

/** Backends that were bound so recently that they cannot be healthy yet: that is no failure. */
function warmingUp(pool: EvaluatedPool, snapshot: Snapshot): readonly Draft[] {
  const found = pool.targets.flatMap((target) => {
    const warmUp = warmUpOf(target, snapshot)
    return warmUp ? [{ target, warmUp }] : []
  })
  if (found.length === 0) return []
  const readyAt = latest(found.map(({ warmUp }) => warmUp.readyAt))
  const params = {
    pool: poolName(pool),
    count: found.length,
    targets: found.map(({ target }) => endpointOf(target)),
    dead: found.filter(({ target }) => target.status === 'Dead').length,
    readyAt,
  }
  const evidence = {
    source: 'clb:DescribeTargets',
    fact: 'RegisteredTime',
    value: latest(found.map(({ target }) => target.registeredAt ?? '')),
  }
  const resource = poolResource(pool, snapshot.region)
  // The offset of RegisteredTime is inferred.
  const warming = drafted('warming-up', pool.key, resource, params, evidence)
  return [
    {
      ...warming,
      certainty: 'likely',
      alike: {
        by: '',
        place: 'pool',
        sums: ['count', 'dead'],
        joint: (all) => ({ readyAt: latest(all.map((one) => String(one.params.readyAt))) }),
      },
    },
  ]
}

const latest = (times: readonly string[]): string => times.toSorted().at(-1) ?? ''

const ROLE = {
  'no-targets': { role: 'risk', severity: 'high' },
  'all-weights-zero': { role: 'risk', severity: 'high' },
  'check-disabled': { role: 'risk', severity: 'medium' },
  'not-probed-yet': { role: 'note', severity: 'low' },
  'warming-up': { role: 'note', severity: 'low' },
} as const satisfies Record<Reason, Pick<Draft, 'role' | 'severity'>>

const SOURCE: Readonly<Record<Plain, { source: string; fact: string }>> = {
  'no-targets': { source: 'clb:DescribeTargets', fact: 'Targets' },
  'all-weights-zero': { source: 'clb:DescribeTargets', fact: 'Weight' },
  'check-disabled': { source: 'clb:DescribeListeners', fact: 'HealthSwitch' },
  'not-probed-yet': { source: 'clb:DescribeTargetHealth', fact: 'HealthStatusDetail' },
}

function draft(pool: EvaluatedPool, reason: Plain, { snapshot, balancer }: Paths): Draft {
  const value = { 'no-targets': [], 'all-weights-zero': 0, 'check-disabled': 0, 'not-probed-yet': 'Unknown' }[
    reason
  ]
  const { total: count, unknown } = pool.counts
  const lacks = reason === 'no-targets' ? TEXTS.lacks.backends : {}
  const params = { pool: poolName(pool), count, unknown, tke: serviceConfigText(balancer), ...lacks }
  const found = drafted(reason, pool.key, poolResource(pool, snapshot.region), params, {
    ...SOURCE[reason],
    value,
  })
  return { ...found, alike: { by: 'pool', place: 'pool', sums: ['count', 'unknown'] } }
}

/** What is missing on a CLB of TKE is up to its controller, which would undo a change by hand. */
const leftToController = (found: Draft): Draft =>
  found.code === 'pool-membership/no-targets'
    ? {
        ...found,
        params: { ...found.params, ...TEXTS.managed },
        fix: { kind: 'advice', commands: CONTROLLER },
      }
    : found

/** TKE's controller binds what a Service selects: its pods, where they may run, and what the controller says of it. */
const CONTROLLER: readonly FixLine[] = [
  'kubectl get svc,ingress -A -o wide',
  "kubectl get endpoints -A | grep '<none>'",
  "kubectl get svc -A -o yaml | grep -E '^    (name|namespace): |externalTrafficPolicy: |cloud.tencent.com/mode: '",
  'kubectl get events -A --field-selector type=Warning',
].map((line) => ({ tool: 'kubectl', line }))

/** A CLB without listeners has no pools, so this finding names the CLB. */
function withoutListeners({ loadBalancerId: id, region }: Snapshot): Draft {
  const evidence = { source: 'clb:DescribeListeners', fact: 'Listeners', value: [] }
  return drafted(
    'no-targets',
    id,
    { type: 'clb', id, region },
    { pool: id, ...TEXTS.lacks.listeners },
    evidence,
  )
}

/** An HTTP or HTTPS listener without a rule has no pool, so this finding names the listener. */
const isWithoutRules = ({ id, protocol, classic, rules }: Listener, { pools, snapshot }: Paths): boolean =>
  isHttp(protocol) &&
  !classic &&
  rules.length === 0 &&
  !pools.some(({ listenerId }) => listenerId === id) &&
  !known(snapshot.registrations)?.some(({ listenerId }) => listenerId === id)

function withoutRules(listener: Listener, { region }: Snapshot): Draft {
  const evidence = { source: 'clb:DescribeListeners', fact: 'Rules', value: [] }
  const { id, name } = listener
  const resource = { type: 'listener', id, ...(name === '' ? {} : { name }), region }
  const params = { pool: poolName(listener), ...TEXTS.lacks.rules }
  return { ...drafted('no-targets', id, resource, params, evidence), alike: { by: 'rules', place: 'pool' } }
}

const drafted = (
  reason: Reason,
  subject: string,
  resource: Resource,
  params: Params,
  evidence: Evidence,
): Draft => ({
  code: `pool-membership/${reason}`,
  subject,
  predicts: 'nothing',
  targets: [],
  certainty: 'certain',
  ...ROLE[reason],
  order: 0,
  resources: [resource],
  params: { pools: 1, ...params },
  evidence: [evidence],
  fix: ROLE[reason].role === 'note' ? null : { kind: 'settings' },
})

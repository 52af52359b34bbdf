import type { Evidence, Resource } from '../../model/diagnosis.ts'
import { poolName } from '../../model/endpoint.ts'
import { known } from '../../model/fact.ts'
import { isHttp } from '../../model/protocol.ts'
import type { Listener, Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedPool, Paths } from '../../path/index.ts'
import { type Params, texts } from '../../text/index.ts'
import { type Check, type CheckResult, type Draft, poolResource, result } from '../check.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })
const { reasons } = TEXTS

type Reason = keyof typeof reasons

/** Is there a backend to probe? Reads HealthStatusDetail; Close and Unknown are not Dead. */
export const poolMembership: Check = { id: 'pool-membership', reasons, run }

function run(paths: Paths): CheckResult {
  const { pools, snapshot } = paths
  const membersKnown =
    snapshot.registrations.state === 'ok' &&
    Object.values(snapshot.targetGroupMembers).every(({ state }) => state === 'ok')
  const drafts = pools.flatMap((pool) =>
    reasonsOf(pool, membersKnown).map((reason) => draft(pool, reason, snapshot.region)),
  )
  const listeners = known(snapshot.listeners)
  if (listeners?.length === 0) drafts.push(withoutListeners(snapshot))
  if (membersKnown)
    drafts.push(
      ...(listeners ?? [])
        .filter((one) => isWithoutRules(one, paths))
        .map((one) => withoutRules(one, snapshot)),
    )
  return result(drafts, [membersKnown && snapshot.listeners.state === 'ok' ? 'pass' : 'unknown'])
}

function reasonsOf(pool: EvaluatedPool, membersKnown: boolean): readonly Reason[] {
  if (pool.targets.length === 0) return membersKnown && !pool.functions ? ['no-targets'] : []
  const found: Reason[] = []
  if (!pool.functions && pool.targets.every(({ weight }) => weight === 0)) found.push('all-weights-zero')
  if (!pool.stopped && pool.targets.every(({ healthCheck }) => healthCheck?.enabled === false))
    found.push('check-disabled')
  // Only the API's own status Unknown means "not probed yet". An odd or missing status proves nothing.
  if (pool.targets.some(({ status, statusDetail }) => status === 'Unknown' && statusDetail === null))
    found.push('not-probed-yet')
  return found
}

const ROLE = {
  'no-targets': { role: 'risk', severity: 'high' },
  'all-weights-zero': { role: 'risk', severity: 'high' },
  'check-disabled': { role: 'risk', severity: 'medium' },
  'not-probed-yet': { role: 'note', severity: 'low' },
} as const satisfies Record<Reason, Pick<Draft, 'role' | 'severity'>>

const SOURCE: Readonly<Record<Reason, { source: string; fact: string }>> = {
  'no-targets': { source: 'clb:DescribeTargets', fact: 'Targets' },
  'all-weights-zero': { source: 'clb:DescribeTargets', fact: 'Weight' },
  'check-disabled': { source: 'clb:DescribeListeners', fact: 'HealthSwitch' },
  'not-probed-yet': { source: 'clb:DescribeTargetHealth', fact: 'HealthStatusDetail' },
}

function draft(pool: EvaluatedPool, reason: Reason, region: string): Draft {
  const value = { 'no-targets': [], 'all-weights-zero': 0, 'check-disabled': 0, 'not-probed-yet': 'Unknown' }[
    reason
  ]
  const { total: count, unknown } = pool.counts
  const lacks = reason === 'no-targets' ? TEXTS.lacks.backends : {}
  const params = { pool: poolName(pool), count, unknown, ...lacks }
  return drafted(reason, pool.key, poolResource(pool, region), params, { ...SOURCE[reason], value })
}

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
  return drafted(
    'no-targets',
    listener.id,
    { type: 'listener', id: listener.id, ...(listener.name === '' ? {} : { name: listener.name }), region },
    { pool: poolName(listener), ...TEXTS.lacks.rules },
    evidence,
  )
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
  params,
  evidence: [evidence],
  fix: reason === 'not-probed-yet' ? null : { kind: 'settings' },
})

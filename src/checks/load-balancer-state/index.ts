import type { Evidence, Resource } from '../../model/diagnosis.ts'
import { poolName } from '../../model/endpoint.ts'
import { known } from '../../model/fact.ts'
import type { Text } from '../../model/language.ts'
import type { Listener, LoadBalancer, Snapshot } from '../../model/snapshot.ts'
import { hasFlag, type Paths } from '../../path/index.ts'
import { filled, inEachLanguage, type Params, texts, withAside } from '../../text/index.ts'
import {
  type Check,
  type CheckResult,
  type Draft,
  everyTarget,
  type FixPlan,
  findingTarget,
  result,
} from '../check.ts'
import { tccli } from '../commands.ts'
import { aboutSeveral } from '../several.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

const TEXTS = texts(zhCN, { en })
const { reasons } = TEXTS

type Reason = keyof typeof reasons

/** Do the CLB and each listener forward traffic? Reads Isolation, IsBlock, AttributeFlags, Status and AttrFlags. */
export const loadBalancerState: Check = { id: 'load-balancer-state', reasons, run }

function run(paths: Paths): CheckResult {
  const { balancer, snapshot } = paths
  const drafts: Draft[] = []
  if (balancer) {
    const resource: Resource = { type: 'clb', id: balancer.id, name: balancer.name, region: snapshot.region }
    const targets = everyTarget(paths).map(findingTarget)
    const found = (reason: Reason, evidence: readonly Evidence[], own: Partial<Draft> = {}): void => {
      drafts.push({
        ...base,
        code: `load-balancer-state/${reason}`,
        subject: balancer.id,
        targets,
        resources: [resource],
        params: { clb: balancer.id, name: balancer.name },
        evidence,
        ...own,
      })
    }
    if (balancer.isolated) found('isolated', [read('Isolation', 1)])
    const restricted = restrictionOf(balancer)
    if (restricted) found('vip-blocked', ...restricted)
    if (hasFlag(balancer, 'Stop'))
      found('stopped', [read('AttributeFlags', 'Stop')], { fix: start(snapshot) })
    if (balancer.status === 0) found('creating', [read('Status', 0)])
  }
  const stopped = (known(snapshot.listeners) ?? []).filter((listener) => listener.stopped)
  if (stopped.length > 0)
    drafts.push(
      aboutSeveral(
        stopped,
        ({ id }) => id,
        (some) => stoppedDraft(some, paths),
      ),
    )
  const isRead = balancer && !balancer.unsaid && snapshot.listeners.state === 'ok'
  return result(drafts, [isRead ? 'pass' : 'unknown'], 'balancer-unread')
}

/** Listeners are read from their own list: one without a rule, or with redirects only, has no pool. */
function stoppedDraft(listeners: readonly Listener[], { pools, snapshot }: Paths): Draft {
  const ids = listeners.map(({ id }) => id)
  const behind = pools.filter(({ listenerId }) => ids.includes(listenerId))
  const count = listeners.length
  const names = listeners.map(poolName)
  return {
    ...base,
    code: 'load-balancer-state/listener-stopped',
    subject: ids[0] ?? '',
    targets: behind.flatMap((pool) => pool.targets.map((target) => findingTarget({ pool, target }))),
    resources: listeners.map(({ id, name }) => ({
      type: 'listener',
      id,
      ...(name === '' ? {} : { name }),
      region: snapshot.region,
    })),
    params: {
      listener: ids,
      listenerName: names,
      count,
      which: whichText(listeners),
    },
    ...(count > MOST_IN_TITLE ? { members: listeners.map(memberText) } : {}),
    evidence: [{ source: 'clb:DescribeListeners', fact: `AttrFlags of ${ids.join(', ')}`, value: 'Stop' }],
    fix: start(snapshot, ids),
  }
}

const MOST_IN_TITLE = 3

/** A title names a few listeners, and counts many. */
function whichText(listeners: readonly Listener[]): Text {
  const { one, some, many } = TEXTS.listeners
  const [first] = listeners
  const count = listeners.length
  const names = listeners.map(poolName)
  if (first && count === 1) return filled(one, { id: first.id, name: names })
  return count > MOST_IN_TITLE ? filled(many, { count }) : filled(some, { count, names })
}

const memberText = (listener: Listener): Text =>
  inEachLanguage((language) => withAside(poolName(listener), listener.id, language))

const read = (fact: string, value: unknown): Evidence => ({
  source: 'clb:DescribeLoadBalancers',
  fact,
  value,
})

/**
 * `IsBlock` is the VIP's state. `BanStatus` suspends the service or restricts access. `BlockStatus` restricts some
 * operations or traffic (SDK clb_models, LoadBalancer). The documents do not say why or how far.
 */
function restrictionOf(balancer: LoadBalancer): readonly [readonly Evidence[], Partial<Draft>] | null {
  const flags = (['BanStatus', 'BlockStatus'] as const).filter((flag) => hasFlag(balancer, flag))
  const own = balancer.blocked ? [read('IsBlock', true)] : []
  const evidence = [...own, ...flags.map((flag) => read('AttributeFlags', flag))]
  if (evidence.length === 0) return null
  const flag = balancer.blocked ? undefined : flags[0]
  const params = { clb: balancer.id, name: balancer.name, ...restrictedParams(flag) }
  if (flag === undefined) return [evidence, { params }]
  return [evidence, { certainty: flag === 'BanStatus' ? 'likely' : 'possible', severity: 'high', params }]
}

function restrictedParams(flag: 'BanStatus' | 'BlockStatus' | undefined): Params {
  return flag === undefined
    ? { read: 'IsBlock=true', ...TEXTS.restricted.block }
    : { read: `AttributeFlags=${flag}`, ...TEXTS.restricted[flag] }
}

/** Starts the CLB, or some of its listeners (SDK clb_models, SetLoadBalancerStartStatusRequest). */
const start = ({ region, loadBalancerId }: Snapshot, listenerIds?: readonly string[]): FixPlan => ({
  kind: 'restore',
  commands: [
    tccli('clb SetLoadBalancerStartStatus', region, {
      OperationType: 'Start',
      LoadBalancerId: loadBalancerId,
      ...(listenerIds === undefined ? {} : { ListenerIds: listenerIds }),
    }),
  ],
})

const base = {
  predicts: 'nothing',
  certainty: 'certain',
  role: 'cause',
  severity: 'critical',
  order: 0,
  fix: { kind: 'advice' },
} as const satisfies Partial<Draft>

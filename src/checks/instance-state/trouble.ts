import type { Resource } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import { hasPrefix } from '../../model/ids.ts'
import type { Instance, Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedTarget, Paths } from '../../path/index.ts'
import type { PoolTarget } from '../check.ts'
import type { zhCN } from './zh-CN.ts'

type Reason = Exclude<keyof typeof zhCN.reasons, 'one-zone'>

export interface Trouble {
  readonly reason: Reason
  readonly resource: Resource
  readonly state: string
  /** `field` is what the source calls the value. Null: the value stands for the thing itself. */
  readonly evidence: { readonly source: string; readonly field: string | null; readonly value: unknown }
}

/** A machine, interface or address with its trouble, and its backends. */
export interface Found {
  readonly trouble: Trouble
  readonly hits: readonly PoolTarget[]
}

type Verdict = Trouble | null | 'unknown' | 'not-applicable'

/**
 * Checks the registered machine. Without one, checks the machine that has the address, found across regions or by its
 * interface.
 */
export function troubleOf({ target }: PoolTarget, { snapshot }: Paths): Verdict {
  const { loadBalancer, crossTargets, interfaces } = snapshot
  const cross = known(crossTargets[target.ip])
  const registered = hasPrefix(target.instanceId, 'ins') ? target.instanceId : null
  const holder = known(interfaces[target.ip])?.instanceId ?? null
  const id = registered ?? cross?.instanceId ?? holder
  const region = cross?.region ?? known(loadBalancer)?.targetRegion ?? snapshot.region
  const fact = id === null ? undefined : snapshot.instances[id]
  // An interface can be attached to something other than a machine of this account.
  const isNamed = registered !== null || cross?.instanceId != null || known(fact) !== null
  if (id !== null && fact && isNamed) {
    const isKnown = fact.state === 'ok' && (fact.value !== null || isRegionKnown(target, snapshot))
    return isKnown ? machineTrouble(target, id, fact.value, region, snapshot) : 'unknown'
  }
  return target.location.isResolved && target.location.value.service
    ? 'not-applicable'
    : interfaceTrouble(target, region, snapshot)
}

/**
 * Is the region of this machine known, so that it was looked up in the right place? A backend behind CCN can be in any
 * region or account. Only the registration says which backends are behind CCN. All others are in the CLB's target
 * region (platform facts C5).
 */
function isRegionKnown({ type }: EvaluatedTarget, { loadBalancer }: Snapshot): boolean {
  const balancer = known(loadBalancer)
  return balancer !== undefined && type !== 'CCN' && (type !== 'UNKNOWN' || balancer.snatPro === false)
}

function machineTrouble(
  target: EvaluatedTarget,
  id: string,
  machine: Instance | null,
  region: string,
  snapshot: Snapshot,
): Verdict {
  const resource = { type: 'cvm', id, region, ...(target.name ? { name: target.name } : {}) }
  const trouble = (reason: Reason, state: string, field: string, value: unknown): Trouble => ({
    reason,
    resource,
    state,
    evidence: { source: 'cvm:DescribeInstances', field, value },
  })
  if (!machine) return trouble('not-found', '-', 'InstanceSet', null)
  const { restrictState, state } = machine
  if (restrictState !== null && ISOLATED.has(restrictState))
    return trouble('isolated', restrictState, 'RestrictState', restrictState)
  if (NOT_RUNNING.has(state)) return trouble('not-running', state, 'InstanceState', state)
  if (state !== 'RUNNING') return 'unknown'
  const eniFact = snapshot.interfaces[target.ip]
  const eni = known(eniFact)
  const own = [...machine.privateIps, ...machine.ipv6Addresses]
  if (target.type !== 'CVM' || own.includes(target.ip) || eniFact?.state !== 'ok' || eni?.instanceId === id)
    return null
  // An answer without the Attachment field does not say whose interface it is.
  if (eni?.instanceId === null && eni.attached === null) return 'unknown'
  return {
    reason: 'ip-moved',
    resource: { type: 'ip', id: target.ip, region },
    state: eni?.instanceId ?? eni?.id ?? '-',
    evidence: { source: 'vpc:DescribeNetworkInterfaces', field: null, value: eni?.id ?? null },
  }
}

function interfaceTrouble(target: EvaluatedTarget, region: string, snapshot: Snapshot): Verdict {
  if (target.type === 'CCN') return 'not-applicable'
  if (!ON_AN_INTERFACE.has(target.type)) return 'unknown'
  const eniFact = snapshot.interfaces[target.ip]
  const eni = known(eniFact)
  if (eni) {
    const isLoose = target.type === 'ENI' && eni.instanceId === null && !eni.attached
    if (!isLoose || eni.state !== 'AVAILABLE' || eni.business !== 'cvm') return null
    if (eni.attached === null) return 'unknown'
    return {
      reason: 'eni-detached',
      resource: { type: 'eni', id: eni.id, region },
      state: eni.state,
      evidence: { source: 'vpc:DescribeNetworkInterfaces', field: 'Attachment', value: null },
    }
  }
  const owner = snapshot.addressOwners[target.ip]
  // The address has no owner only if both lists were read and neither has it.
  if (
    !HAS_AN_INTERFACE.has(target.type) ||
    eniFact?.state !== 'ok' ||
    owner?.state !== 'ok' ||
    owner.value !== null
  )
    return 'unknown'
  return {
    reason: 'not-found',
    resource: { type: 'ip', id: target.ip, region },
    state: '-',
    evidence: { source: 'vpc:DescribeUsedIpAddress', field: null, value: null },
  }
}

/** Types that may have an interface, and types that must have one. No call may show an EVM's address. */
const ON_AN_INTERFACE = new Set(['CVM', 'ENI', 'EVM', 'UNKNOWN'])
const HAS_AN_INTERFACE = new Set(['CVM', 'ENI'])

const ISOLATED = new Set(['EXPIRED', 'PROTECTIVELY_ISOLATED'])

/** States in which the guest system does not run (SDK cvm_models Instance.InstanceState). */
const NOT_RUNNING = new Set(['STOPPED', 'STOPPING', 'SHUTDOWN', 'TERMINATING', 'LAUNCH_FAILED', 'PENDING'])

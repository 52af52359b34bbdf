import type { Evidence, Resource } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import { hasPrefix } from '../../model/ids.ts'
import type { Instance, Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedTarget, Paths } from '../../path/index.ts'
import type { PoolTarget } from '../check.ts'
import type { zhCN } from './zh-CN.ts'

type Reason = keyof typeof zhCN.reasons

export interface Trouble {
  readonly reason: Reason
  readonly resource: Resource
  readonly state: string
  readonly evidence: Evidence
}

type Found = Trouble | null | 'unknown' | 'not-applicable'

/** The machine that is registered, or else the one that has the address: across regions, or by its interface. */
export function troubleOf({ target }: PoolTarget, { snapshot }: Paths): Found {
  const { loadBalancer, crossTargets, interfaces } = snapshot
  const cross = known(crossTargets[target.ip])
  const registered = hasPrefix(target.instanceId, 'ins') ? target.instanceId : null
  const holder = known(interfaces[target.ip])?.instanceId ?? null
  const id = registered ?? cross?.instanceId ?? holder
  const region = cross?.region ?? known(loadBalancer)?.targetRegion ?? snapshot.region
  const fact = id === null ? undefined : snapshot.instances[id]
  // An interface may be attached to something that is not a machine of this account.
  const isNamed = registered !== null || cross?.instanceId != null || known(fact) !== null
  if (id !== null && fact && isNamed) {
    const isKnown = fact.state === 'ok' && (fact.value !== null || isAtHome(target, snapshot))
    return isKnown ? machineTrouble(target, id, fact.value, region, snapshot) : 'unknown'
  }
  return target.location.isResolved && target.location.value.service
    ? 'not-applicable'
    : interfaceTrouble(target, region, snapshot)
}

/**
 * Was it asked for where it would be? Backends behind CCN may be of any region or account, which those are is for the
 * registration to say, and in which region all the others are for the CLB (platform facts C5).
 */
function isAtHome({ type }: EvaluatedTarget, { loadBalancer }: Snapshot): boolean {
  const balancer = known(loadBalancer)
  return balancer !== undefined && type !== 'CCN' && (type !== 'UNKNOWN' || balancer.snatPro === false)
}

function machineTrouble(
  target: EvaluatedTarget,
  id: string,
  machine: Instance | null,
  region: string,
  snapshot: Snapshot,
): Found {
  const resource = { type: 'cvm', id, region, ...(target.name ? { name: target.name } : {}) }
  const trouble = (reason: Reason, state: string, fact: string, value: unknown): Trouble => ({
    reason,
    resource,
    state,
    evidence: { source: 'cvm:DescribeInstances', fact: `${id} ${fact}`, value },
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
  return {
    reason: 'ip-moved',
    resource: { type: 'ip', id: target.ip, region },
    state: eni?.instanceId ?? eni?.id ?? '-',
    evidence: { source: 'vpc:DescribeNetworkInterfaces', fact: target.ip, value: eni?.id ?? null },
  }
}

function interfaceTrouble(target: EvaluatedTarget, region: string, snapshot: Snapshot): Found {
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
      evidence: { source: 'vpc:DescribeNetworkInterfaces', fact: `${eni.id} Attachment`, value: null },
    }
  }
  const owner = snapshot.addressOwners[target.ip]
  // Only where both lists were read and neither knows the address is it nobody's.
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
    evidence: { source: 'vpc:DescribeUsedIpAddress', fact: target.ip, value: null },
  }
}

/** May have one, and must (an EVM's address may be one that no call shows). */
const ON_AN_INTERFACE = new Set(['CVM', 'ENI', 'EVM', 'UNKNOWN'])
const HAS_AN_INTERFACE = new Set(['CVM', 'ENI'])

const ISOLATED = new Set(['EXPIRED', 'PROTECTIVELY_ISOLATED'])

/** States in which nothing in the guest runs (SDK cvm_models Instance.InstanceState). */
const NOT_RUNNING = new Set(['STOPPED', 'STOPPING', 'SHUTDOWN', 'TERMINATING', 'LAUNCH_FAILED', 'PENDING'])

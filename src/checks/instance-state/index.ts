import type { Assessment } from '../../assessment/index.ts'
import type { CheckOutcome, Evidence, Resource } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import {
  type Check,
  type CheckResult,
  cover,
  type Draft,
  everyTarget,
  type Placed,
  result,
} from '../check.ts'
import { reasons } from './messages.ts'

type Reason = keyof typeof reasons

interface Trouble {
  readonly reason: Reason
  readonly resource: Resource
  readonly state: string
  readonly evidence: Evidence
}

/** Guide 2: is the machine or interface behind the address there, running and paid for? */
export const instanceState: Check = { id: 'instance-state', reasons, run }

function run(assessment: Assessment): CheckResult {
  const drafts = new Map<string, Draft>()
  const outcomes: CheckOutcome[] = []
  for (const placed of everyTarget(assessment)) {
    const trouble = troubleOf(placed, assessment)
    if (trouble === null || trouble === 'unknown' || trouble === 'not-applicable') {
      outcomes.push(trouble ?? 'pass')
      continue
    }
    const key = `${trouble.reason}/${trouble.resource.id}`
    const previous = drafts.get(key)
    drafts.set(key, {
      ...BASE,
      code: `instance-state/${trouble.reason}`,
      subject: trouble.resource.id,
      // A machine that is not there answers nobody; one that may still run is only a suspect.
      certainty: trouble.reason === 'isolated' || trouble.reason === 'ip-moved' ? 'likely' : 'certain',
      covers: [...(previous?.covers ?? []), cover(placed)],
      resources: [trouble.resource],
      params: {
        id: trouble.resource.id,
        name: placed.target.name ?? trouble.resource.id,
        ip: placed.target.ip,
        state: trouble.state,
      },
      evidence: [trouble.evidence],
    })
  }
  return result([...drafts.values()], outcomes)
}

const BASE = { predicts: 'dead', role: 'risk', severity: 'high', order: 3, fix: { kind: 'advice' } } as const

function troubleOf(
  { target }: Placed,
  { snapshot }: Assessment,
): Trouble | null | 'unknown' | 'not-applicable' {
  const region = snapshot.region
  const id = target.instanceId?.startsWith('ins-') ? target.instanceId : null
  const machineFact = id === null ? undefined : snapshot.instances[id]
  const machine = known(machineFact)
  const eniFact = snapshot.interfaces[target.ip]
  const eni = known(eniFact)
  if (id !== null && machineFact?.state === 'ok') {
    const resource = { type: 'cvm', id, region, ...(target.name ? { name: target.name } : {}) }
    const evidence = (fact: string, value: unknown): Evidence => ({
      source: 'cvm:DescribeInstances',
      fact,
      value,
    })
    if (!machine) return { reason: 'not-found', resource, state: '-', evidence: evidence(id, null) }
    if (machine.restrictState !== null && ISOLATED.has(machine.restrictState))
      return {
        reason: 'isolated',
        resource,
        state: machine.restrictState,
        evidence: evidence('RestrictState', machine.restrictState),
      }
    if (NOT_RUNNING.has(machine.state))
      return {
        reason: 'not-running',
        resource,
        state: machine.state,
        evidence: evidence('InstanceState', machine.state),
      }
    if (machine.state !== 'RUNNING') return 'unknown'
    const own = [...machine.privateIps, ...machine.ipv6Addresses]
    if (
      target.type === 'CVM' &&
      !own.includes(target.ip) &&
      eniFact?.state === 'ok' &&
      eni?.instanceId !== id
    )
      return {
        reason: 'ip-moved',
        resource: { type: 'ip', id: target.ip, region },
        state: eni?.instanceId ?? eni?.id ?? '-',
        evidence: { source: 'vpc:DescribeNetworkInterfaces', fact: target.ip, value: eni?.id ?? null },
      }
    return null
  }
  if (machineFact) return 'unknown'
  if (
    target.type === 'ENI' &&
    eni &&
    eni.instanceId === null &&
    eni.state === 'AVAILABLE' &&
    eni.business === 'cvm'
  )
    return {
      reason: 'eni-detached',
      resource: { type: 'eni', id: eni.id, region },
      state: eni.state,
      evidence: { source: 'vpc:DescribeNetworkInterfaces', fact: 'Attachment', value: null },
    }
  if (target.type === 'CVM' || target.type === 'ENI' || target.type === 'UNKNOWN')
    return eni ? null : 'unknown'
  return target.type === 'CCN' ? 'not-applicable' : 'unknown'
}

const ISOLATED = new Set(['EXPIRED', 'PROTECTIVELY_ISOLATED'])

/** States in which nothing in the guest runs (SDK cvm_models Instance.InstanceState). */
const NOT_RUNNING = new Set(['STOPPED', 'STOPPING', 'SHUTDOWN', 'TERMINATING', 'LAUNCH_FAILED', 'PENDING'])

import type {
  Certainty,
  CheckOutcome,
  Evidence,
  FindingCode,
  Resource,
  Role,
  Severity,
  TargetKey,
} from '../model/diagnosis.ts'
import type { Text } from '../model/language.ts'
import { remembered } from '../model/memo.ts'
import type { EvaluatedPool, EvaluatedTarget, Paths, Service } from '../path/index.ts'
import type { Params } from '../text/index.ts'

/**
 * What a thing would do to the targets it covers, if it were in force:
 * - `dead`: no probe gets an answer
 * - `flapping`: some do, whatever the status says now
 * - `suspect`: could alone make them Dead, but good configurations look the same; counts only where nothing else explains
 * - `nothing`: it does not decide a target's health by itself
 */
export type Prediction = 'dead' | 'flapping' | 'suspect' | 'nothing'

/** A target that a finding is about; a healthy control refutes only its own class (contract 5). */
export interface FindingTarget {
  readonly target: TargetKey
  /** Kind of probe source and exemption: `vip`, `100.64/exempt`, `snat` … */
  readonly class: string
}

/** What would mend it; where exactly, and whether it does, is found by evaluation before it is shown. */
export type FixPlan =
  | { readonly kind: 'open-security-group' }
  | { readonly kind: 'open-acl'; readonly aclId: string; readonly direction: 'ingress' | 'egress' }
  /** Of the SNAT IPs' own subnet: probes out, and their replies back in. */
  | { readonly kind: 'open-departure'; readonly aclId: string }
  | { readonly kind: 'advice'; readonly commands?: readonly FixLine[] }

export interface FixLine {
  readonly tool: 'tccli' | 'shell'
  readonly line: string
}

/** A finding before it is compared with what is observed. */
export interface Draft {
  readonly code: FindingCode
  /** Which thing: one finding per code and subject. */
  readonly subject: string
  readonly predicts: Prediction
  readonly targets: readonly FindingTarget[]
  /** How sure the configuration alone makes us; observation can only lower it. */
  readonly certainty: Certainty
  /** The role where observation does not decide: for `nothing`, and for blocks that hit nobody who is Dead. */
  readonly role: Role
  readonly severity: Severity
  /** Where the packet meets it: acl-in 1, security group 2, machine 3, application 4, reply 5, CLB itself 0. */
  readonly order: number
  readonly resources: readonly Resource[]
  readonly params: Params
  readonly evidence: readonly Evidence[]
  readonly fix: FixPlan | null
}

export interface CheckResult {
  readonly outcome: CheckOutcome
  /** Why it is unknown or not applicable: a stable code. */
  readonly reason?: string
  readonly drafts: readonly Draft[]
}

/** Title, explanation and remedy of one reason. The draft's params fill its places. */
export interface ReasonText {
  readonly title: Text
  readonly detail: Text
  /** What to change; null where there is nothing to change. */
  readonly fix: Text | null
}

export interface Check {
  /** The folder's name, the first half of its codes, its doc's name. */
  readonly id: string
  readonly reasons: Readonly<Record<string, ReasonText>>
  run(paths: Paths): CheckResult
}

/** Worst wins: found > unknown > pass > not-applicable. */
export function result(drafts: readonly Draft[], outcomes: readonly CheckOutcome[]): CheckResult {
  if (drafts.length > 0) return { outcome: 'found', drafts }
  for (const outcome of ['unknown', 'pass'] as const)
    if (outcomes.includes(outcome)) return { outcome, drafts }
  return { outcome: 'not-applicable', drafts }
}

export interface PoolTarget {
  readonly pool: EvaluatedPool
  readonly target: EvaluatedTarget
}

export const everyTarget: (paths: Paths) => readonly PoolTarget[] = remembered(({ pools }) =>
  pools.flatMap((pool) => pool.targets.map((target) => ({ pool, target }))),
)

/**
 * The exemption class of a probe to a target: same-account backends may be let through anyway (platform facts 0.1), and
 * those of classic private CLBs are by default (platform facts C1).
 */
export function classOf({ target }: PoolTarget): string {
  if (target.plan.kind === 'none') return 'none'
  const kind = kindOf(target)
  return target.plan.origins
    .map(({ via }) => {
      if (kind !== 'machine') return `${via}/${kind}`
      if (via === '169.254') return '169.254/exempt'
      return via === '100.64' && ['CVM', 'ENI', 'UNKNOWN'].includes(target.type) ? '100.64/exempt' : via
    })
    .join('+')
}

/** What stands behind the address: other kinds are no controls for one another. */
function kindOf({ type, location }: EvaluatedTarget): 'machine' | 'service' | 'pod' {
  if (location.isResolved && location.value.service) return 'service'
  return type === 'GLOBALROUTE' ? 'pod' : 'machine'
}

/** The managed service behind a target; null if there is no service, or if it is not known. */
export const serviceOf = ({ target }: PoolTarget): Service | null =>
  target.location.isResolved ? target.location.value.service : null

export const findingTarget = (poolTarget: PoolTarget): FindingTarget => ({
  target: poolTarget.target.key,
  class: classOf(poolTarget),
})

export const poolResource = (pool: EvaluatedPool, region: string): Resource => ({
  type: pool.locationId === null ? 'listener' : 'rule',
  id: pool.locationId ?? pool.listenerId,
  ...(pool.listenerName === '' ? {} : { name: pool.listenerName }),
  region,
})

/** A machine that does not exist has a finding of its own, and no other. */
export function isGone({ instanceId }: EvaluatedTarget, { snapshot }: Paths): boolean {
  const fact = instanceId === null ? undefined : snapshot.instances[instanceId]
  return fact?.state === 'ok' && fact.value === null
}

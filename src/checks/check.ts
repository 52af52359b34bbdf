import type {
  Certainty,
  CheckOutcome,
  Evidence,
  FindingCode,
  FixKind,
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
 * What a configuration does to the targets that it applies to:
 * - `dead`: no probe gets an answer
 * - `flapping`: some probes get an answer, whatever the status is now
 * - `suspect`: it may make the targets Dead, but healthy pools have the same setting. It counts only if nothing else
 * explains them.
 * - `nothing`: it does not decide a target's health by itself
 */
export type Prediction = 'dead' | 'flapping' | 'suspect' | 'nothing'

/** A target of a finding. A healthy target refutes the finding only for targets of its own class (contract 5). */
export interface FindingTarget {
  readonly target: TargetKey
  /** The kind of probe source and exemption, for example `vip`, `100.64/exempt` or `snat`. */
  readonly class: string
  /** True for a Dead target whose machine has connections with probes: they refute a block as a healthy target does. */
  readonly isReached?: boolean
  /** True for a target whose machine shows that a suspected cause does not explain it. */
  readonly isCleared?: boolean
}

/** A rule that lets the probes in. diagnosis/fixes finds the exact edit and evaluates the paths again with it. */
export type OpenPlan =
  | { readonly kind: 'open-security-group' }
  | { readonly kind: 'open-acl'; readonly aclId: string; readonly direction: 'ingress' | 'egress' }
  /** The ACL of the SNAT IPs' own subnet, for probes out and replies in. */
  | { readonly kind: 'open-departure'; readonly aclId: string }

/** A fix as the check gives it. */
export interface GivenPlan {
  readonly kind: Exclude<FixKind, 'open' | 'undo'>
  /** True if the check evaluated the machines again with it, and every target passes. */
  readonly verified?: boolean
  readonly commands?: readonly FixLine[]
  /** How many more commands of the same kind are left out. */
  readonly left?: number
  /** What else to know about it, a sentence each. */
  readonly notes?: readonly Text[]
}

export type FixPlan = OpenPlan | GivenPlan

export const isOpening = (plan: FixPlan): plan is OpenPlan =>
  plan.kind === 'open-security-group' || plan.kind === 'open-acl' || plan.kind === 'open-departure'

export interface FixLine {
  readonly tool: 'tccli' | 'shell' | 'kubectl'
  readonly line: string
}

/**
 * What a finding shares with others of its code. grouped.ts makes one finding of all that have the same code, `by`,
 * certainty and role.
 */
export interface Alike {
  /** The thing that decides, for example the value of a setting. Empty if the code says it all. */
  readonly by: string
  /** The param with the name of the listener, rule or resource. Of several it gets their number. */
  readonly place: 'pool' | 'resource'
  /** What this one has for itself. It stands behind the name if the others have something else. */
  readonly own?: Text
  /** Params that are numbers and add up. */
  readonly sums?: readonly string[]
  /** Other params that follow from all of them. */
  readonly joint?: (drafts: readonly Draft[]) => Params
}

/** A finding before it is compared with the observed health. */
export interface Draft {
  readonly code: FindingCode
  /** There is one finding per code and subject. */
  readonly subject: string
  /**
   * The rule that decides. Findings of one code and rule differ in their class of certainty. Their healthy targets are
   * controls for each other, and they have one fix. Without it, the subject stands for the rule.
   */
  readonly rule?: string
  readonly predicts: Prediction
  readonly targets: readonly FindingTarget[]
  /** The certainty from the configuration alone. Observed health can only lower it. */
  readonly certainty: Certainty
  /** The role if health does not decide it: for `nothing`, and for blocks without a Dead target. */
  readonly role: Role
  readonly severity: Severity
  /** The place on the packet's way: CLB itself 0, acl-in 1, security group 2, machine 3, application 4, reply 5. */
  readonly order: number
  readonly resources: readonly Resource[]
  /** Fills the texts. The place `{doubt}` is filled from `doubts` once the certainty is settled. */
  readonly params: Params
  /** Why the finding is not certain. No sentence says what that makes of the certainty. */
  readonly doubts?: readonly Text[]
  readonly evidence: readonly Evidence[]
  readonly fix: FixPlan | null
  /**
   * Only of a finding that holds for Dead targets that no other certain or likely cause explains: the finding about what
   * is left when causes explain these targets. Null if nothing is.
   */
  readonly left?: (explained: ReadonlySet<TargetKey>) => Draft | null
  /** True if the machines themselves show it, so that its healthy targets show the same. */
  readonly isOfMachines?: true
  /** True for a likely finding that is certain if nothing else explains its Dead targets. */
  readonly isSureAlone?: boolean
  readonly alike?: Alike
  /** The names of the things that it is about, if it is about several and its title only counts them. */
  readonly members?: readonly Text[]
  /**
   * Only of a finding about several things with the same reason: the finding about the one that the id names, or about
   * the others. Null if there are none.
   */
  readonly narrowed?: (id: string, which: 'named' | 'others') => Draft | null
  /**
   * The finding about a part of its targets, with the numbers, lists and commands of that part. Health can split every
   * finding that predicts Dead. Null if nothing is left.
   */
  readonly part?: (isOf: IsOf) => Draft | null
}

/** Which targets a part of a finding has. */
export type IsOf = (target: TargetKey) => boolean

/** `reason`: a stable code for why the outcome is unknown. */
export type CheckResult =
  | { readonly outcome: Exclude<CheckOutcome, 'unknown'>; readonly drafts: readonly Draft[] }
  | { readonly outcome: 'unknown'; readonly reason: string; readonly drafts: readonly Draft[] }

/** Title, explanation and remedy of one reason. The draft's params fill their places. */
export interface ReasonText {
  readonly title: Text
  /** The one line that proves it: the deciding rule, or the things that it is about. */
  readonly quote?: Text
  readonly detail: Text
  /** What to change. Null if there is nothing to change. */
  readonly fix: Text | null
}

export interface Check {
  /** Also the folder's name, the first half of its finding codes, and the name of its page in docs/checks. */
  readonly id: string
  readonly reasons: Readonly<Record<string, ReasonText>>
  run(paths: Paths): CheckResult
}

/**
 * Worst wins: found > unknown > pass > not-applicable.
 * @param reason the code of an unknown outcome
 */
export function result(
  drafts: readonly Draft[],
  outcomes: readonly CheckOutcome[],
  reason: string,
): CheckResult {
  if (drafts.length > 0) return { outcome: 'found', drafts }
  if (outcomes.includes('unknown')) return { outcome: 'unknown', reason, drafts }
  if (outcomes.includes('pass')) return { outcome: 'pass', drafts }
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
 * Source and exemption class of the probes to a target. Security groups may exempt probes to same-account backends
 * (platform facts 0.1). They exempt those of classic private CLBs by default (platform facts C1).
 */
export function classOf({ target }: PoolTarget): string {
  if (target.plan.kind === 'none') return 'none'
  const kind = kindOf(target)
  return target.plan.origins
    .map(({ via }) => {
      if (kind !== 'machine') return `${via}/${kind}`
      if (via === '169.254') return '169.254/exempt'
      // A source that is not known may be 100.64.0.0/10.
      const mayBeExempt = via === '100.64' || via === 'unknown'
      return mayBeExempt && ['CVM', 'ENI', 'UNKNOWN'].includes(target.type) ? `${via}/exempt` : via
    })
    .join('+')
}

/** Targets of one kind are no controls for targets of another. */
function kindOf({ type, location }: EvaluatedTarget): 'machine' | 'service' | 'pod' {
  if (location.isResolved && location.value.service) return 'service'
  return type === 'GLOBALROUTE' ? 'pod' : 'machine'
}

/** The managed service behind a target. Null if the target is not a service, or if that is not known. */
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

/** A machine that does not exist gets one finding, and no further ones. */
export function isGone({ instanceId }: EvaluatedTarget, { snapshot }: Paths): boolean {
  const fact = instanceId === null ? undefined : snapshot.instances[instanceId]
  return fact?.state === 'ok' && fact.value === null
}

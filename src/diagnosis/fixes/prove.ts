import type { OpenPlan } from '../../checks/index.ts'
import type { HopStage } from '../../model/diagnosis.ts'
import type { Snapshot } from '../../model/snapshot.ts'
import { type EvaluatedTarget, type Paths, passes, pathsOn, snatSubnetAclsTo } from '../../path/index.ts'

/** The snapshot after a change of a security group or ACL. */
interface Edited {
  readonly id: string
  readonly snapshot: Snapshot
}

export interface Proof {
  /** True if every target passes the hop after the edit. */
  readonly verified: boolean
  /** True if every target passes in any order of its groups. */
  readonly inAnyOrder: boolean
}

/** The hop that a plan is about. Null for the ACL of the SNAT IPs' own subnet. */
export function stageOf(plan: OpenPlan): HopStage | null {
  switch (plan.kind) {
    case 'open-security-group':
      return 'security-group'
    case 'open-acl':
      return plan.direction === 'egress' ? 'acl-out' : 'acl-in'
    case 'open-departure':
      return null
  }
}

/** Evaluates every target on the changed rules. A reply has to pass under both readings of the port. */
export function prove(
  edit: Edited,
  plan: OpenPlan,
  targets: readonly EvaluatedTarget[],
  { balancer, evaluator }: Paths,
): Proof {
  const context = { snapshot: edit.snapshot, balancer, evaluator }
  const stage = stageOf(plan)
  if (stage === null) {
    const snatSubnetAcls = targets.flatMap((target) =>
      snatSubnetAclsTo(context, target).filter(({ acl }) => acl.id === edit.id),
    )
    const verified = snatSubnetAcls.every(({ out, outBySourcePort = out, back }) =>
      [out, outBySourcePort, back].every(({ verdict }) => verdict === 'pass'),
    )
    return { verified, inAnyOrder: true }
  }
  const pathTo = pathsOn(context)
  const paths = new Set(targets.map(pathTo))
  const hops = [...paths].map((path) => path.find((hop) => hop.stage === stage))
  return {
    verified: hops.every((hop) => hop !== undefined && passes(hop)),
    inAnyOrder: hops.every((hop) => hop?.notes.every(({ code }) => code !== 'order-matters')),
  }
}

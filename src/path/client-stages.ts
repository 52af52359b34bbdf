import {
  type AddressSet,
  contains,
  emptySet,
  intersect,
  isEmpty,
  type Outcome,
  openAddresses,
  type Piece,
  type Probe,
  subtract,
  unionOf,
} from '../rules/index.ts'
import { partIn } from './client-space.ts'
import type { BareNote, HopNote } from './notes.ts'
import type { PathContext } from './path.ts'
import type { EvaluatedTarget } from './target.ts'
import { bypassesGroups, groupsOf, isGroupless, sharesSubnet, subnetAndAclOf } from './target-location.ts'

// What the security groups and the ACL of one backend do to the clients.

/** Why an answer is unknown, or what it leaves out. diagnosis/ puts it into words. */
export type ClientNote = HopNote | BareNote | { readonly code: ClientNoteCode }

export type ClientNoteCode =
  | 'layer-7'
  | 'protocol'
  | 'classic'
  | 'translated'
  | 'other-region'
  | 'snat'
  | 'snat-unread'
  | 'contradicted'
  | 'kind'
  | 'own-group-unread'
  | 'ranges-unknown'
  | 'range-of-ports'
  | 'same-subnet-clients'

/** What one stage does to the clients. Addresses in neither set are undecided, or open on some of their ports only. */
export interface Stage {
  readonly allowed: AddressSet
  readonly denied: AddressSet
  /** Addresses for which the stage cannot be told. */
  readonly unclear: AddressSet
  readonly notes: readonly ClientNote[]
  readonly pieces: readonly Piece[]
}

/** The groups first: their rules are the ones that a reader looks for. */
export const clientStagesOf = (
  context: PathContext,
  target: EvaluatedTarget,
  probe: Probe,
): readonly Stage[] => [groupStage(context, target, probe), ...aclStages(context, target, probe)]

const unseen = ({ sources }: Probe, note: ClientNote): Stage => ({
  allowed: emptySet(sources.family),
  denied: emptySet(sources.family),
  unclear: sources,
  notes: [note],
  pieces: [],
})

const open = ({ sources }: Probe, ...notes: readonly ClientNote[]): Stage => ({
  allowed: sources,
  denied: emptySet(sources.family),
  unclear: emptySet(sources.family),
  notes,
  pieces: [],
})

function groupStage(
  { snapshot, balancer, evaluator }: PathContext,
  target: EvaluatedTarget,
  probe: Probe,
): Stage {
  const { location } = target
  const bypass = bypassesGroups(balancer, target)
  // Then the CLB's own group filters the clients. It is not read.
  if (bypass) return open(probe, { code: bypass }, { code: 'own-group-unread' })
  if (!location.isResolved) return unseen(probe, location.why)
  if (isGroupless(location.value)) return open(probe)
  const groups = groupsOf(snapshot, location.value)
  if (!groups.isResolved) return unseen(probe, groups.why)
  const conflict = evaluator.orderMatters(groups.value, probe)
  const stage = stageOf(probe, evaluator.securityGroups(groups.value, probe))
  const notes: readonly ClientNote[] = conflict ? [{ code: 'order-matters', conflict }] : []
  const noted = { ...stage, notes: [...stage.notes, ...notes] }
  // It is not known whether the groups apply at all. Only a pass holds in both cases.
  return bypass === null ? undecided(noted, stage.denied, { code: 'bypass-unknown' }) : noted
}

function aclStages(
  { snapshot, balancer, evaluator }: PathContext,
  target: EvaluatedTarget,
  probe: Probe,
): readonly Stage[] {
  const { location } = target
  if (!location.isResolved) return [unseen(probe, location.why)]
  const around = subnetAndAclOf(snapshot, location.value)
  if (!around.isResolved) return [unseen(probe, around.why)]
  const { subnet, acl } = around.value
  if (acl === null) return []
  const reply = stageOf(probe, evaluator.aclReply(acl, probe, 'destination'))
  const other = stageOf(probe, evaluator.aclReply(acl, probe, 'source'))
  const stages = [
    stageOf(probe, evaluator.aclIngress(acl, probe)),
    acl.kind === 'triple' ? inBothReadings(reply, other, probe) : reply,
  ]
  if (balancer?.networkType === 'OPEN') return stages
  // No ACL filters within a subnet. It is not documented whether that holds for the clients of a private CLB that has
  // its VIP there, nor for clients that are there.
  const cidr = probe.sources.family === 6 ? subnet.ipv6Cidr : subnet.cidr
  return stages.map((stage) => {
    const near = sharesSubnet(balancer, subnet) === false ? partIn(stage.denied, cidr) : stage.denied
    return undecided(stage, near, { code: 'same-subnet-clients' })
  })
}

/** The stage with some denied addresses of which it is not known whether they are denied. */
const undecided = (stage: Stage, doubtful: AddressSet, note: ClientNote): Stage =>
  isEmpty(doubtful)
    ? stage
    : {
        ...stage,
        denied: subtract(stage.denied, doubtful),
        unclear: unionOf(doubtful.family, [stage.unclear, doubtful]),
        notes: [...stage.notes, note],
      }

function inBothReadings(one: Stage, other: Stage, { sources }: Probe): Stage {
  const allowed = intersect(one.allowed, other.allowed)
  const denied = intersect(one.denied, other.denied)
  const agreed = unionOf(sources.family, [allowed, denied])
  const differ =
    !contains(allowed, one.allowed) ||
    !contains(allowed, other.allowed) ||
    !contains(denied, one.denied) ||
    !contains(denied, other.denied)
  return {
    allowed,
    denied,
    unclear: differ ? subtract(sources, agreed) : one.unclear,
    notes: [...one.notes, ...(differ ? [{ code: 'readings-differ' } as const] : [])],
    pieces: [...one.pieces, ...other.pieces],
  }
}

function stageOf({ sources }: Probe, outcome: Outcome): Stage {
  const { family } = sources
  const { pieces, closedPorts } = outcome
  const not = (verdict: Piece['verdict']): AddressSet =>
    unionOf(
      family,
      pieces.filter((piece) => piece.verdict !== verdict).map((piece) => piece.sources),
    )
  const unclear = unionOf(
    family,
    pieces.filter((piece) => piece.verdict === 'unknown').map((piece) => piece.sources),
  )
  return {
    allowed: subtract(sources, not('accept')),
    denied: subtract(sources, openAddresses(outcome)),
    unclear,
    notes: [
      ...(isEmpty(unclear) ? [] : [{ code: 'rule-unclear' } as const]),
      ...(closedPorts.length > 0 ? [{ code: 'reply-ports', closed: closedPorts } as const] : []),
    ],
    pieces,
  }
}

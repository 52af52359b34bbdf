import type { Clients } from '../model/diagnosis.ts'
import { known } from '../model/fact.ts'
import { groupBy } from '../model/group-by.ts'
import { familyOf } from '../model/ip.ts'
import { kept, remembered } from '../model/memo.ts'
import { isHttp } from '../model/protocol.ts'
import type { LoadBalancer, Snapshot } from '../model/snapshot.ts'
import {
  type AddressSet,
  contains,
  type Decider,
  intersect,
  isEmpty,
  largest,
  type Piece,
  type Probe,
  subtract,
  unionOf,
} from '../rules/index.ts'
import { type ClientSpace, clientSpaceOf } from './client-space.ts'
import { type ClientNote, type ClientNoteCode, clientStagesOf } from './client-stages.ts'
import type { PathContext } from './path.ts'
import type { Pool } from './pools.ts'
import { locationKey } from './shared-paths.ts'
import type { EvaluatedTarget } from './target.ts'
import { bypassesGroups, subnetAndAclOf } from './target-location.ts'

export type { ClientNote, ClientNoteCode }

// The clients' way to a backend. Layer 4 keeps the client's address, so the backend's groups and ACL filter the clients
// themselves (platform facts C8). They may block probes and clients alike, or only one of them.

/** How the clients of one backend fare. Backends with the same groups, subnet and port share one object. */
export interface ClientAnswer {
  readonly verdict: Clients['verdict']
  /** The rule that denies the most clients. For `pass`: the rule that lets in the most. */
  readonly by: Decider | null
  /** For `partial`: the clients that are let in. */
  readonly allowed: AddressSet | null
  readonly notes: readonly ClientNote[]
}

/** Backends of one pool whose clients fare alike. */
export interface ClientGroup {
  readonly answer: ClientAnswer
  readonly targets: readonly EvaluatedTarget[]
}

const unknown = (note: ClientNote): ClientAnswer => ({
  verdict: 'unknown',
  by: null,
  allowed: null,
  notes: [note],
})

/** The backends of a pool that have weight, grouped by how their clients fare. */
export function clientGroupsOn(
  context: PathContext,
): (pool: Front, targets: readonly EvaluatedTarget[]) => readonly ClientGroup[] {
  const answerFor = clientAnswersOn(context)
  return (pool, targets) => {
    const weighted = targets.filter(({ weight }) => weight !== 0)
    const answered = weighted.map((target) => ({ target, answer: answerFor(pool, target) }))
    return [...groupBy(answered, ({ answer }) => answer)].map(([answer, own]) => {
      const targets = own.map(({ target }) => target)
      const isDoubtful = answer.verdict !== 'pass' && targets.some(isRefuting)
      return { answer: isDoubtful ? unknown({ code: 'contradicted' }) : answer, targets }
    })
  }
}

/**
 * True for a healthy backend whose probes should be blocked. Security groups may let in the probes of some sources and
 * still block the clients (platform facts 0.1, C1). ACLs let in none.
 */
const isRefuting = ({ status, path }: EvaluatedTarget): boolean =>
  status === 'Alive' &&
  path.some(
    ({ stage, verdict, findings }) =>
      verdict === 'block' &&
      (stage !== 'security-group' || findings.every(({ via }) => via === 'vip' || via === 'snat')),
  )

type Front = Pick<Pool, 'listenerId' | 'protocol'>

function clientAnswersOn(context: PathContext): (pool: Front, target: EvaluatedTarget) => ClientAnswer {
  const answers = new Map<string, ClientAnswer>()
  const spaces = new Map<4 | 6, ClientSpace>()
  return (pool, target) => {
    const { snapshot, balancer } = context
    const why = whyUnknown(context, pool, target)
    if (why || !balancer) {
      const note = why ?? ({ code: 'balancer-unread' } as const)
      return kept(answers, JSON.stringify(note), () => unknown(note))
    }
    const family = familyOf(target.ip)
    const space = kept(spaces, family, () => clientSpaceOf(snapshot, balancer, family))
    const isRange = isPortRange(snapshot, pool.listenerId)
    const probe: Probe = {
      sources: space.addresses,
      destination: target.ip,
      protocol: pool.protocol === 'UDP' ? 'udp' : 'tcp',
      port: isRange ? null : target.port || null,
    }
    return kept(answers, keyOf(context, target, probe), () => answerOf(context, target, probe, space))
  }
}

/** The reason if it is not known which address the backend sees, else null. */
function whyUnknown(
  { snapshot, balancer }: PathContext,
  pool: Front,
  target: EvaluatedTarget,
): ClientNote | null {
  if (!balancer) return { code: 'balancer-unread' }
  if (balancer.generation === 'classic') return { code: 'classic' }
  if (isHttp(pool.protocol)) return { code: 'layer-7' }
  if (!['TCP', 'UDP', 'TCP_SSL'].includes(pool.protocol)) return { code: 'protocol' }
  const isTranslated = hasSnat(snapshot, balancer, pool, target)
  if (balancer.snatPro || target.type === 'CCN' || isTranslated) return { code: 'snat' }
  if (isElsewhere(snapshot, balancer)) return { code: 'other-region' }
  const family = familyOf(target.ip)
  if (balancer.ipVersion === 'ipv6-nat64' || (family === 6) !== (balancer.ipVersion === 'ipv6'))
    return { code: 'translated' }
  if (!KNOWN_KINDS.has(target.type) || target.ip === '') return { code: 'kind' }
  return isTranslated === null ? { code: 'snat-unread' } : null
}

/**
 * Does SNAT of the listener, the target group or an IPv6 CLB replace the clients' addresses? Null if the API did not say.
 * Which of them counts if they differ is not documented.
 */
function hasSnat(
  snapshot: Snapshot,
  balancer: LoadBalancer,
  { listenerId }: Front,
  { targetGroupId }: EvaluatedTarget,
): boolean | null {
  const said = [
    listenersOf(snapshot).get(listenerId)?.snat,
    targetGroupId === null ? false : known(snapshot.targetGroups[targetGroupId])?.snat,
    balancer.ipVersion === 'ipv6' ? hasIpv6Snat(balancer) : false,
  ]
  if (said.includes(true)) return true
  return said.includes(undefined) ? null : false
}

/** The flag is documented by its name alone (platform facts C8). */
function hasIpv6Snat({ attributeFlags, unsaid = [] }: LoadBalancer): boolean | undefined {
  const isOn = attributeFlags.some((flag) => flag.toLowerCase() === 'ipv6snat')
  return isOn || !unsaid.includes('AttributeFlags') ? isOn : undefined
}

/** True if the backends are in another region or VPC than the CLB. The API names a place for every CLB. */
const isElsewhere = ({ region }: Snapshot, { vpcId, targetRegion, targetVpcId }: LoadBalancer): boolean =>
  (targetRegion ?? region) !== region || (targetVpcId ?? vpcId) !== vpcId

const KNOWN_KINDS = new Set(['CVM', 'ENI', 'GLOBALROUTE'])

const listenersOf = remembered(
  ({ listeners }: Snapshot) => new Map((known(listeners) ?? []).map((listener) => [listener.id, listener])),
)
/** A listener for a range of ports. Its requests reach a backend on as many ports. */
function isPortRange(snapshot: Snapshot, listenerId: string): boolean {
  const { port, endPort = null } = listenersOf(snapshot).get(listenerId) ?? {}
  return endPort !== null && endPort !== port
}

/** Everything that an answer depends on, as text. The sources follow from the family. */
function keyOf(
  { snapshot, balancer, evaluator }: PathContext,
  target: EvaluatedTarget,
  probe: Probe,
): string {
  const { location } = target
  const around = location.isResolved ? subnetAndAclOf(snapshot, location.value) : null
  const acl = around?.isResolved ? around.value.acl : null
  return JSON.stringify([
    bypassesGroups(balancer, target),
    probe.sources.family,
    probe.protocol,
    probe.port,
    location.isResolved ? locationKey(location.value) : location.why,
    acl ? evaluator.aclKeyOf(acl, probe) : '',
  ])
}

function answerOf(
  context: PathContext,
  target: EvaluatedTarget,
  probe: Probe,
  space: ClientSpace,
): ClientAnswer {
  const stages = clientStagesOf(context, target, probe)
  const deciding = (verdict: 'accept' | 'deny'): Piece | null =>
    largest(stages.flatMap(({ pieces }) => pieces.filter((piece) => piece.verdict === verdict)))
  const all = space.addresses
  const denied = unionOf(
    all.family,
    stages.map((stage) => stage.denied),
  )
  const allowed = stages.reduce((left, stage) => intersect(left, stage.allowed), all)
  const rest = subtract(subtract(all, denied), allowed)
  const isUnclear = stages.some(({ unclear }) => !isEmpty(intersect(rest, unclear)))
  const verdict = isEmpty(subtract(all, denied)) ? 'block' : contains(allowed, all) ? 'pass' : 'partial'
  const isOpen = isUnclear || (verdict === 'partial' && !space.isExact)
  const notes = [
    ...stages.flatMap((stage) => stage.notes),
    ...(isUnclear && probe.port === null ? [{ code: 'range-of-ports' } as const] : []),
    ...(verdict === 'partial' && !space.isExact ? [{ code: 'ranges-unknown' } as const] : []),
  ]
  if (isOpen) return { verdict: 'unknown', by: null, allowed: null, notes: distinct(notes) }
  return {
    verdict,
    by: deciding(verdict === 'pass' ? 'accept' : 'deny')?.by ?? null,
    allowed: verdict === 'partial' ? allowed : null,
    notes: distinct(notes.filter(({ code }) => !OPEN_ONLY.has(code))),
  }
}

/** These explain an unknown answer only. */
const OPEN_ONLY: ReadonlySet<ClientNote['code']> = new Set([
  'rule-unclear',
  'readings-differ',
  'bypass-unknown',
  'same-subnet-clients',
])

const distinct = (notes: readonly ClientNote[]): readonly ClientNote[] => [
  ...new Map(notes.map((note) => [JSON.stringify(note), note])).values(),
]

import type { NotSeen, Observed } from '../guest/index.ts'
import type { HopStage, HopVerdict, ProbeVia } from '../model/diagnosis.ts'
import type { Fact, ReadFailure } from '../model/fact.ts'
import type { ById, Snapshot, TemplateReference } from '../model/snapshot.ts'
import type { AddressSet, Decider, OrderConflict, Outcome, Probe, UnclearPart } from '../rules/index.ts'
import type { NoProbe, UnknownSource } from './probe.ts'
import type { UnresolvedReason } from './target-location.ts'

/** What the probes are sent to. */
type Ports = Pick<Probe, 'protocol' | 'port' | 'endPort'>

/** Why a hop has its verdict. diagnosis/ puts it into words. */
export type HopNote =
  | UnresolvedReason
  | { readonly code: NoProbe }
  | { readonly code: 'no-acl' | 'same-subnet' | 'ipv6' | 'pass-to-target' | 'guest-unseen' }
  | { readonly code: 'answers-probes' | 'groupless' | 'address-unknown' }
  /** Somebody looked into the machine. `not-asked`: this check does not go so far. */
  | { readonly code: 'guest-passes' | 'guest-incomplete' | 'not-asked' }
  /** Of a range of ports: the one that was looked at passes. */
  | { readonly code: 'guest-first-port'; readonly port: number | null }
  | { readonly code: 'guest-unread'; readonly unread: readonly NotSeen[] }
  /** `by`: what may decide, in the words of the machine's tools. */
  | { readonly code: 'guest-unclear'; readonly by: readonly string[] }
  /** Everything that was evaluated passes, and what probes left on the machine says otherwise. */
  | { readonly code: 'guest-observed'; readonly observed: Observed; readonly port: number | null }
  /** It is not known whether the groups are asked at all. `by`: the rule that decides if they are. */
  | { readonly code: 'bypass-unknown'; readonly snat: boolean; readonly by: Decider | null }
  /** It is not known whether the probes cross an ACL at all. `by`: the entry that decides if they do. */
  | { readonly code: 'same-subnet-unknown'; readonly by: Decider | null }
  /** The rules treat some addresses differently than others, and it is not known from which the probes come. */
  | ({ readonly code: 'source-unknown'; readonly why: UnknownSource } & Ports)
  /** `sources`: null if they are not known. */
  | ({
      readonly code: 'rule-unclear'
      readonly rules: readonly UnclearRule[]
      readonly via: ProbeVia
      readonly sources: AddressSet | null
    } & Ports)
  | ({ readonly code: 'source-disagrees'; readonly verdicts: readonly OriginVerdict[] } & Ports)
  | { readonly code: 'order-matters'; readonly conflict: OrderConflict }
  | { readonly code: 'reply-ports'; readonly closed: readonly string[] }
  | { readonly code: 'readings-differ' }
  | { readonly code: 'remainder'; readonly remainder: OpenRemainder }

/** The little that a block leaves open, and of how many. Null: all ports, or all sources. */
export interface OpenRemainder {
  readonly stage: HopStage
  readonly protocol: Probe['protocol']
  readonly ports: { readonly open: readonly string[]; readonly of: bigint } | null
  readonly sources: { readonly open: readonly string[]; readonly of: bigint } | null
}

/** Notes on the clients' way, which say no more than this. */
export interface BareNote {
  readonly code: 'rule-unclear' | 'bypass-unknown' | 'balancer-unread'
}

/** What the rules say to probes from one origin. */
export interface OriginVerdict {
  readonly via: ProbeVia
  readonly verdict: HopVerdict
  /** The rule that denies the most, if one does. */
  readonly by: Decider | null
}

/** A rule that may decide, and why that is open. */
export interface UnclearRule {
  readonly by: Decider
  readonly parts: readonly UnclearDetail[]
}

export type UnclearDetail =
  | Exclude<UnclearPart, { part: 'address-template' | 'service-template' }>
  | { readonly part: 'template-unread'; readonly id: string; readonly failure: ReadFailure }
  | { readonly part: 'template-not-found' | 'template-member'; readonly id: string }

/** The rules that leave a part of the sources unknown, each once, in the order of the list. */
export function unclearRulesIn({ pieces }: Outcome, snapshot: Snapshot): readonly UnclearRule[] {
  const rules = new Map<string, UnclearRule>()
  for (const { by, unclear = [] } of pieces.filter(({ verdict }) => verdict === 'unknown')) {
    const key = `${by.id} ${by.index} ${by.ruleId}`
    const parts = [...(rules.get(key)?.parts ?? []), ...unclear.flatMap((part) => detailsOf(part, snapshot))]
    const distinct = new Map(parts.map((part) => [JSON.stringify(part), part]))
    rules.set(key, { by, parts: [...distinct.values()] })
  }
  return [...rules.values()]
}

function detailsOf(part: UnclearPart, snapshot: Snapshot): readonly UnclearDetail[] {
  switch (part.part) {
    case 'address-template':
      return templateDetails(part.reference, snapshot.addressTemplates, snapshot.addressTemplateGroups)
    case 'service-template':
      return templateDetails(part.reference, snapshot.serviceTemplates, snapshot.serviceTemplateGroups)
    default:
      return [part]
  }
}

/** Which part of a template, or of a group of templates, is missing. */
function templateDetails(
  { id, groupId }: TemplateReference,
  templates: ById<readonly string[] | null>,
  groups: ById<readonly string[] | null>,
): readonly UnclearDetail[] {
  const whole = groupId ?? '?'
  const group = id === null && groupId !== null ? groups[groupId] : undefined
  const ids = id !== null ? [id] : group?.state === 'ok' ? (group.value ?? []) : []
  if (ids.length === 0) return missing(whole, group)
  const lacking = ids.flatMap((one) => missing(one, templates[one]))
  return lacking.length > 0 ? lacking : [{ part: 'template-member', id: id ?? whole }]
}

function missing(id: string, fact: Fact<readonly string[] | null> | undefined): readonly UnclearDetail[] {
  if (fact === undefined || (fact.state === 'ok' && fact.value === null))
    return [{ part: 'template-not-found', id }]
  return fact.state === 'ok' ? [] : [{ part: 'template-unread', id, failure: fact.failure }]
}

import { isDeepStrictEqual } from 'node:util'
import { tccli } from '../../checks/index.ts'
import type { FixCommand } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import { type Family, familyOf } from '../../model/ip.ts'
import type { AclEntry, NetworkAcl, Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedTarget } from '../../path/index.ts'
import type { Decider } from '../../rules/index.ts'
import {
  addsText,
  type Direction,
  directionOf,
  entriesFor,
  entryForApi,
  familyOfEntry,
  type Passage,
  servicesIn,
  whyTexts,
} from './acl-entries.ts'
import { placeTexts } from './acl-place.ts'
import type { Opening } from './openings.ts'
import { blockingRulesAt, DESCRIPTION, type RuleEdit, withFact } from './rule-edit.ts'

/** A rule that the new entries must stand before. Null if they can stand last. */
export interface BlockingRule {
  readonly family: Family
  readonly by: Decider | null
}

/** The traffic that has to pass an ACL in one direction, and the rules that block it. */
export interface Passing {
  readonly passage: Passage
  readonly openings: readonly Opening[]
  readonly blockingRules: readonly BlockingRule[]
}

/** Adds entries before the first rule that blocks any of the targets. Empty if the ACL was not read. */
export function aclEdits(
  aclId: string,
  direction: Direction,
  targets: readonly EvaluatedTarget[],
  openings: readonly Opening[],
  snapshot: Snapshot,
): readonly RuleEdit[] {
  const stage = direction === 'egress' ? 'acl-out' : 'acl-in'
  const blockingRules = targets.flatMap((target) =>
    blockingRulesAt(target, stage).map((by) => ({ family: familyOf(target.ip), by })),
  )
  const passage = direction === 'egress' ? 'reply-out' : 'probe-in'
  return aclEditsOf(aclId, [{ passage, openings, blockingRules }], snapshot)
}

/** Adds everything that has to pass, as one edit. Empty if the ACL was not read. */
export function aclEditsOf(
  aclId: string,
  passings: readonly Passing[],
  snapshot: Snapshot,
): readonly RuleEdit[] {
  const acl = known(snapshot.networkAcls[aclId])
  if (!acl || passings.length === 0) return []
  const parts = passings.map((passing) => partOf(acl, passing))
  const lists = parts.map(({ direction, entries, moved }) => [direction, [...entries, ...moved]])
  const changed: NetworkAcl = { ...acl, ...Object.fromEntries(lists) }
  const entries = parts.flatMap((part) => part.entries)
  const wanted = parts.flatMap((part) => part.wanted)
  const { position, notes } = placeTexts(parts)
  return [
    {
      id: acl.id,
      position,
      opens: servicesIn(wanted),
      notes: [...whyTexts(acl.kind, parts), ...notes],
      adds: addsText(parts),
      snapshot: { ...snapshot, networkAcls: withFact(snapshot.networkAcls, acl.id, changed) },
      inTurn: entries.length < wanted.length,
      commands: entries.length > 0 ? [commandFor(acl, parts)] : [],
    },
  ]
}

/** New entries of one direction, and the old entries with their new priorities. */
export interface Part {
  readonly passage: Passage
  readonly direction: Direction
  /** True if an entry has to take the priority of one that is there. */
  readonly isInserted: boolean
  readonly openings: readonly Opening[]
  readonly wanted: readonly AclEntry[]
  /** Without entries that an earlier fix of the report adds. */
  readonly entries: readonly AclEntry[]
  readonly moved: readonly AclEntry[]
}

function partOf(acl: NetworkAcl, { passage, openings, blockingRules }: Passing): Part {
  const direction = directionOf(passage)
  const places = positionsFor(acl[direction], blockingRules)
  const next = { ...places }
  const wanted = openings
    .flatMap((opening) => entriesFor(acl.kind, opening, passage))
    .map((entry) => ({ ...entry, priority: places[familyOfEntry(entry)] }))
  // An earlier command of the report may have inserted several entries at this place.
  const isOurs = (at: number, family: Family): boolean =>
    acl[direction].some(
      (one) =>
        one.priority === at &&
        familyOfEntry(one) === family &&
        one.description === DESCRIPTION &&
        one.action === 'ACCEPT',
    )
  const ends = { ...places }
  for (const family of [4, 6] as const) while (isOurs(ends[family], family)) ends[family]++
  const isBefore = (priority: number, family: Family): boolean =>
    priority <= places[family] || priority < ends[family]
  const isMade = (entry: AclEntry): boolean =>
    acl[direction].some(
      ({ priority, ...one }) =>
        priority !== null &&
        isBefore(priority, familyOfEntry(entry)) &&
        isDeepStrictEqual({ ...one, priority: entry.priority }, entry),
    )
  const entries = wanted
    .filter((entry) => !isMade(entry))
    .map((entry): AclEntry => ({ ...entry, priority: next[familyOfEntry(entry)]++ }))
  const moved = acl[direction].map((entry) => {
    const family = familyOfEntry(entry)
    return entry.priority !== null && entry.priority >= places[family]
      ? { ...entry, priority: entry.priority + next[family] - places[family] }
      : entry
  })
  const isInserted = entries.some(({ priority }) => acl[direction].some((one) => one.priority === priority))
  return { passage, direction, isInserted, openings, wanted, entries, moved }
}

/** The priority for new entries. IPv4 and IPv6 entries have separate priorities. */
function positionsFor(
  entries: readonly AclEntry[],
  blockingRules: readonly BlockingRule[],
): Readonly<Record<Family, number>> {
  const placeOf = (family: Family): number => {
    const own = entries.filter((entry) => familyOfEntry(entry) === family)
    const end = Math.max(0, ...own.map(({ priority }) => priority ?? 0)) + 1
    const before = blockingRules.filter((one) => one.family === family).map(({ by }) => by?.index ?? end)
    return Math.min(end, ...before)
  }
  return { 4: placeOf(4), 6: placeOf(6) }
}

const NAMES = { ingress: 'Ingress', egress: 'Egress' } as const

/** The Create actions add entries. The Modify actions would replace the whole direction (SDK vpc_client). */
function commandFor({ id, kind, region }: NetworkAcl, parts: readonly Part[]): FixCommand {
  const [action, set] =
    kind === 'triple'
      ? ['vpc CreateNetworkAclEntries', 'NetworkAclEntrySet']
      : ['vpc CreateNetworkAclQuintupleEntries', 'NetworkAclQuintupleSet']
  const lists = parts
    .filter(({ entries }) => entries.length > 0)
    .map(({ direction, entries }) => [NAMES[direction], entries.map((entry) => entryForApi(kind, entry))])
  return tccli(action, region, { NetworkAclId: id, [set]: Object.fromEntries(lists) })
}

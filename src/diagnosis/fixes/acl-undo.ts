import { tccli } from '../../checks/index.ts'
import type { FixCommand } from '../../model/diagnosis.ts'
import { known } from '../../model/fact.ts'
import type { AclEntry, AuditEvent, NetworkAcl, Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedTarget, Paths } from '../../path/index.ts'
import { aclEntryWords } from '../../rules/index.ts'
import { filled } from '../../text/index.ts'
import { type Direction, entryForApi, familyOfEntry } from './acl-entries.ts'
import { isSecondChange, type Making, makingOf, stampOn } from './making.ts'
import { withFact } from './rule-edit.ts'
import { isSameEntry } from './same-rule.ts'
import { TEXTS } from './texts.ts'
import type { Decided, Undo } from './undo.ts'

const NAMES = { ingress: 'Ingress', egress: 'Egress' } as const

/**
 * Takes back the change that made the deciding entry of an ACL, that replaced its list, or that bound it to the
 * subnets. Null if no change did, or if it is not understood.
 * @param read the paths as they were read; `snapshot` may have earlier fixes of the report
 */
export function aclUndo(
  decided: Decided,
  direction: Direction,
  targets: readonly EvaluatedTarget[],
  { read, snapshot }: { readonly read: Paths; readonly snapshot: Snapshot },
): Undo | null {
  const { id, ruleIndex = null, ruleId = null } = decided
  const [first, acl] = [read.snapshot, snapshot].map(({ networkAcls }) => known(networkAcls[id]))
  if (!first || !acl) return null
  const entry = first[direction].find((one) =>
    ruleId === null ? one.priority === ruleIndex && ruleIndex !== null : one.id === ruleId,
  )
  const place = { acl, direction, snapshot }
  const making = makingOf(read, id)
  if (making?.edit.kind === 'entries-set') return setBack(place, first, making)
  const now = entry && acl[direction].find((one) => one.id === entry.id && isSameEntry(one, entry))
  if (now && making?.edit.kind === 'entries-added')
    return isPlaced(entry, making.edit[direction] ?? []) ? removed(place, now, 'added', making) : null
  const bound = making ? null : unbound(place, targets, read)
  if (bound || making || !now) return bound
  return stamped(place, first, { entry, now }, read)
}

interface Place {
  readonly acl: NetworkAcl
  readonly direction: Direction
  readonly snapshot: Snapshot
}

/** Does the entry stand where the operation put it? */
function isPlaced(entry: AclEntry, added: readonly AclEntry[]): boolean {
  const own = added.find((one) => isSameEntry(one, entry))
  if (!own) return false
  if (own.priority === null || entry.priority === null) return true
  return Math.abs(entry.priority - own.priority) < added.length
}

/** The stamp of a quintuple entry is its creation. A triple entry's says nothing if all entries have the same. */
function stamped(
  place: Place,
  { kind, id, ...lists }: NetworkAcl,
  { entry, now }: { readonly entry: AclEntry; readonly now: AclEntry },
  read: Paths,
): Undo | null {
  const change = entry.priority === null ? undefined : stampOn(read, { id, index: entry.priority })
  const others = lists[place.direction].filter((one) => one !== entry)
  const isNewest = others.every(
    ({ modifiedAt }) => modifiedAt !== null && modifiedAt < (entry.modifiedAt ?? ''),
  )
  if (!change || !(kind === 'quintuple' || (others.length > 0 && isNewest))) return null
  return removed(place, now, 'stamped', { change })
}

function removed(
  place: Place,
  now: AclEntry,
  did: Undo['did'],
  { change }: Pick<Making, 'change'>,
): Undo | null {
  const { acl, direction, snapshot } = place
  const family = familyOfEntry(now)
  const rest = acl[direction]
    .filter((one) => one !== now)
    .map((one) =>
      one.priority !== null &&
      now.priority !== null &&
      one.priority > now.priority &&
      familyOfEntry(one) === family
        ? { ...one, priority: one.priority - 1 }
        : one,
    )
  const command = removal(place, now, rest)
  if (!command) return null
  const words = aclEntryWords(now, acl.kind, direction)
  return {
    kind: 'undo',
    id: acl.id,
    what: filled(TEXTS.undo.entry[direction], { id: acl.id, place: now.priority ?? '?', words }),
    change,
    did,
    snapshot: withAcl(snapshot, { ...acl, [direction]: rest }),
    commands: [command],
    touched: null,
    words,
  }
}

/**
 * By the entry's id. Without an id, a triple ACL takes the whole list of the direction without the entry, because the
 * Modify action replaces it (SDK vpc_client).
 */
function removal(place: Place, { id, ...entry }: AclEntry, rest: readonly AclEntry[]): FixCommand | null {
  const { acl, direction } = place
  const name = NAMES[direction]
  if (acl.kind === 'quintuple')
    return id === null
      ? null
      : tccli('vpc DeleteNetworkAclQuintupleEntries', acl.region, {
          NetworkAclId: acl.id,
          NetworkAclQuintupleSet: { [name]: [{ NetworkAclQuintupleEntryId: id }] },
        })
  if (id === null) return whole(place, rest)
  const family = familyOfEntry({ id, ...entry })
  return tccli('vpc DeleteNetworkAclEntries', acl.region, {
    NetworkAclId: acl.id,
    NetworkAclEntrySet: { [name]: [{ [`NetworkAclIpv${family}EntryId`]: id }] },
  })
}

/** Replaces one direction of a triple ACL by the whole list, and leaves the other alone (SDK vpc_client). */
const whole = ({ acl, direction }: Place, entries: readonly AclEntry[]): FixCommand =>
  tccli('vpc ModifyNetworkAclEntries', acl.region, {
    NetworkAclId: acl.id,
    NetworkAclEntrySet: { [NAMES[direction]]: entries.map((entry) => entryForApi(acl.kind, entry)) },
  })

/**
 * The list as the operation before the last one set it. It is only known if that one set the whole direction, too, and
 * the list that was read is the one that the last one set.
 */
function setBack(place: Place, first: NetworkAcl, making: Making): Undo | null {
  const { acl, direction, snapshot } = place
  const set = making.edit.kind === 'entries-set' ? making.edit[direction] : null
  const old = listSetBy(making.earlier.at(-1), direction)
  const isUntouched = acl[direction] === first[direction]
  if (acl.kind !== 'triple' || !set || !old || !isUntouched || isSecondChange(making)) return null
  if (!isSameList(first[direction], set)) return null
  const entries = ranked(old)
  return {
    kind: 'restore',
    id: acl.id,
    what: filled(TEXTS.undo.list[direction], { id: acl.id, count: entries.length }),
    change: making.change,
    did: 'replaced',
    snapshot: withAcl(snapshot, { ...acl, [direction]: entries }),
    commands: [whole(place, entries)],
    touched: null,
    words: null,
  }
}

const listSetBy = (event: AuditEvent | undefined, direction: Direction): readonly AclEntry[] | null =>
  event?.edit?.kind === 'entries-set' ? event.edit[direction] : null

/** IPv4 and IPv6 entries have separate priorities (platform facts B). */
const ranked = (entries: readonly AclEntry[]): readonly AclEntry[] =>
  ([4, 6] as const).flatMap((family) => {
    const own = entries.filter((entry) => familyOfEntry(entry) === family)
    const isNumbered = own.every(({ priority }) => priority !== null)
    const sorted = isNumbered ? own.toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0)) : own
    return sorted.map((entry, i) => ({ ...entry, priority: i + 1 }))
  })

function isSameList(a: readonly AclEntry[], b: readonly AclEntry[]): boolean {
  const [one, other] = [ranked(a), ranked(b)]
  return (
    one.length === other.length &&
    one.every((entry, i) => {
      const twin = other[i]
      return twin !== undefined && isSameEntry(entry, twin)
    })
  )
}

const BINDS = /NetworkAclSubnets$/

/** Unbinds the ACL from the subnets of the targets, if it was bound to them lately and no other ACL was before. */
function unbound({ acl, snapshot }: Place, targets: readonly EvaluatedTarget[], read: Paths): Undo | null {
  const ids = [
    ...new Set(targets.map(({ location }) => (location.isResolved ? location.value.subnetId : null))),
  ].filter((id) => id !== null)
  const makings = ids.flatMap((id) => makingOf(read, id) ?? [])
  const [first] = makings
  const isBound = makings.every(
    ({ edit, earlier }) =>
      edit.kind === 'acl-bound' && edit.aclId === acl.id && !earlier.some(({ event }) => BINDS.test(event)),
  )
  if (!first || makings.length < ids.length || !isBound) return null
  let { subnets } = snapshot
  for (const id of ids) {
    const subnet = known(subnets[id])
    if (!subnet) return null
    subnets = withFact(subnets, id, { ...subnet, networkAclId: null })
  }
  return {
    kind: 'undo',
    id: acl.id,
    what: filled(TEXTS.undo.binding, { id: acl.id, subnets: ids }),
    change: first.change,
    did: 'bound',
    snapshot: { ...snapshot, subnets },
    commands: [
      tccli('vpc DisassociateNetworkAclSubnets', acl.region, { NetworkAclId: acl.id, SubnetIds: ids }),
    ],
    touched: null,
    words: null,
  }
}

const withAcl = (snapshot: Snapshot, acl: NetworkAcl): Snapshot => ({
  ...snapshot,
  networkAcls: withFact(snapshot.networkAcls, acl.id, acl),
})

import type { Change, Resource, TargetKey } from '../model/diagnosis.ts'
import { known } from '../model/fact.ts'
import { compareTexts } from '../model/order.ts'
import type { AuditEvent, LoadBalancer, Snapshot } from '../model/snapshot.ts'
import type { Decider } from '../rules/index.ts'
import { mainDenial } from './denial.ts'
import type { EvaluatedTarget } from './target.ts'
import { waypointsOf } from './waypoints.ts'

interface Front {
  readonly listenerId: string
  readonly locationId: string | null
  readonly targets: readonly EvaluatedTarget[]
}

type Onsets = ReadonlyMap<TargetKey, string | null>

/**
 * Seconds before the trouble within which a change counts as recent. A target turns Dead after unhealthy threshold ×
 * interval, at most 10 × 300 s (platform facts C3). An alarm evaluates whole minutes, often several of them.
 */
export const RECENT_S = 3600

const DAY_MS = 24 * 3600_000

export const isRecent = ({ secondsBeforeOnset }: Change): boolean =>
  typeof secondsBeforeOnset === 'number' && secondsBeforeOnset <= RECENT_S

interface Raw {
  readonly at: number
  readonly event: string
  readonly resource: Resource
  readonly actor?: string
  readonly sourceIp?: string
}

/**
 * Changes to anything on the probes' way before the trouble began, the newest first. They come from the audit log. If a
 * region's log was not read, they come from the time stamps of the rules that block Dead targets. A change after the
 * trouble of every target does not count.
 */
export function auditChangesOf(
  snapshot: Snapshot,
  balancer: LoadBalancer | undefined,
  pools: readonly Front[],
  onsets: Onsets,
): readonly Change[] {
  const raw = distinct([...auditedChanges(snapshot), ...stampedChanges(snapshot, pools)])
  if (raw.length === 0) return []
  const begun = onsetsByWaypoint(snapshot, balancer, pools, onsets)
  const every = [...new Set([...begun.values()].flat())]
  return raw
    .flatMap(({ at, ...change }) => {
      const own = begun.get(change.resource.id)
      if (!own) return []
      const moments = own.length > 0 ? own : every
      const later = moments.filter((moment) => moment === null || moment >= at)
      if (moments.length > 0 && later.length === 0) return []
      const next = later.filter((moment) => moment !== null)
      const secondsBeforeOnset = next.length > 0 ? Math.round((Math.min(...next) - at) / 1000) : null
      return [{ at: new Date(at).toISOString(), ...change, secondsBeforeOnset }]
    })
    .sort((a, b) => compareTexts(b.at, a.at) || compareTexts(textOf(a), textOf(b)))
}

/**
 * Maps the id of each thing on the way to the times (ms) at which the Dead targets behind it turned bad. Null is an
 * unknown time; an empty list means that no target behind it is Dead.
 */
function onsetsByWaypoint(
  snapshot: Snapshot,
  balancer: LoadBalancer | undefined,
  pools: readonly Front[],
  onsets: Onsets,
): ReadonlyMap<string, readonly (number | null)[]> {
  const begun = new Map<string, Set<number | null>>()
  const at = (id: string): Set<number | null> => {
    const own = begun.get(id) ?? new Set()
    begun.set(id, own)
    return own
  }
  at(snapshot.loadBalancerId)
  for (const pool of pools) {
    for (const id of [pool.listenerId, pool.locationId]) if (id !== null) at(id)
    for (const target of pool.targets) {
      const onset = onsets.get(target.key)
      const moment = typeof onset === 'string' ? Date.parse(onset) : onset
      for (const id of waypointsOf(snapshot, balancer, pool, target))
        if (moment === undefined) at(id)
        else at(id).add(moment)
    }
  }
  return new Map([...begun].map(([id, moments]) => [id, [...moments]]))
}

const auditedChanges = ({ auditEvents }: Snapshot): readonly Raw[] =>
  Object.entries(auditEvents).flatMap(([region, fact]) =>
    (known(fact)?.events ?? []).flatMap(({ at, event, resourceIds, actor, sourceIp }) =>
      resourceIds.map((id) => ({
        at: Date.parse(at),
        event,
        resource: { type: typeOf(id), id, region },
        ...(actor === null ? {} : { actor }),
        ...(sourceIp === null ? {} : { sourceIp }),
      })),
    ),
  )

/** The audited operations on a thing, oldest first. An operation that two regions' logs hold counts once. */
export function operationsOn({ auditEvents }: Snapshot, id: string): readonly AuditEvent[] {
  const own = Object.values(auditEvents).flatMap((fact) =>
    (known(fact)?.events ?? []).filter(({ resourceIds }) => resourceIds.includes(id)),
  )
  const once = new Map(own.map((one) => [JSON.stringify([one.at, one.event, one.actor, one.edit]), one]))
  return [...once.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

/** The resource type of a finding by the prefix of an id. */
const TYPES: Readonly<Record<string, string>> = {
  acl: 'network-acl',
  ccn: 'ccn',
  eni: 'eni',
  ins: 'cvm',
  ipm: 'address-template',
  ipmg: 'address-template-group',
  lb: 'clb',
  lbl: 'listener',
  lbtg: 'target-group',
  loc: 'rule',
  ppm: 'service-template',
  ppmg: 'service-template-group',
  rtb: 'route-table',
  sg: 'security-group',
  subnet: 'subnet',
  vpc: 'vpc',
}

const typeOf = (id: string): string => TYPES[id.split('-')[0] ?? ''] ?? 'resource'

/**
 * Changes that are read from the time stamps of rules that block a Dead target. Only for regions whose audit log was
 * not read.
 */
function stampedChanges(snapshot: Snapshot, pools: readonly Front[]): readonly Raw[] {
  const now = Date.parse(snapshot.alarmedAt ?? snapshot.takenAt)
  return pools
    .flatMap(({ targets }) => targets.filter(({ status }) => status === 'Dead'))
    .flatMap(({ path }) => path.filter(({ verdict }) => verdict === 'block' || verdict === 'partial'))
    .flatMap((hop) => {
      const by = mainDenial(hop)?.by
      return by && by.index !== null ? (stampOf(snapshot, by, hop.stage === 'acl-out') ?? []) : []
    })
    .filter(({ at }) => at > now - DAY_MS)
}

function stampOf(snapshot: Snapshot, by: Decider, isEgress: boolean): Raw | null {
  const found = by.kind === 'security-group' ? ruleOf(snapshot, by) : entryOf(snapshot, by, isEgress)
  if (!found || known(snapshot.auditEvents[found.region])) return null
  const { region, event, modifiedAt } = found
  const at = Date.parse(withOffset(modifiedAt ?? ''))
  const { kind: type, id, index: ruleIndex } = by
  return Number.isNaN(at) ? null : { at, event, resource: { type, id, region, ruleIndex } }
}

/**
 * The field of a rule stands in for the audited action. It says when, but not who. Quintuple entries cannot be
 * modified.
 */
const STAMPS = { modified: 'ModifyTime', created: 'CreateTime' } as const

export const isStamp = ({ event }: Change): boolean => event === STAMPS.modified || event === STAMPS.created

interface Stamped {
  readonly region: string
  readonly event: string
  readonly modifiedAt: string | null
}

function ruleOf({ securityGroups }: Snapshot, { id, index }: Decider): Stamped | null {
  const group = known(securityGroups[id])
  const rule = group?.ingress.find((one) => one.index === index)
  return group && rule ? { region: group.region, event: STAMPS.modified, modifiedAt: rule.modifiedAt } : null
}

function entryOf({ networkAcls }: Snapshot, by: Decider, isEgress: boolean): Stamped | null {
  const acl = known(networkAcls[by.id])
  const entry = (isEgress ? acl?.egress : acl?.ingress)?.find(({ id, priority }) =>
    by.ruleId === null ? priority === by.index : id === by.ruleId,
  )
  const event = acl?.kind === 'quintuple' ? STAMPS.created : STAMPS.modified
  return acl && entry ? { region: acl.region, event, modifiedAt: entry.modifiedAt } : null
}

/** The API's times without an offset are taken as Beijing time (platform facts G). */
const withOffset = (time: string): string =>
  /[Zz]$|[+-]\d\d:?\d\d$/.test(time) ? time : `${time.replace(' ', 'T')}+08:00`

/** Two regions' logs can hold the same operation. Keeps one of each. */
function distinct(changes: readonly Raw[]): readonly Raw[] {
  const byText = new Map<string, Raw>()
  for (const change of changes) {
    const { resource, ...rest } = change
    const key = JSON.stringify([rest, resource.id, resource.ruleIndex])
    if (!byText.has(key)) byText.set(key, change)
  }
  return [...byText.values()]
}

const textOf = ({ event, resource, actor, sourceIp }: Change): string =>
  `${event} ${resource.id} ${resource.ruleIndex ?? ''} ${actor ?? ''} ${sourceIp ?? ''}`

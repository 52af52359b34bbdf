import { type CallOptions, CloudError, type CloudSession, readFailure } from '../cloud/index.ts'
import { statusIn } from '../model/diagnosis.ts'
import { type ActionName, type Fact, mapped, ok, unread, known as valueIn } from '../model/fact.ts'
import { isIdLike } from '../model/ids.ts'
import { lazy } from '../model/memo.ts'
import type { HealthFlip, LoadBalancer, Snapshot } from '../model/snapshot.ts'
import { readAuditTrail, type Span } from './audit.ts'
import { AUDITED } from './audited-actions.ts'
import { remoteRegionLeads } from './behind-ccn.ts'
import { distinct } from './collect.ts'
import { balancerOf, frontFact } from './front.ts'
import { readHealthLog } from './health-log.ts'
import { type AuditTrail, deepest, type Known, type Lead, leadsAt, type Moment, single } from './known.ts'

// Who changed what in the day before the alarm (or now), or between an alarm and its recovery, and when targets changed
// their status. This only informs: nothing else waits for it, and every failure becomes a fact.

const DAY_MS = 24 * 3600_000
/** The API takes a span below 30 days (platform facts G). */
const LONGEST_MS = 29 * DAY_MS
const AUDIT = 'cloudaudit:DescribeEvents'
const HEALTH_LOG = 'cls:SearchLog'

interface Occasion {
  readonly region: string
  readonly balancer: LoadBalancer | undefined
  readonly isDead: boolean
  /** The time between the alarm and its recovery, if all is Alive now. Else null. */
  readonly recovery: Span | null
  readonly depth: number
}

/** Null if nothing is wrong, if the health is not known yet, or if this is a scan. */
function occasionOf(known: Known): Occasion | null {
  const { root } = known
  const health = frontFact(known, 'health')
  if (root.of !== 'clb' || root.given !== null || !health) return null
  const statuses = (valueIn(health.fact) ?? []).map(({ detail }) => statusIn(detail))
  const isDead = statuses.includes('Dead')
  const isWell = statuses.includes('Alive') && statuses.every((one) => one === 'Alive' || one === 'Close')
  const recovery = isWell ? recoverySpanOf(root.moment) : null
  if (!isDead && !root.moment.isFiring && !recovery) return null
  const depth = deepest(single(known.loadBalancer), health)
  return { region: root.region, balancer: balancerOf(known), isDead, recovery, depth }
}

/** From the alarm to its recovery. Null if there was none, or if the times do not fit. */
function recoverySpanOf({ alarmedAt, recoveredAt }: Moment): Span | null {
  if (alarmedAt === null || recoveredAt === null) return null
  const [from, to] = [Date.parse(alarmedAt), Date.parse(recoveredAt)]
  return from < to ? { from: Math.max(from, to - LONGEST_MS), to } : null
}

/** The regions whose audit log is to be read. */
export function auditLeads(known: Known): readonly Lead[] {
  const occasion = occasionOf(known)
  if (!occasion) return []
  const { depth, region, balancer } = occasion
  return [...leadsAt(depth, [region, balancer?.targetRegion]), ...remoteRegionLeads(known)]
}

/** The topic of the CLB's health-check log. */
export function healthLogLeads(known: Known): readonly Lead[] {
  const occasion = occasionOf(known)
  return occasion?.isDead ? leadsAt(occasion.depth, [occasion.balancer?.healthLogTopicId]) : []
}

const spanOf = ({ takenAt, alarmedAt }: Moment): { readonly alarmed: number; readonly now: number } => {
  const now = Date.parse(takenAt)
  return { now, alarmed: alarmedAt === null ? now : Date.parse(alarmedAt) }
}

type ById<T> = Readonly<Record<string, Fact<T>>>

export async function readAuditTrails(
  cloud: CloudSession,
  known: Known,
  [region = '']: readonly string[],
  where: CallOptions,
): Promise<ById<AuditTrail>> {
  const { root } = known
  if (root.of !== 'clb') return {}
  const { alarmed } = spanOf(root.moment)
  const recovery = occasionOf(known)?.recovery ?? null
  const span = recovery ?? { from: alarmed - DAY_MS, to: alarmed }
  const asked = { ...span, operations: AUDITED }
  return { [region]: await asFact(AUDIT, readAuditTrail(cloud, asked, { ...where, region })) }
}

export async function readHealthLogs(
  cloud: CloudSession,
  { root, ...known }: Known,
  [topicId = '']: readonly string[],
  where: CallOptions,
): Promise<ById<readonly HealthFlip[]>> {
  if (root.of !== 'clb') return {}
  const { alarmed, now } = spanOf(root.moment)
  const span = { from: Math.min(alarmed, now) - DAY_MS, to: now }
  const vips = balancerOf({ root, ...known })?.vips ?? []
  return { [topicId]: await asFact(HEALTH_LOG, readHealthLog(cloud, { topicId, vips, span }, where)) }
}

/**
 * The part of the history that has arrived.
 * @param found all facts that were read; their ids decide which operations matter
 */
export function historyOf(known: Known, found: object): Pick<Snapshot, 'auditEvents' | 'healthLogs'> {
  const regions = idsOf(auditLeads(known))
  // Lazy: collecting ids from thousands of backends is slow, and most audit logs are empty.
  const ids = lazy(() => idsIn(found))
  const auditEvents = regions.map((region) => {
    const fact = known.auditTrails.get(region)?.fact ?? late(AUDIT)
    return [region, mapped(fact, (trail) => trail((id) => ids().has(id)))] as const
  })
  const healthLogs = idsOf(healthLogLeads(known)).map(
    (topicId) => [topicId, known.healthLogs.get(topicId)?.fact ?? late(HEALTH_LOG)] as const,
  )
  return { auditEvents: Object.fromEntries(auditEvents), healthLogs: Object.fromEntries(healthLogs) }
}

const idsOf = (leads: readonly Lead[]): readonly string[] => distinct(leads.map(({ id }) => id))

const late = (action: ActionName): Fact<never> =>
  unread({ problem: 'deadline', action, code: 'Deadline', message: 'not answered before all else was read' })

/** Never rejects, so that a failure of the history cannot end a diagnosis. */
const asFact = <T>(action: ActionName, answer: Promise<T>): Promise<Fact<T>> =>
  answer.then(ok, (error: unknown) =>
    unread(
      error instanceof CloudError
        ? readFailure(error)
        : {
            problem: 'malformed',
            action,
            code: 'Unreadable',
            message: 'the answer is not what the API documents',
          },
    ),
  )

/** Every id in the facts, as a key or as a value. */
function idsIn(found: object): ReadonlySet<string> {
  const ids = new Set<string>()
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      if (isIdLike(value)) ids.add(value)
    } else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) {
        walk(key)
        walk(inner)
      }
  }
  walk(found)
  return ids
}

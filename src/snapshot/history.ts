import type { CloudSession } from '../cloud/cloud.ts'
import { CloudError, readFailure } from '../cloud/errors.ts'
import { type ActionName, type Fact, known, ok, unread } from '../model/fact.ts'
import type { HealthRecord, LoadBalancer, Snapshot } from '../model/snapshot.ts'
import { type AuditTrail, readAuditTrail, type Span } from './audit.ts'
import { distinct } from './collect.ts'
import { readHealthLog } from './health-log.ts'

/** When a snapshot is taken, and how long it may wait for what only says who and when. */
export interface Moment {
  /** ISO 8601, as all times of a snapshot. */
  readonly takenAt: string
  readonly alarmedAt: string | null
  /** An alarm says that something is wrong now. */
  readonly isFiring: boolean
  /** Called once all else is read; resolves when the history need not be waited for any longer. */
  readonly patience: () => Promise<unknown>
}

export interface Subject {
  readonly region: string
  readonly loadBalancer: LoadBalancer | undefined
  readonly health: readonly HealthRecord[]
  readonly wave: number
}

type Facts = Pick<Snapshot, 'auditEvents' | 'healthLogs'>

/** What was asked; the answers are taken when all that can be named is known. */
export interface History {
  /** @param found all that was read, whose ids say which operations matter */
  taken(found: Pick<Snapshot, 'crossTargets'>): Promise<Facts>
}

const DAY_MS = 24 * 3600_000
const AUDIT = 'cloudaudit:DescribeEvents'
const HEALTH_LOG = 'cls:SearchLog'

/** Nothing is asked. */
export const NO_HISTORY: History = { taken: async () => ({ auditEvents: {}, healthLogs: {} }) }

/**
 * Who changed what in the day before the alarm (or now), and when targets changed their status: asked beside the other
 * waves where a target is Dead or an alarm is firing. Nothing else waits for it, and whatever it meets is a fact.
 */
export function askHistory(cloud: CloudSession, subject: Subject, moment: Moment): History {
  const isDead = subject.health.some(({ detail }) => detail?.toLowerCase() === 'dead')
  if (!isDead && !moment.isFiring) return NO_HISTORY
  const { region, loadBalancer, wave } = subject
  const now = Date.parse(moment.takenAt)
  const alarmed = moment.alarmedAt === null ? now : Date.parse(moment.alarmedAt)
  const trails = new Map<string, Reading<AuditTrail>>()
  const askRegions = (regions: readonly string[], from: number): void => {
    for (const one of regions)
      if (!trails.has(one))
        trails.set(
          one,
          reading(AUDIT, readAuditTrail(cloud, dayBefore(alarmed), { region: one, wave: from })),
        )
  }
  askRegions(distinct([region, loadBalancer?.targetRegion]), wave)
  const topicId = isDead ? (loadBalancer?.healthLogTopicId ?? null) : null
  const span = { from: Math.min(alarmed, now) - DAY_MS, to: now }
  const vips = loadBalancer?.vips ?? []
  const log =
    topicId === null
      ? null
      : reading(HEALTH_LOG, readHealthLog(cloud, { topicId, vips, span }, { region, wave }))
  return {
    async taken(found) {
      const farRegions = Object.values(found.crossTargets).map((fact) => known(fact)?.region)
      askRegions(distinct(farRegions), cloud.cost.waves + 1)
      const over = moment.patience().then(
        () => 'over' as const,
        () => 'over' as const,
      )
      const ids = idsIn(found)
      const byRegion = [...trails].map(async ([one, trail]) => {
        const fact = await inTime(AUDIT, trail, over)
        return [one, fact.state === 'ok' ? ok(fact.value(ids)) : fact] as const
      })
      const flips = log && (await inTime(HEALTH_LOG, log, over))
      return {
        auditEvents: Object.fromEntries(await Promise.all(byRegion)),
        healthLogs: topicId !== null && flips ? { [topicId]: flips } : {},
      }
    },
  }
}

const dayBefore = (to: number): Span => ({ from: to - DAY_MS, to })

type Reading<T> = Promise<Fact<T>>

/** Never rejects: this must not end a diagnosis, whatever it comes to. */
const reading = <T>(action: ActionName, answer: Promise<T>): Reading<T> =>
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

async function inTime<T>(action: ActionName, answer: Reading<T>, over: Promise<'over'>): Reading<T> {
  const first = await Promise.race([answer, over])
  return first === 'over'
    ? unread({
        problem: 'deadline',
        action,
        code: 'Deadline',
        message: 'not answered before all else was read',
      })
    : first
}

/** Every id that was met on the way, wherever it stands. */
function idsIn(found: object): ReadonlySet<string> {
  const ids = new Set<string>()
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      if (/^[a-z]+-\w+$/.test(value)) ids.add(value)
    } else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) {
        walk(key)
        walk(inner)
      }
  }
  walk(found)
  return ids
}

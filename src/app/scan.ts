import type { LaneReport } from '../delivery/index.ts'
import { failureGap, joinedSummary, lookupFailureText } from '../diagnosis/index.ts'
import { deadlineIn } from '../model/clock.ts'
import type { Language } from '../model/language.ts'
import type { LookupFailure } from '../model/lookup-failure.ts'
import { REGIONS } from '../model/regions.ts'
import type { Scan, ScanEnd } from '../model/scan.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { summarise } from '../scan/index.ts'
import { findScanMembers, readRegions, type ScanMember, type ScanMembers } from '../snapshot/scan.ts'
import { clusterReadingIn } from './cluster-reading.ts'
import type { AppContext } from './context.ts'
import type { Budget } from './diagnose.ts'
import { postMessage, sendWaiting } from './incidents/post.ts'
import { insteadOf } from './incidents/refusals.ts'
import { lookupFailureOf } from './lookup-failure.ts'
import { byLanguage, type ConfiguredReceiver, otherLanguages } from './receivers.ts'
import { scanAudience } from './scan-audience.ts'
import { type Asked, createScanBook, isInterrupted, isUnknown, type ScanBook } from './scan-book.ts'

export { InterruptedError } from './scan-book.ts'

// How a scan runs: regions → CLBs → for each CLB snapshot → paths → checks → diagnosis → row. For a timer, render →
// delivery follow.

export interface ScanQuestion {
  /** `all`: every region where the platform offers CLB. */
  readonly regions: readonly string[] | 'all'
  readonly language?: Language
  /** Also written in these languages. */
  readonly others?: readonly Language[]
  readonly source: Scan['trigger']['source']
}

export interface Progress {
  /** CLBs found. Null until their lists have been read. */
  readonly found: number | null
  readonly examined: number
}

export interface ScanAnswer {
  readonly scan: Scan
  /** The same in the other languages that were asked for. */
  readonly inOthers: readonly Scan[]
  /** Rejected credentials, unknown regions, or a defect of ours. The headline says the same. Null: none of these. */
  readonly lookupFailure: LookupFailure | null
}

/**
 * Diagnoses every CLB of the regions. Does not throw: failures become gaps or a `lookupFailure`. When `signal` aborts,
 * reading stops; the result is marked as incomplete and lists the CLBs that were not reached.
 */
export async function scan(
  question: ScanQuestion,
  context: AppContext,
  signal: AbortSignal,
  progress: (now: Progress) => void = () => {},
): Promise<ScanAnswer> {
  const { clock, cloud, config, log } = context
  const language = question.language ?? config.language
  const started = clock.now()
  const now = (): string => new Date(clock.now()).toISOString()
  const session = cloud.session(signal, 'many')
  const about = {
    source: question.source,
    cost: session.cost,
    isInterrupted: () => isInterrupted(signal),
  }
  const book = createScanBook(language, about, context)
  const others = (question.others ?? []).map((other) => createScanBook(other, about, context))
  const books = [book, ...others]
  const reached = new Set<ScanMember>()

  const examined = (member: ScanMember, snapshot: Snapshot, found: ScanMembers): void => {
    reached.add(member)
    if (!isGone(snapshot)) for (const one of books) one.add(member, snapshot)
    progress({ found: found.members.length, examined: reached.size })
  }

  const circumstances = (own: Language) => ({
    id: context.newId('sc'),
    createdAt: now(),
    language: own,
    timeZone: config.timeZone,
    source: question.source,
    stats: {
      apiCalls: session.cost.apiCalls,
      retries: session.cost.retries,
      durationMs: clock.now() - started,
    },
  })

  try {
    progress({ found: null, examined: 0 })
    const asked = await regionsOf(question.regions)
    const found = await findScanMembers(session, asked.names)
    progress({ found: found.members.length, examined: 0 })
    await found.examine((member, snapshot) => examined(member, snapshot, found), {
      now,
      signal,
      ...clusterReadingIn(context, signal),
    })
    const written = (one: ScanBook): Scan =>
      summarise({
        ...circumstances(one.language),
        ended: endOf(signal, reached.size < found.members.length || wasCut(found)),
        regions: [...found.regions].map(([region, list]) => one.regionView(region, list, asked.by)),
        rows: one.rows,
        causes: one.causes,
        joined: joinedSummary,
        deleted: reached.size - one.rows.length,
        notReached: found.members
          .filter((member) => !reached.has(member))
          .map(({ region, dead, loadBalancer: { id, name } }) => ({ id, name, region, dead })),
        gaps: one.gaps.all(),
      })
    const isNowhere = asked.by === 'user' && [...found.regions.values()].every(isUnknown)
    if (!isNowhere) return { scan: written(book), inOthers: others.map(written), lookupFailure: null }
    const region = asked.names.join(', ')
    return failed({ kind: 'unknown-region', searched: '-', region, candidates: [] }, written)
  } catch (error) {
    const lookupFailure = lookupFailureOf(error, null)
    if (lookupFailure.kind === 'defect')
      log.error('scan crashed', { stack: error instanceof Error ? error.stack : String(error) })
    return failed(lookupFailure, (one) =>
      summarise({ ...circumstances(one.language), ...NOTHING, joined: joinedSummary }),
    )
  }

  function failed(lookupFailure: LookupFailure, written: (one: ScanBook) => Scan): ScanAnswer {
    const headed = (one: ScanBook): Scan => ({
      ...written(one),
      headline: lookupFailureText(lookupFailure, question.source, one.language),
    })
    return { scan: headed(book), inOthers: others.map(headed), lookupFailure }
  }

  async function regionsOf(regions: ScanQuestion['regions']): Promise<Asked> {
    if (regions !== 'all') return { names: [...new Set(regions)], by: 'user' }
    const fact = await readRegions(session)
    if (fact.state === 'ok') return { names: fact.value, by: 'platform' }
    for (const one of books) one.gaps.add(failureGap(fact.failure, one.language), 0)
    return { names: REGIONS, by: 'us' }
  }
}

const NOTHING = {
  ended: 'stopped',
  regions: [],
  rows: [],
  causes: [],
  deleted: 0,
  notReached: [],
  gaps: [],
} as const

/**
 * The CLB was listed, but the calls for its listeners and backends no longer find it: it has been deleted. Its health
 * does not count, because it may have been read before the deletion.
 */
const isGone = ({ listeners, registrations }: Snapshot): boolean =>
  [listeners, registrations].every((fact) => fact.state !== 'ok' && fact.failure.problem === 'not-found')

const wasCut = (found: ScanMembers): boolean =>
  [...found.regions.values()].some((list) => list.state !== 'ok' && list.failure.problem === 'deadline')

function endOf(signal: AbortSignal, isPartial: boolean): ScanEnd {
  if (!signal.aborted || !isPartial) return 'complete'
  return isInterrupted(signal) ? 'interrupted' : 'out-of-time'
}

export interface ScanHandled {
  readonly scan: Scan
  readonly reports: readonly LaneReport[]
  /** True if nobody got it, and a receiver may take it later. */
  readonly isUndelivered: boolean
}

/**
 * Runs a scan for a timer and delivers it to the receivers that the routes name, in their languages, even if nothing has
 * changed since the last one.
 */
export async function handleScan(
  regions: ScanQuestion['regions'],
  context: AppContext,
  budget: Budget,
): Promise<ScanHandled> {
  const { log, clock, config } = context
  const begun = clock.now()
  const question = { regions, source: 'timer', others: otherLanguages(config) } as const
  const { scan: result, inOthers } = await scan(question, context, deadlineIn(budget.read))
  const { receivers, route, unread } = scanAudience(result, config)
  if (receivers.length === 0)
    log[unread.length > 0 ? 'warn' : 'info']('nobody is told of the scan', {
      scan: result.id,
      route,
      ...(unread.length > 0 ? { unread } : {}),
    })
  const now = clock.now()
  const sent = await tellScan([result, ...inOthers], receivers, context, now + budget.deliver(now - begun))
  log.info('scan handled', {
    scan: result.id,
    verdict: result.verdict,
    headline: result.headline,
    ended: result.ended,
    ...result.counts,
    deliveries: sent.reports.map(({ receiver, outcome }) => ({ receiver, outcome })),
    ...result.stats,
  })
  return { scan: result, ...sent }
}

/** What all its receivers refuse for good goes to others. Each is asked once. `all`: the scan in each language. */
async function tellScan(
  all: readonly Scan[],
  to: readonly ConfiguredReceiver[],
  context: AppContext,
  until: number,
  tried: readonly ConfiguredReceiver[] = [],
): Promise<Pick<ScanHandled, 'reports' | 'isUndelivered'>> {
  const { config, log, clock } = context
  for (const [language, hearers] of byLanguage(to, config.language)) {
    const own = all.find((one) => one.language === language) ?? all[0]
    if (own) await postMessage(own, context, hearers)
  }
  const sent = await sendWaiting(context, until)
  const own = sent.reports.filter(({ about }) => all.some(({ id }) => id === about))
  const isRefused = own.length > 0 && own.every(({ outcome }) => outcome === 'permanent')
  const asked = [...tried, ...to]
  const others = insteadOf((name) => asked.some((one) => one.name === name), config)
  if (!isRefused || sent.isUndelivered || others.length === 0 || clock.now() >= until) return sent
  log.warn('a message that was not taken goes to others', {
    scan: all[0]?.id,
    to: others.map(({ name }) => name),
  })
  const more = await tellScan(all, others, context, until, asked)
  return { reports: [...sent.reports, ...more.reports], isUndelivered: more.isUndelivered }
}

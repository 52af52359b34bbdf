import type { LaneReport } from '../delivery/index.ts'
import { failureGap, joinedSummary, lookupFailureText, thingOf } from '../diagnosis/index.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import type { Fact } from '../model/fact.ts'
import type { Language } from '../model/language.ts'
import type { LookupFailure } from '../model/lookup-failure.ts'
import { REGIONS } from '../model/regions.ts'
import type { Scan, ScanEnd, ScanRegion, ScanRow } from '../model/scan.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { causesIn, createGapCount, type RowCause, rowOf, SCAN_TEXTS, summarise } from '../scan/index.ts'
import { findScanMembers, readRegions, type ScanMember, type ScanMembers } from '../snapshot/scan.ts'
import { t } from '../text/index.ts'
import type { AppContext } from './context.ts'
import { type Budget, diagnoseSnapshot } from './diagnose.ts'
import { postMessage, sendWaiting } from './incidents/post.ts'
import { lookupFailureOf } from './lookup-failure.ts'

// How a scan runs: regions → CLBs → for each CLB snapshot → paths → checks → diagnosis → row. For a timer, render →
// delivery follow.

export interface ScanQuestion {
  /** `all`: every region where the platform offers CLB. */
  readonly regions: readonly string[] | 'all'
  readonly language?: Language
  readonly source: Scan['trigger']['source']
}

export interface Progress {
  /** CLBs found. Null until their lists have been read. */
  readonly found: number | null
  readonly examined: number
}

export interface ScanAnswer {
  readonly scan: Scan
  /** Rejected credentials, unknown regions, or a defect of ours. The headline says the same. Null: none of these. */
  readonly lookupFailure: LookupFailure | null
}

/** The abort reason when a user stops a scan. With any other reason the scan has run out of time. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError'
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
  const gaps = createGapCount()
  const rows: ScanRow[] = []
  const causes: RowCause[] = []
  const reached = new Set<ScanMember>()

  const diagnosed = (snapshot: Snapshot): Diagnosis =>
    diagnoseSnapshot(snapshot, {
      id: '',
      createdAt: snapshot.takenAt,
      language,
      timeZone: config.timeZone,
      console: config.console,
      trigger: { source: question.source, alarm: null },
      stats: { ...session.cost, durationMs: 0 },
      expected: config.expected,
    })
  const examined = (member: ScanMember, snapshot: Snapshot, found: ScanMembers): void => {
    reached.add(member)
    try {
      if (isGone(snapshot)) return
      const diagnosis = diagnosed(snapshot)
      const { row, unread } = rowOf(diagnosis)
      rows.push(row)
      if (row.nothingToCheck === undefined) causes.push(...causesIn(diagnosis, thingOf, language))
      for (const gap of unread) gaps.add(gap, 1)
    } catch (error) {
      const stack = error instanceof Error ? error.stack : String(error)
      log.error('diagnosis crashed', { loadBalancer: member.loadBalancer.id, stack })
      rows.push(crashed(member, error, language))
    } finally {
      progress({ found: found.members.length, examined: reached.size })
    }
  }

  const circumstances = () => ({
    id: context.newId('sc'),
    createdAt: now(),
    language,
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
    await found.examine((member, snapshot) => examined(member, snapshot, found), { now, signal })
    const scan = summarise({
      ...circumstances(),
      ended: endOf(signal, reached.size < found.members.length || wasCut(found)),
      regions: [...found.regions].map(([region, list]) => regionView(region, list, asked.by)),
      rows,
      causes,
      joined: joinedSummary,
      deleted: reached.size - rows.length,
      notReached: found.members
        .filter((member) => !reached.has(member))
        .map(({ region, dead, loadBalancer: { id, name } }) => ({ id, name, region, dead })),
      gaps: gaps.all(),
    })
    const isNowhere = asked.by === 'user' && [...found.regions.values()].every(isUnknown)
    if (!isNowhere) return { scan, lookupFailure: null }
    const region = asked.names.join(', ')
    const lookupFailure = { kind: 'unknown-region', searched: '-', region, candidates: [] } as const
    return {
      scan: { ...scan, headline: lookupFailureText(lookupFailure, question.source, language) },
      lookupFailure,
    }
  } catch (error) {
    const lookupFailure = lookupFailureOf(error, null)
    if (lookupFailure.kind === 'defect')
      log.error('scan crashed', { stack: error instanceof Error ? error.stack : String(error) })
    const headline = lookupFailureText(lookupFailure, question.source, language)
    const nothing = summarise({ ...circumstances(), ...NOTHING, joined: joinedSummary })
    return { scan: { ...nothing, headline }, lookupFailure }
  }

  async function regionsOf(regions: ScanQuestion['regions']): Promise<Asked> {
    if (regions !== 'all') return { names: [...new Set(regions)], by: 'user' }
    const fact = await readRegions(session)
    if (fact.state === 'ok') return { names: fact.value, by: 'platform' }
    gaps.add(failureGap(fact.failure, language), 0)
    return { names: REGIONS, by: 'us' }
  }

  function regionView(region: string, list: Fact<number>, by: Asked['by']): ScanRegion {
    if (list.state === 'ok') return { region, state: 'read', loadBalancers: list.value }
    const { failure } = list
    const { code } = failure
    if (isUnknown(list) && by === 'us')
      return { region, state: 'unsupported', loadBalancers: null, why: SCAN_TEXTS.unsupported[language] }
    const gap = failureGap(failure, language)
    const why = isUnknown(list)
      ? t(SCAN_TEXTS[by === 'platform' ? 'disowned' : 'no-such-region'], { code }, language)
      : gap.why
    // If the scan was cut short, `ended` says so already.
    if (failure.problem !== 'deadline') gaps.add({ ...gap, what: SCAN_TEXTS.list[language], why }, 0)
    else if (isInterrupted(signal))
      return { region, state: 'unread', loadBalancers: null, why: SCAN_TEXTS.cut[language] }
    return { region, state: 'unread', loadBalancers: null, why }
  }
}

interface Asked {
  readonly names: readonly string[]
  /** Who named these regions. `us`: our built-in list, which also has regions without CLB. */
  readonly by: 'user' | 'platform' | 'us'
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

/** The API answers with this code for a region that does not exist or does not have CLB. */
const NO_SUCH_REGION = 'UnsupportedRegion'

const isUnknown = (list: Fact<number>): boolean => list.state !== 'ok' && list.failure.code === NO_SUCH_REGION

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

const isInterrupted = ({ reason }: AbortSignal): boolean => reason instanceof InterruptedError

const NO_COUNTS = { pools: 0, total: 0, alive: 0, dead: 0, unknown: 0, off: 0, zeroWeight: 0 } as const

function crashed({ region, loadBalancer }: ScanMember, error: unknown, language: Language): ScanRow {
  const { id, name, vpcId, vips } = loadBalancer
  const clb = name === '' ? id : `${name} (${id})`
  const detail = (error instanceof Error ? error.message : String(error)).slice(0, 120)
  return {
    id,
    name,
    region,
    vpcId,
    vips,
    verdict: 'inconclusive',
    requests: 'unknown',
    headline: t(SCAN_TEXTS.defect, { clb, detail }, language),
    counts: NO_COUNTS,
    findings: [],
    gaps: [],
    unread: [],
  }
}

export interface ScanHandled {
  readonly scan: Scan
  readonly reports: readonly LaneReport[]
  /** True if nobody got it, and a receiver may take it later. */
  readonly isUndelivered: boolean
}

/** Runs a scan for a timer and delivers it to every receiver, even if nothing has changed since the last one. */
export async function handleScan(
  regions: ScanQuestion['regions'],
  context: AppContext,
  budget: Budget,
): Promise<ScanHandled> {
  const { log, clock } = context
  const begun = clock.now()
  const question = { regions, source: 'timer' } as const
  const { scan: result } = await scan(question, context, AbortSignal.timeout(budget.read))
  await postMessage(result, context)
  const now = clock.now()
  const sent = await sendWaiting(context, now + budget.deliver(now - begun))
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

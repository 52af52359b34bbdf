import { type Gap, VERDICT_ORDER, type Verdict } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { compareTexts } from '../model/order.ts'
import type { NotReached, Scan, ScanCounts, ScanEnd, ScanGap, ScanRegion, ScanRow } from '../model/scan.ts'
import { clauses, enumerated, mark, sentences, t } from '../text/index.ts'
import { compareRows } from './row.ts'
import { TEXTS } from './texts.ts'

/** Counts failed API calls by action and error code. Its size is bounded by these kinds, not by the number of CLBs. */
export function createGapCount() {
  const gaps = new Map<string, ScanGap>()
  return {
    /** `loadBalancers`: how many CLBs lack data because of this gap. */
    add({ what, why, action, errorCode, grant }: Gap, loadBalancers: number): void {
      if (action === undefined || errorCode === undefined) return
      const key = `${action} ${errorCode}`
      const known = gaps.get(key)
      const count = (known?.loadBalancers ?? 0) + loadBalancers
      gaps.set(key, {
        what,
        why,
        action,
        errorCode,
        ...(grant === undefined ? {} : { grant }),
        loadBalancers: count,
      })
    },
    all: (): readonly ScanGap[] =>
      [...gaps.values()].sort(
        (a, b) =>
          b.loadBalancers - a.loadBalancers || compareTexts(a.action, b.action) || compareTexts(a.why, b.why),
      ),
  }
}

export interface Outcome {
  readonly id: string
  readonly createdAt: string
  readonly language: Language
  readonly timeZone: string | null
  readonly source: Scan['trigger']['source']
  readonly ended: ScanEnd
  readonly regions: readonly ScanRegion[]
  readonly rows: readonly ScanRow[]
  readonly deleted: number
  readonly notReached: readonly NotReached[]
  readonly gaps: readonly ScanGap[]
  readonly stats: Scan['stats']
}

/** Puts rows, gaps and CLBs that were not reached into one result. Pure. */
export function summarise(outcome: Outcome): Scan {
  const { id, createdAt, language, timeZone, source, ended, regions, gaps, stats } = outcome
  const counts = countsOf(outcome)
  return {
    schemaVersion: 1,
    id,
    createdAt,
    language,
    ...(timeZone === null ? {} : { timeZone }),
    trigger: { source },
    verdict: verdictOf(outcome, counts),
    headline: headlineOf(outcome, counts),
    ended,
    regions,
    counts,
    loadBalancers: outcome.rows.toSorted(compareRows),
    notReached: outcome.notReached,
    gaps,
    stats,
  }
}

function countsOf({ rows, deleted, notReached }: Outcome): ScanCounts {
  const deciding = rows.filter(({ nothingToCheck }) => nothingToCheck === undefined)
  const count = (verdict: Verdict): number => deciding.filter((row) => row.verdict === verdict).length
  return {
    found: rows.length + notReached.length,
    examined: rows.length,
    down: count('down'),
    degraded: count('degraded'),
    inconclusive: count('inconclusive'),
    healthy: count('healthy'),
    nothingToCheck: rows.length - deciding.length,
    atRisk: rows.filter(
      ({ verdict, findings }) => verdict === 'healthy' && findings.some(({ role }) => role === 'risk'),
    ).length,
    deleted,
  }
}

const isUnread = ({ regions, gaps, ended }: Outcome): boolean =>
  ended !== 'complete' ||
  gaps.length > 0 ||
  regions.some(({ state }) => state === 'unread') ||
  !regions.some(({ state }) => state === 'read')

/** A Dead backend counts even if its CLB was not reached: its health has been read with the lists. */
function verdictOf(outcome: Outcome, counts: ScanCounts): Verdict {
  if (counts.down > 0) return 'down'
  if (counts.degraded > 0 || outcome.notReached.some(({ dead }) => (dead ?? 0) > 0)) return 'degraded'
  return counts.inconclusive > 0 || isUnread(outcome) ? 'inconclusive' : 'healthy'
}

function headlineOf({ regions, gaps, ended, language }: Outcome, counts: ScanCounts): string {
  const listed = (some: readonly ScanRegion[]): string =>
    enumerated(
      some.map(({ region }) => region),
      language,
    )
  const unread = regions.filter(({ state }) => state === 'unread')
  const read = regions.filter(({ state }) => state === 'read')
  const lines: string[] = []
  if (counts.found > 0) lines.push(verdicts(counts, language))
  else if (read.length > 0) lines.push(t(TEXTS.empty, { regions: listed(read) }, language))
  else lines.push(t(TEXTS.blind, { regions: listed(regions) || '-' }, language))
  if (counts.deleted > 0) lines.push(t(TEXTS.deleted, { count: counts.deleted }, language))
  if (ended === 'interrupted' || ended === 'out-of-time') lines.push(TEXTS[ended][language])
  if (unread.length > 0 && read.length > 0)
    lines.push(t(TEXTS.regions, { regions: listed(unread) }, language))
  if (gaps.some(({ action }) => action === 'region:DescribeRegions')) lines.push(TEXTS.guessed[language])
  if (gaps.some(({ loadBalancers }) => loadBalancers > 0)) lines.push(TEXTS.unread[language])
  return sentences(lines, language)
}

function verdicts(counts: ScanCounts, language: Language): string {
  const { found, examined, atRisk } = counts
  const parts = VERDICT_ORDER.filter((verdict) => counts[verdict] > 0).map((verdict) => {
    const risk = verdict === 'healthy' && atRisk > 0 ? t(TEXTS.atRisk, { count: atRisk }, language) : ''
    return `${t(TEXTS[verdict], { count: counts[verdict] }, language)}${risk}`
  })
  if (counts.nothingToCheck > 0)
    parts.push(t(TEXTS.nothingToCheck, { count: counts.nothingToCheck }, language))
  const head = t(TEXTS[examined < found ? 'checked-part' : 'checked'], { found, examined }, language)
  const tail = parts.length > 0 ? `${mark('colon', language)}${clauses(parts, language)}` : ''
  return `${head}${tail}${mark('stop', language)}`
}

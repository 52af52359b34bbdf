import type { Gap, Verdict } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { compareTexts } from '../model/order.ts'
import type { NotReached, Scan, ScanCounts, ScanEnd, ScanGap, ScanRegion, ScanRow } from '../model/scan.ts'
import { clauses, enumerated, mark, sentences, t } from '../text/index.ts'
import { joinCauses, type RowCause, type Wording } from './causes.ts'
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
  readonly causes: readonly RowCause[]
  readonly joined: Wording['joined']
  readonly deleted: number
  readonly notReached: readonly NotReached[]
  readonly gaps: readonly ScanGap[]
  readonly stats: Scan['stats']
}

/** Puts rows, gaps and CLBs that were not reached into one result. Pure. */
export function summarise(outcome: Outcome): Scan {
  const { id, createdAt, language, timeZone, source, ended, regions, gaps, stats, rows } = outcome
  const counts = countsOf(outcome)
  const loadBalancers = rows.toSorted(compareRows)
  const order = new Map(loadBalancers.map((row, i) => [row.id, i]))
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
    causes: joinCauses(outcome.causes, order, outcome, language),
    loadBalancers,
    notReached: outcome.notReached,
    gaps,
    stats,
  }
}

const isAtRisk = ({ verdict, findings }: ScanRow): boolean =>
  verdict === 'healthy' && findings.some(({ role }) => role === 'risk')

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
    atRisk: rows.filter(isAtRisk).length,
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

function headlineOf({ regions, gaps, ended, rows, language }: Outcome, counts: ScanCounts): string {
  const listed = (some: readonly ScanRegion[]): string =>
    enumerated(
      some.map(({ region }) => region),
      language,
    )
  const unread = regions.filter(({ state }) => state === 'unread')
  const read = regions.filter(({ state }) => state === 'read')
  const lines: string[] = []
  if (counts.found > 0) lines.push(verdicts(counts, rows, language))
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

function verdicts(counts: ScanCounts, rows: readonly ScanRow[], language: Language): string {
  const { found, examined } = counts
  const healthy = rows.filter(({ verdict, nothingToCheck }) => verdict === 'healthy' && !nothingToCheck)
  const idle = healthy.filter(({ attention }) => attention === 'act-now').length
  const atRisk = healthy.filter((row) => row.attention !== 'act-now' && isAtRisk(row)).length
  const risk = atRisk > 0 ? t(TEXTS.atRisk, { count: atRisk }, language) : ''
  const numbers = [
    ['down', counts.down],
    ['degraded', counts.degraded],
    ['unserved', idle],
    ['inconclusive', counts.inconclusive],
    ['healthy', healthy.length - idle],
    ['nothingToCheck', counts.nothingToCheck],
  ] as const
  const parts = numbers
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${t(TEXTS[name], { count }, language)}${name === 'healthy' ? risk : ''}`)
  const head = t(TEXTS[examined < found ? 'checked-part' : 'checked'], { found, examined }, language)
  const tail = parts.length > 0 ? `${mark('colon', language)}${clauses(parts, language)}` : ''
  return `${head}${tail}${mark('stop', language)}`
}

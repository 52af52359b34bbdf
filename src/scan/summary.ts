import { type Gap, VERDICT_ORDER, type Verdict } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { compareTexts } from '../model/order.ts'
import type { NotReached, Scan, ScanCounts, ScanEnd, ScanGap, ScanRegion, ScanRow } from '../model/scan.ts'
import { compareRows } from './row.ts'
import { tell } from './texts.ts'

/** What could not be read, by action and code, with how many CLBs it leaves open; as small as the kinds of failure. */
export function createGapCount() {
  const gaps = new Map<string, ScanGap>()
  return {
    /** `loadBalancers`: how many CLBs are left open by it. */
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
  readonly source: Scan['trigger']['source']
  readonly ended: ScanEnd
  readonly regions: readonly ScanRegion[]
  readonly rows: readonly ScanRow[]
  readonly deleted: number
  readonly notReached: readonly NotReached[]
  readonly gaps: readonly ScanGap[]
  readonly stats: Scan['stats']
}

/** Rows and what went unread, as one result. Pure. */
export function summarise(outcome: Outcome): Scan {
  const { id, createdAt, language, source, ended, regions, gaps, stats } = outcome
  const counts = countsOf(outcome)
  return {
    schemaVersion: 1,
    id,
    createdAt,
    language,
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
  const count = (verdict: Verdict): number => rows.filter((row) => row.verdict === verdict).length
  return {
    found: rows.length + notReached.length,
    examined: rows.length,
    down: count('down'),
    degraded: count('degraded'),
    inconclusive: count('inconclusive'),
    healthy: count('healthy'),
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

/** A backend known to be Dead counts, though its CLB was not reached. */
function verdictOf(outcome: Outcome, counts: ScanCounts): Verdict {
  if (counts.down > 0) return 'down'
  if (counts.degraded > 0 || outcome.notReached.some(({ dead }) => (dead ?? 0) > 0)) return 'degraded'
  return counts.inconclusive > 0 || isUnread(outcome) ? 'inconclusive' : 'healthy'
}

function headlineOf({ regions, gaps, ended, language }: Outcome, counts: ScanCounts): string {
  const listed = (some: readonly ScanRegion[]): string =>
    some.map(({ region }) => region).join(language === 'en' ? ', ' : '、')
  const unread = regions.filter(({ state }) => state === 'unread')
  const read = regions.filter(({ state }) => state === 'read')
  const sentences: string[] = []
  if (counts.found > 0) sentences.push(verdicts(counts, language))
  else if (read.length > 0) sentences.push(tell('empty', language, { regions: listed(read) }))
  else sentences.push(tell('blind', language, { regions: listed(regions) || '-' }))
  if (counts.deleted > 0) sentences.push(tell('deleted', language, { count: counts.deleted }))
  if (ended === 'interrupted' || ended === 'out-of-time') sentences.push(tell(ended, language))
  if (unread.length > 0 && read.length > 0)
    sentences.push(tell('regions', language, { regions: listed(unread) }))
  if (gaps.some(({ action }) => action === 'region:DescribeRegions'))
    sentences.push(tell('guessed', language))
  if (gaps.some(({ loadBalancers }) => loadBalancers > 0)) sentences.push(tell('unread', language))
  return sentences.join(language === 'en' ? ' ' : '')
}

function verdicts(counts: ScanCounts, language: Language): string {
  const { found, examined, atRisk } = counts
  const parts = VERDICT_ORDER.filter((verdict) => counts[verdict] > 0).map((verdict) =>
    tell(verdict, language, { count: counts[verdict] }),
  )
  const risk = atRisk > 0 ? tell('atRisk', language, { count: atRisk }) : ''
  const head = tell(examined < found ? 'checked-part' : 'checked', language, { found, examined })
  const [colon, comma, stop] = language === 'en' ? [': ', ', ', '.'] : ['：', '，', '。']
  return `${head}${parts.length > 0 ? `${colon}${parts.join(comma)}${risk}` : ''}${stop}`
}

import { failureGap, thingOf } from '../diagnosis/index.ts'
import type { Fact } from '../model/fact.ts'
import type { Language } from '../model/language.ts'
import type { Scan, ScanRegion, ScanRow } from '../model/scan.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { causesIn, createGapCount, type RowCause, rowOf, SCAN_TEXTS } from '../scan/index.ts'
import type { ScanMember } from '../snapshot/scan.ts'
import { t } from '../text/index.ts'
import type { AppContext } from './context.ts'
import { diagnoseSnapshot } from './diagnose.ts'

// What a scan has found so far, written in one language. A scan for readers of several languages fills one for each, from
// the same facts.

/** The abort reason when a user stops a scan. With any other reason the scan has run out of time. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError'
}

export interface Asked {
  readonly names: readonly string[]
  /** Who named these regions. `us`: our built-in list, which also has regions without CLB. */
  readonly by: 'user' | 'platform' | 'us'
}

interface About {
  readonly source: Scan['trigger']['source']
  readonly cost: { readonly apiCalls: number; readonly retries: number; readonly waves: number }
  readonly isInterrupted: () => boolean
}

export interface ScanBook {
  readonly language: Language
  readonly rows: readonly ScanRow[]
  readonly causes: readonly RowCause[]
  readonly gaps: ReturnType<typeof createGapCount>
  /** Diagnoses a CLB that was read. Does not throw. */
  add(member: ScanMember, snapshot: Snapshot): void
  regionView(region: string, list: Fact<number>, by: Asked['by']): ScanRegion
}

export function createScanBook(language: Language, about: About, { config, log }: AppContext): ScanBook {
  const gaps = createGapCount()
  const rows: ScanRow[] = []
  const causes: RowCause[] = []

  function add(member: ScanMember, snapshot: Snapshot): void {
    try {
      const diagnosis = diagnoseSnapshot(snapshot, {
        id: '',
        createdAt: snapshot.takenAt,
        language,
        timeZone: config.timeZone,
        console: config.console,
        trigger: { source: about.source, alarm: null },
        stats: { ...about.cost, durationMs: 0 },
        expected: config.expected,
      })
      const { row, unread } = rowOf(diagnosis)
      rows.push(row)
      if (row.nothingToCheck === undefined) causes.push(...causesIn(diagnosis, thingOf, language))
      for (const gap of unread) gaps.add(gap, 1)
    } catch (error) {
      const stack = error instanceof Error ? error.stack : String(error)
      log.error('diagnosis crashed', { loadBalancer: member.loadBalancer.id, stack })
      rows.push(crashed(member, error, language))
    }
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
    else if (about.isInterrupted())
      return { region, state: 'unread', loadBalancers: null, why: SCAN_TEXTS.cut[language] }
    return { region, state: 'unread', loadBalancers: null, why }
  }

  return { language, rows, causes, gaps, add, regionView }
}

/** The API answers with this code for a region that does not exist or does not have CLB. */
const NO_SUCH_REGION = 'UnsupportedRegion'

export const isUnknown = (list: Fact<number>): boolean =>
  list.state !== 'ok' && list.failure.code === NO_SUCH_REGION

export const isInterrupted = ({ reason }: AbortSignal): boolean => reason instanceof InterruptedError

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

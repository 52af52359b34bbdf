import {
  type Counts,
  type Diagnosis,
  type Gap,
  isCause,
  isEntry,
  isExpectedCause,
  ROLE_ORDER,
  VERDICT_ORDER,
} from '../model/diagnosis.ts'
import { compareTexts } from '../model/order.ts'
import { requestsTo } from '../model/requests.ts'
import type { ScanRow } from '../model/scan.ts'

/**
 * Shortens a diagnosis to one row of a scan. `unread`: the gaps that come from a failed API call. They are counted over
 * all CLBs, so the row names only their actions.
 */
export function rowOf(diagnosis: Diagnosis): { readonly row: ScanRow; readonly unread: readonly Gap[] } {
  const { loadBalancer: clb, pools, findings, gaps } = diagnosis
  const unread = gaps.filter(({ action, errorCode }) => action !== undefined && errorCode !== undefined)
  const sum = (of: keyof Counts): number => pools.reduce((total, { counts }) => total + counts[of], 0)
  const row: ScanRow = {
    id: clb?.id ?? '',
    name: clb?.name ?? '',
    region: clb?.region ?? '',
    vpcId: clb?.vpcId ?? null,
    vips: clb?.vips ?? [],
    verdict: diagnosis.verdict,
    ...(diagnosis.attention === undefined ? {} : { attention: diagnosis.attention }),
    requests: requestsTo(diagnosis),
    headline: diagnosis.headline,
    ...nothingToCheck(diagnosis, unread.length > 0),
    counts: {
      pools: pools.length,
      total: sum('total'),
      alive: sum('alive'),
      dead: sum('dead'),
      unknown: sum('unknown'),
      off: sum('off'),
      zeroWeight: sum('zeroWeight'),
    },
    findings: findings.map((finding) => ({
      code: finding.code,
      role: finding.role,
      certainty: finding.certainty,
      severity: finding.severity,
      title: finding.title,
      resources: finding.resources,
      explains: finding.explains.length,
      contradictedBy: finding.contradictedBy.length,
      ...(finding.accepted ? { accepted: finding.accepted } : {}),
    })),
    gaps: gaps.filter((gap) => !unread.includes(gap)).map(({ what, why }) => ({ what, why })),
    unread: [...new Set(unread.flatMap(({ action }) => action ?? []))].sort(),
  }
  return { row, unread }
}

/** Why the CLB decides nothing in a scan, if so. A failed read may hide something, so such a CLB decides. */
function nothingToCheck(
  { verdict, pools, findings, gaps }: Diagnosis,
  isUnread: boolean,
): Pick<ScanRow, 'nothingToCheck'> {
  const statuses = pools.flatMap(({ targets }) => targets.map(({ status }) => status))
  if (verdict === 'inconclusive') {
    const isIdle = statuses.every((status) => status === 'Close') && gaps.every(isEntry) && !isUnread
    return isIdle ? { nothingToCheck: 'idle' } : {}
  }
  const expected = findings.filter((one) => isExpectedCause(one) && one.certainty !== 'possible')
  if (verdict === 'healthy' || expected.length === 0 || findings.some(isCause)) return {}
  const explained = new Set(expected.flatMap(({ explains }) => explains))
  const isAllExpected = pools.every(({ targets }) =>
    targets.every(({ key, status }) => status !== 'Unknown' && (status !== 'Dead' || explained.has(key))),
  )
  return isAllExpected ? { nothingToCheck: 'expected' } : {}
}

/** CLBs that decide something first. Worst first: by verdict, worst role, number of Dead backends. Then by region and id. */
export function compareRows(a: ScanRow, b: ScanRow): number {
  const role = ({ findings }: ScanRow): number =>
    Math.min(ROLE_ORDER.length, ...findings.map((finding) => ROLE_ORDER.indexOf(finding.role)))
  const isSettled = (row: ScanRow): number => Number(row.nothingToCheck !== undefined)
  return (
    isSettled(a) - isSettled(b) ||
    VERDICT_ORDER.indexOf(a.verdict) - VERDICT_ORDER.indexOf(b.verdict) ||
    role(a) - role(b) ||
    b.counts.dead - a.counts.dead ||
    compareTexts(a.region, b.region) ||
    compareTexts(a.id, b.id)
  )
}

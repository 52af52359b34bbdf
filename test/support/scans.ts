import { isCause } from '../../src/model/diagnosis.ts'
import type { Scan, ScanCause, ScanRow } from '../../src/model/scan.ts'

// A scan with findings, gaps and unread regions, for tests of its renderings.

export const row = (n: number, fields: Partial<ScanRow> = {}): ScanRow => ({
  id: `lb-row${String(n).padStart(4, '0')}`,
  name: `商城-前端-${n}`,
  region: 'ap-guangzhou',
  vpcId: 'vpc-1ywqac83',
  vips: ['203.0.113.26'],
  verdict: 'down',
  requests: 'fallback',
  headline: `商城-前端-${n} (lb-row${n}): 3/3`,
  counts: { pools: 1, total: 3, alive: 0, dead: 3, unknown: 0, off: 0, zeroWeight: 0 },
  findings: [
    {
      code: 'security-group/probe-blocked',
      role: 'cause',
      certainty: 'certain',
      severity: 'critical',
      title: `安全组 sg-shopweb${n} 拦截健康检查探测（TCP 8080）<b>&`,
      resources: [{ type: 'security-group', id: `sg-shopweb${n}` }],
      explains: 3,
      contradictedBy: 0,
    },
  ],
  gaps: [],
  unread: [],
  ...fields,
})

/** Each cause by itself. */
const causesOf = (rows: readonly ScanRow[]): readonly ScanCause[] =>
  rows.flatMap(({ id, findings }) =>
    findings.filter(isCause).map(({ code, certainty, title, resources, explains }) => ({
      code,
      certainty,
      title,
      resources,
      loadBalancers: [id],
      explains,
      fixes: [],
    })),
  )

export const scanOfRows = (language: Scan['language'], rows: readonly ScanRow[]): Scan => ({
  schemaVersion: 1,
  id: 'sc-0000000000000001',
  createdAt: '2026-11-20T00:00:00.000Z',
  language,
  trigger: { source: 'timer' },
  verdict: 'down',
  headline: 'headline',
  ended: 'out-of-time',
  regions: [
    { region: 'ap-guangzhou', state: 'read', loadBalancers: rows.length + 30 },
    { region: 'ap-shanghai', state: 'unread', loadBalancers: null, why: 'no permission' },
    { region: 'ap-bangkok', state: 'unsupported', loadBalancers: null, why: 'none' },
  ],
  counts: {
    found: rows.length + 30,
    examined: rows.length,
    down: rows.length,
    degraded: 0,
    inconclusive: 0,
    healthy: 0,
    nothingToCheck: 0,
    atRisk: 0,
    deleted: 0,
  },
  causes: causesOf(rows),
  loadBalancers: rows,
  notReached: Array.from({ length: 30 }, (_, n) => ({
    id: `lb-left${n}`,
    name: '',
    region: 'ap-guangzhou',
    dead: n,
  })),
  gaps: [
    {
      what: 'ACL',
      why: 'denied, grant vpc:DescribeNetworkAcls',
      action: 'vpc:DescribeNetworkAcls',
      errorCode: 'UnauthorizedOperation',
      grant: 'vpc:DescribeNetworkAcls',
      loadBalancers: rows.length,
    },
  ],
  stats: { apiCalls: 100, retries: 0, durationMs: 1234 },
})

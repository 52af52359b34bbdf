import type { Diagnosis, Finding, Pool, Target } from '../../src/model/diagnosis.ts'
import type { Language } from '../../src/model/language.ts'

// A Diagnosis of one layer-7 listener with many rules, for tests and benches of rendering. Each rule has a Dead target, an
// Alive target and a cause.

const LISTENER = 'lbl-aaaaaaaa'

export const manyFindings = (count: number, language: Language = 'en'): Diagnosis => {
  const pools = Array.from({ length: count }, (_, n) => poolOf(n))
  return {
    schemaVersion: 1,
    id: 'dx-0000000000000000',
    createdAt: '2026-11-20T00:00:00.000Z',
    language,
    trigger: { source: 'cli', alarm: null },
    loadBalancer: { id: 'lb-7dpmqwcu', name: 'shop-front', region: 'ap-guangzhou', vips: ['203.0.113.26'] },
    verdict: 'degraded',
    headline: `${count} backends are Dead`,
    pools,
    findings: pools.map(findingOf),
    checks: [{ check: 'instance-state', outcome: 'found' }],
    gaps: [],
    changes: [
      {
        at: '2026-11-19T23:52:00.000Z',
        event: 'StopInstances',
        resource: { type: 'instance', id: 'ins-00000001' },
        actor: 'li.wei',
        secondsBeforeOnset: 480,
      },
    ],
    stats: { apiCalls: 12, waves: 4, durationMs: 400 },
  }
}

function poolOf(n: number): Pool {
  const locationId = `loc-${String(n).padStart(8, '0')}`
  return {
    listenerId: LISTENER,
    locationId,
    protocol: 'HTTPS',
    port: 443,
    domain: 'shop.example.com',
    url: `/${n}`,
    healthCheck: { enabled: true, type: 'HTTP' },
    probe: { via: 'vip', sources: ['203.0.113.26/32'] },
    counts: { total: 2, alive: 1, dead: 1, unknown: 0, off: 0, zeroWeight: 0 },
    fallback: false,
    targets: [targetOf(locationId, n, 'Dead'), targetOf(locationId, n, 'Alive')],
  }
}

function targetOf(locationId: string, n: number, status: 'Dead' | 'Alive'): Target {
  const ip = `10.${status === 'Dead' ? 1 : 2}.${n >> 8}.${n & 255}`
  return {
    key: `${LISTENER}/${locationId}/${ip}:8080`,
    type: 'CVM',
    instanceId: `ins-${String(n).padStart(8, '0')}`,
    eniId: null,
    targetGroupId: null,
    ip,
    port: 8080,
    weight: 10,
    status,
    subnetId: 'subnet-web',
    securityGroupIds: ['sg-web'],
    path: [
      { stage: 'security-group', verdict: 'pass' },
      { stage: 'listener', verdict: status === 'Dead' ? 'block' : 'pass', detail: 'nothing answers on 8080' },
    ],
  }
}

const findingOf = ({ targets }: Pool, n: number): Finding => ({
  id: `finding-${n}`,
  code: 'instance-state/not-running',
  role: 'cause',
  certainty: 'certain',
  severity: 'high',
  title: `Instance ins-${n} is stopped`,
  detail: 'A stopped instance answers no health check.',
  resources: [{ type: 'instance', id: `ins-${n}` }],
  explains: targets.flatMap(({ key, status }) => (status === 'Dead' ? [key] : [])),
  contradictedBy: [],
  evidence: [{ source: 'cvm:DescribeInstances', fact: 'InstanceState', value: 'STOPPED' }],
  fix: {
    summary: `Start instance ins-${n}`,
    commands: [
      { tool: 'tccli', line: `tccli cvm StartInstances --region ap-guangzhou --InstanceIds '["ins-${n}"]'` },
    ],
    verified: false,
  },
  changes: [0],
})

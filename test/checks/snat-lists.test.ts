import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import type { CcnRoute, Route, Snapshot } from '../../src/model/snapshot.ts'
import { findingOf } from '../support/findings.ts'
import { diagnosisOf, diagnosisOfSnapshot, type Machine, snapshotOf, subnet } from '../support/snapshots.ts'

// Backends of a data centre: the routes that one CCN lacks are one finding, and so is the firewall of one network.

const VPC = 'vpc-1ywqac83'
const remote = (ip: string, port = 8080, status = 'Dead'): Machine => ({
  host: Number(ip.split('.').at(-1)),
  status,
  registration: { type: 'CCN', instanceId: null, ip, port },
})
const ccnRoute = (cidr: string, enabled = true): CcnRoute => ({
  id: `ccnr-${cidr.split('.')[1]}`,
  cidr,
  instanceType: cidr.startsWith('10.0.') ? 'VPC' : 'DIRECTCONNECT',
  instanceId: cidr.startsWith('10.0.') ? VPC : 'dcg-1',
  region: 'ap-guangzhou',
  enabled,
})
const route = (cidr: string, gatewayType = 'CCN', enabled = true): Route => ({
  id: `rti-${cidr.split('.')[1]}`,
  cidr,
  ipv6Cidr: null,
  gatewayType,
  gatewayId: gatewayType === 'CCN' ? 'ccn-shop' : 'nat-1',
  enabled,
})

function withRoutes(
  machines: readonly Machine[],
  ccnRoutes: readonly CcnRoute[],
  table: readonly Route[],
): Snapshot {
  const snapshot = snapshotOf({
    machines,
    balancer: { snatPro: true, snatIps: [{ ip: '10.0.0.9', subnetId: 'subnet-snat' }] },
  })
  return {
    ...snapshot,
    vpcs: { [VPC]: ok({ id: VPC, cidrs: ['10.0.0.0/16'] }) },
    subnets: {
      ...snapshot.subnets,
      'subnet-snat': ok(subnet({ id: 'subnet-snat', cidr: '10.0.0.0/24', routeTableId: 'rtb-snat' })),
    },
    routeTables: {
      [VPC]: ok([{ id: 'rtb-snat', region: 'ap-guangzhou', vpcId: VPC, routes: table }]),
    },
    ccnAttachments: {
      [VPC]: ok([{ ccnId: 'ccn-shop', instanceType: 'VPC', instanceId: VPC, state: 'ACTIVE' }]),
    },
    ccnRoutes: { 'ccn-shop': ok(ccnRoutes) },
    crossTargets: Object.fromEntries(machines.map((one) => [one.registration?.ip ?? '', ok(null)])),
  }
}

const OWN = ccnRoute('10.0.0.0/16')
const ips = Array.from({ length: 12 }, (_, i) => `172.20.5.${11 + i}`)
const entry = (code: string, resource: string) => ({
  expected: [{ entry: 1, code, resource, reason: 'OPS-1', until: '2026-12-31' }],
})
const toldOf = (diagnosis: Diagnosis, code: string): readonly string[] =>
  diagnosis.findings
    .filter((finding) => finding.code === code)
    .map(({ role, explains }) => `${role} ${explains.length}`)

describe('the routes that a CCN lacks', () => {
  const MISSING = 'snat/ccn-route-missing'
  const table = [route('172.20.0.0/16'), route('172.21.0.0/16')]
  const given = withRoutes(
    [...ips, '172.21.5.11'].map((ip) => remote(ip)),
    [OWN, ccnRoute('172.20.0.0/16', false)],
    table,
  )

  it('are one finding, and its command enables the routes that are only disabled', () => {
    const { title, quote, fix, evidence } = findingOf(diagnosisOfSnapshot(given), MISSING)
    expect(title).toBe('No route in force in ccn-shop leads to 13 backends')
    expect(quote).toBe('172.20.0.0/16 (ccnr-20, disabled); No route → 172.21.5.11')
    expect(fix?.kind).toBe('advice')
    expect(fix?.summary).toBe(
      'Enable ccnr-20 in ccn-shop. Add a route to 172.21.5.11 in ccn-shop. If another route of the CCN conflicts, disable that one first.',
    )
    expect(fix?.commands?.map(({ line }) => line)).toEqual([
      `tccli vpc EnableCcnRoutes --region ap-guangzhou --CcnId ccn-shop --RouteIds '["ccnr-20"]'`,
    ])
    expect(evidence).toHaveLength(2)
    expect(findingOf(diagnosisOfSnapshot(given, 'zh-CN'), MISSING).fix?.summary).toBe(
      '在 ccn-shop 中启用路由 ccnr-20。在 ccn-shop 中添加通往 172.21.5.11 的路由。与云联网的其他路由冲突时，先禁用那一条。',
    )
  })

  it('are restored if all of them are only disabled', () => {
    const disabled = withRoutes(
      ips.map((ip) => remote(ip)),
      [OWN, ccnRoute('172.20.0.0/16', false)],
      table,
    )
    expect(findingOf(diagnosisOfSnapshot(disabled), MISSING).fix).toMatchObject({
      kind: 'restore',
      summary: 'Enable ccnr-20 in ccn-shop. If another route of the CCN conflicts, disable that one first.',
    })
  })

  it('name ten backends and count the others', () => {
    const { detail } = findingOf(diagnosisOfSnapshot(given), MISSING)
    expect(detail).toContain('172.20.5.20 and 3 more.')
  })

  it('are still a cause for the others if an entry names one backend, and for none if it names the CCN', () => {
    const one = diagnosisOfSnapshot(given, 'en', entry(MISSING, '172.20.5.13'))
    expect(toldOf(one, MISSING)).toEqual(['cause 12', 'note 1'])
    const all = diagnosisOfSnapshot(given, 'en', entry(MISSING, 'ccn-shop'))
    expect(toldOf(all, MISSING)).toEqual(['note 13'])
  })

  it('are refuted by a healthy backend behind them that an entry names', () => {
    const machines = [remote('172.20.5.11'), remote('172.20.5.12', 8080, 'Alive')]
    const mixed = withRoutes(machines, [OWN, ccnRoute('172.20.0.0/16', false)], table)
    const diagnosis = diagnosisOfSnapshot(mixed, 'en', entry(MISSING, '172.20.5.12'))
    expect(toldOf(diagnosis, MISSING).filter((line) => line.startsWith('cause'))).toEqual([])
  })
})

describe('the firewall of a data centre', () => {
  const FIREWALL = 'snat/confirm-idc-firewall'
  const routes = [OWN, ccnRoute('172.20.0.0/16'), ccnRoute('172.21.0.0/16')]
  const table = [route('172.20.0.0/16'), route('172.21.0.0/16')]
  const given = withRoutes(
    [...ips, '172.21.5.30'].map((ip) => remote(ip)),
    routes,
    table,
  )

  it('is one finding for each network, with its backends', () => {
    const found = diagnosisOfSnapshot(given).findings.filter(({ code }) => code === FIREWALL)
    expect(found.map(({ title, explains }) => [title, explains.length])).toEqual([
      ['IDC network 172.20.0.0/16 may not let in the SNAT IPs 10.0.0.9', 12],
      ['IDC network 172.21.0.0/16 may not let in the SNAT IPs 10.0.0.9', 1],
    ])
    expect(found[0]?.quote).toMatch(/^10\.0\.0\.9 → TCP 8080; failing: 172\.20\.5\.11, .* and 2 more$/)
    const chinese = diagnosisOfSnapshot(given, 'zh-CN').findings.map(({ title }) => title)
    expect(chinese).toContain('IDC 网段 172.20.0.0/16 可能没有放行 SNAT IP 10.0.0.9')
  })

  it('is one finding for all backends if no route says which network they belong to', () => {
    const world = {
      machines: ['172.20.5.11', '172.21.5.12'].map((ip) => remote(ip)),
      balancer: { snatPro: true, snatIps: [{ ip: '10.0.0.9', subnetId: 'subnet-snat' }] },
    }
    expect(findingOf(diagnosisOf(world), FIREWALL)).toMatchObject({
      title: 'The IDC side may not let in the SNAT IPs 10.0.0.9',
      explains: { length: 2 },
    })
  })

  it('gets lines that say where they belong if the probes differ', () => {
    const two = withRoutes([remote('172.20.5.11'), remote('172.20.5.12', 9090)], routes, table)
    const { fix } = findingOf(diagnosisOfSnapshot(two), FIREWALL)
    expect(fix?.commands?.map(({ line }) => line)).toEqual([
      'iptables -I INPUT -p tcp --dport 8080 -s 10.0.0.9/32 -j ACCEPT  # on 172.20.5.11',
      'iptables -I INPUT -p tcp --dport 9090 -s 10.0.0.9/32 -j ACCEPT  # on 172.20.5.12',
    ])
  })

  it('is expected for the backend or the listener that an entry names', () => {
    const one = diagnosisOfSnapshot(given, 'en', entry(FIREWALL, '172.20.5.13'))
    expect(toldOf(one, FIREWALL)).toEqual(['cause 11', 'cause 1', 'note 1'])
    const all = diagnosisOfSnapshot(given, 'en', entry(FIREWALL, 'lbl-aaaaaaaa'))
    expect(toldOf(all, FIREWALL)).toEqual(['note 12', 'note 1'])
  })
})

describe('a CLB without SNAT IPs', () => {
  const NONE = 'snat/no-snat-ip'
  const world = { machines: ips.map((ip) => remote(ip)), balancer: { snatPro: false, snatIps: [] } }

  it('names its remote backends, and an entry can name one of them', () => {
    expect(findingOf(diagnosisOf(world), NONE).quote).toMatch(/^Backends: 172\.20\.5\.11, .* and 2 more$/)
    expect(toldOf(diagnosisOf(world, 'en', entry(NONE, '172.20.5.11')), NONE)).toEqual(['cause 11', 'note 1'])
  })
})

import { describe, expect, it } from 'vitest'
import type { HealthCheck, Listener } from '../../src/model/snapshot.ts'
import { diagnosisOfSnapshot, healthCheck, snapshotOf } from '../support/snapshots.ts'

const firewallFinding = (
  listener: Partial<Listener>,
  check: Partial<HealthCheck>,
  language: 'en' | 'zh-CN' = 'en',
) => {
  const world = {
    machines: [
      { host: 16, status: 'Dead', registration: { type: 'CCN', instanceId: null } },
      { host: 17, status: 'Dead', registration: { type: 'CCN', instanceId: null } },
    ],
    balancer: { snatPro: true, snatIps: [{ ip: '10.0.0.9', subnetId: 'subnet-snat' }] },
    listener: { ...listener, healthCheck: healthCheck(check) },
  }
  const { findings, gaps } = diagnosisOfSnapshot(snapshotOf(world), language)
  const found = findings.find(({ code }) => code === 'snat/confirm-idc-firewall')
  if (!found) throw new Error('not found')
  const byHand = gaps.flatMap((gap) => gap.byHand ?? [])
  return { lines: found.fix?.commands?.map(({ line }) => line), detail: found.detail, byHand }
}

describe('the firewall of a remote backend, for a CLB with SNAT IPs', () => {
  it.each([
    ['TCP', {}, 'iptables -I INPUT -p tcp --dport 8080 -s 10.0.0.9/32 -j ACCEPT', 'TCP 8080'],
    [
      'UDP',
      { type: 'CUSTOM', port: 53 },
      'iptables -I INPUT -p udp --dport 53 -s 10.0.0.9/32 -j ACCEPT',
      'UDP 53',
    ],
    [
      'UDP',
      { type: 'PING' },
      'iptables -I INPUT -p icmp --icmp-type echo-request -s 10.0.0.9/32 -j ACCEPT',
      'ICMP',
    ],
  ])('behind a %s listener with the check %j gets one iptables command', (protocol, check, line, service) => {
    const { lines, detail } = firewallFinding({ protocol }, check)
    expect(lines).toEqual([line])
    expect(detail).toContain(`Health checks go from 10.0.0.9 to ${service}.`)
  })

  it.each([
    {
      protocol: 'TCP',
      check: {},
      tools: [
        /^clb-doctor guest-script lb-7dpmqwcu 10\.0\.1\.16:8080 --region ap-guangzhou {2}#/,
        /^clb-doctor guest-judge - --target=10\.0\.1\.16:8080 --source=10\.0\.0\.9\/32 --check=tcp --timeout=2 {2}#/,
        /^nc -vz -w 2 10\.0\.1\.16 8080 {2}# from a machine in the CLB's VPC$/,
      ],
    },
    {
      protocol: 'UDP',
      check: { type: 'CUSTOM', port: 53, contextType: 'TEXT', sendContext: 'ping', recvContext: 'pong' },
      tools: [
        /^clb-doctor guest-script lb-7dpmqwcu 10\.0\.1\.16:8080 --region ap-guangzhou {2}#/,
        /^clb-doctor diagnose lb-7dpmqwcu --region ap-guangzhou --save-snapshot clb\.json {2}#/,
        /^clb-doctor guest-judge - --snapshot clb\.json {2}#/,
        /^printf %s ping \| nc -u -w 2 10\.0\.1\.16 53 {2}# from a machine in the CLB's VPC, expected: pong$/,
      ],
    },
    {
      protocol: 'UDP',
      check: { type: 'PING' },
      tools: [
        /^clb-doctor guest-script /,
        /^clb-doctor guest-judge - .* --check=ping /,
        /^ping -c 3 10\.0\.1\.16 {2}#/,
      ],
    },
  ])(
    'behind a $protocol listener with the check $check gets the by-hand commands for that protocol',
    (one) => {
      const { byHand } = firewallFinding({ protocol: one.protocol }, one.check)
      const own = byHand.filter((line) => !line.startsWith('# '))
      expect(own).toEqual(one.tools.map((tool) => expect.stringMatching(tool)))
    },
  )
})

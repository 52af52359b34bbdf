import type { Verdict } from '../../src/model/diagnosis.ts'

/** The expected diagnosis of each scenario. The simulated cloud does not read it: it computes health from packets. */
export interface Expectation {
  readonly verdict: Verdict
  /** `code certainty` of every cause, in order, with the Dead backends that it explains. */
  readonly causes: readonly string[]
  /** Numbers of backends: alive, dead, unknown, off. */
  readonly counts: readonly [number, number, number, number]
  /** `code role` of the other findings that must be present. */
  readonly also?: readonly string[]
  /** The same, but only if the diagnosis has an alarm, because the alarm gives the onset. */
  readonly alarmed?: readonly string[]
  /** A gap leaves Dead backends open and gives commands to run by hand. */
  readonly byHand?: true
  /** The CAM action that a gap asks to grant. */
  readonly grant?: string
  /** The fix of the first cause is verified by a second evaluation. */
  readonly proven?: true
}

export const EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  healthy: { verdict: 'healthy', causes: [], counts: [5, 0, 0, 0] },
  'sg-blocks-vip': {
    verdict: 'degraded',
    causes: ['security-group/probe-blocked certain 17,19'],
    counts: [3, 2, 0, 0],
    proven: true,
  },
  'sg-blocks-100-64': {
    verdict: 'degraded',
    causes: ['security-group/probe-blocked possible 17,19'],
    counts: [3, 2, 0, 0],
    byHand: true,
    proven: true,
  },
  'sg-exempt-control': {
    verdict: 'degraded',
    causes: [],
    counts: [4, 1, 0, 0],
    also: ['security-group/probe-blocked note'],
    byHand: true,
  },
  'sg-template-first': {
    verdict: 'degraded',
    causes: ['security-group/probe-blocked certain 17,19'],
    counts: [3, 2, 0, 0],
    proven: true,
  },
  'all-backends-down': {
    verdict: 'down',
    causes: ['security-group/probe-blocked certain 16,17,18,19,20'],
    counts: [0, 5, 0, 0],
    also: ['all-backends-down/fallback-active note'],
    proven: true,
  },
  'acl-denies-inbound': {
    verdict: 'down',
    causes: ['network-acl/probe-blocked certain 16,17,18,19,20'],
    counts: [0, 5, 0, 0],
    proven: true,
  },
  'acl-denies-reply': {
    verdict: 'down',
    causes: ['network-acl/reply-blocked certain 16,17,18,19,20'],
    counts: [0, 5, 0, 0],
    proven: true,
  },
  'acl-partial-cover': {
    verdict: 'healthy',
    causes: [],
    counts: [5, 0, 0, 0],
    also: ['network-acl/probe-partly-blocked risk'],
  },
  recovered: {
    verdict: 'healthy',
    causes: [],
    counts: [5, 0, 0, 0],
    also: ['network-acl/reply-partly-blocked risk'],
  },
  ipv6: {
    verdict: 'down',
    causes: ['network-acl/probe-blocked likely 51,52', 'network-acl/reply-blocked likely 51,52'],
    counts: [0, 2, 0, 0],
    proven: true,
  },
  'denied-permission': {
    verdict: 'down',
    causes: [],
    counts: [0, 5, 0, 0],
    byHand: true,
    grant: 'vpc:DescribeNetworkAcls',
  },
  'instance-stopped': {
    verdict: 'degraded',
    causes: ['instance-state/not-running certain 18'],
    counts: [4, 1, 0, 0],
  },
  'instance-gone': {
    verdict: 'degraded',
    causes: ['instance-state/not-found certain 20'],
    counts: [4, 1, 0, 0],
  },
  'service-down': { verdict: 'degraded', causes: [], counts: [3, 2, 0, 0], byHand: true },
  'guest-loopback': { verdict: 'degraded', causes: [], counts: [3, 2, 0, 0], byHand: true },
  'guest-iptables': { verdict: 'degraded', causes: [], counts: [3, 2, 0, 0], byHand: true },
  'guest-vpn': { verdict: 'degraded', causes: [], counts: [3, 2, 0, 0], byHand: true },
  'guest-status': { verdict: 'degraded', causes: [], counts: [3, 2, 0, 0], byHand: true },
  'guest-slow': { verdict: 'degraded', causes: [], counts: [3, 2, 0, 0], byHand: true },
  'health-check-off': {
    verdict: 'inconclusive',
    causes: [],
    counts: [0, 0, 0, 5],
    also: ['pool-membership/check-disabled risk'],
  },
  'weight-zero': {
    verdict: 'healthy',
    causes: [],
    counts: [5, 0, 0, 0],
    also: ['pool-membership/all-weights-zero risk'],
  },
  'idc-without-snat-ip': {
    verdict: 'down',
    causes: ['snat/no-snat-ip likely 11,12'],
    counts: [0, 2, 0, 0],
  },
  'idc-firewall': {
    verdict: 'down',
    causes: ['snat/confirm-idc-firewall possible 11,12'],
    counts: [0, 2, 0, 0],
    byHand: true,
  },
  'target-group': {
    verdict: 'degraded',
    causes: ['security-group/probe-blocked certain 17'],
    counts: [4, 1, 0, 0],
    proven: true,
  },
  'redis-group': {
    verdict: 'down',
    causes: ['managed-service/group-blocks-probe likely 71'],
    counts: [0, 1, 0, 0],
    proven: true,
  },
  'redis-acl': {
    verdict: 'down',
    causes: ['managed-service/acl-blocks-reply likely 71'],
    counts: [0, 1, 0, 0],
    proven: true,
  },
  'cos-acl': {
    verdict: 'down',
    causes: ['managed-service/acl-blocks-probe likely 71'],
    counts: [0, 1, 0, 0],
    proven: true,
  },
  'address-released': {
    verdict: 'degraded',
    causes: ['instance-state/not-found likely 88'],
    counts: [5, 1, 0, 0],
  },
  'global-router-pods': {
    verdict: 'degraded',
    causes: ['security-group/probe-blocked likely 6'],
    counts: [1, 1, 0, 0],
    proven: true,
  },
  nat64: {
    verdict: 'degraded',
    causes: ['instance-state/not-running certain 18'],
    counts: [4, 1, 0, 0],
  },
  'ccn-not-attached': {
    verdict: 'down',
    causes: ['snat/ccn-not-attached likely 11,12'],
    counts: [0, 2, 0, 0],
    also: ['snat/confirm-idc-firewall contributor'],
  },
  'ccn-route-disabled': {
    verdict: 'down',
    causes: ['snat/ccn-route-missing likely 11,12'],
    counts: [0, 2, 0, 0],
    also: ['snat/confirm-idc-firewall contributor'],
  },
  'snat-subnet-acl': {
    verdict: 'down',
    causes: ['snat/snat-subnet-acl likely 11,12'],
    counts: [0, 2, 0, 0],
    also: ['snat/confirm-idc-firewall contributor'],
    proven: true,
  },
  'cross-region-healthy': { verdict: 'healthy', causes: [], counts: [2, 0, 0, 0] },
  'cross-region-sg': {
    verdict: 'down',
    causes: ['security-group/probe-blocked likely 11,12'],
    counts: [0, 2, 0, 0],
    proven: true,
  },
  'cross-region-no-return': {
    verdict: 'down',
    causes: ['snat/return-route-missing likely 11,12'],
    counts: [0, 2, 0, 0],
  },
  'classic-private': {
    verdict: 'down',
    causes: ['network-acl/probe-blocked certain 16,17,18,19,20'],
    counts: [0, 5, 0, 0],
    proven: true,
  },
  'classic-private-group': {
    verdict: 'degraded',
    causes: [],
    counts: [4, 1, 0, 0],
    also: ['security-group/probe-blocked note'],
    byHand: true,
  },
  'classic-public-stopped': {
    verdict: 'degraded',
    causes: ['instance-state/not-running certain 18'],
    counts: [4, 1, 0, 0],
  },
  'ipvs-loopback': {
    verdict: 'down',
    causes: ['ipvs-loopback/vip-on-node possible 16,17,18,19,20'],
    counts: [0, 5, 0, 0],
    byHand: true,
    also: ['all-backends-down/fallback-active note'],
  },
  'ipvs-from-100-64': { verdict: 'degraded', causes: [], counts: [4, 1, 0, 0], byHand: true },
  'stale-node': {
    verdict: 'degraded',
    causes: ['target-drift/stale-target likely 18'],
    counts: [4, 1, 0, 0],
  },
  'old-node-port': {
    verdict: 'degraded',
    causes: ['target-drift/port-mismatch likely 19,20'],
    counts: [5, 2, 0, 0],
  },
  'local-policy': {
    verdict: 'degraded',
    causes: ['tke-node/local-policy-no-pod certain 18,19,20'],
    counts: [2, 3, 0, 0],
    also: ['tke-mode/node-port note'],
  },
  'no-endpoints': {
    verdict: 'down',
    causes: ['tke-pod/no-endpoints certain 16,17,18,19,20'],
    counts: [0, 5, 0, 0],
    also: ['tke-mode/node-port note', 'all-backends-down/fallback-active note'],
  },
  'kube-proxy-down': {
    verdict: 'degraded',
    causes: ['tke-node/kube-proxy-not-ready likely 18'],
    counts: [4, 1, 0, 0],
    also: ['tke-mode/node-port note'],
  },
  'readiness-failing': {
    verdict: 'down',
    causes: ['tke-pod/readiness-failing certain 16,17,18,19,20'],
    counts: [0, 5, 0, 0],
    also: ['tke-mode/node-port note', 'all-backends-down/fallback-active note'],
  },
  'changed-before': {
    verdict: 'degraded',
    causes: ['security-group/probe-blocked certain 16,17,18', 'instance-state/not-running certain 18'],
    counts: [2, 3, 0, 0],
    alarmed: ['recent-change/before-onset note'],
    proven: true,
  },
  'two-faults': {
    verdict: 'degraded',
    causes: ['security-group/probe-blocked certain 16,17', 'instance-state/not-running certain 17'],
    counts: [3, 2, 0, 0],
    proven: true,
  },
}

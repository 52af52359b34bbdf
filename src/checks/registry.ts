// Every check, sorted by folder name. A test fails if a folder is missing here.
import { allBackendsDown } from './all-backends-down/index.ts'
import type { Check } from './check.ts'
import { guestFirewall } from './guest-firewall/index.ts'
import { guestForwarding } from './guest-forwarding/index.ts'
import { guestHttp } from './guest-http/index.ts'
import { guestIcmp } from './guest-icmp/index.ts'
import { guestKernel } from './guest-kernel/index.ts'
import { guestPort } from './guest-port/index.ts'
import { healthCheckConfig } from './health-check-config/index.ts'
import { instanceState } from './instance-state/index.ts'
import { ipvsLoopback } from './ipvs-loopback/index.ts'
import { loadBalancerState } from './load-balancer-state/index.ts'
import { managedService } from './managed-service/index.ts'
import { networkAcl } from './network-acl/index.ts'
import { peerReach } from './peer-reach/index.ts'
import { poolMembership } from './pool-membership/index.ts'
import { recentChange } from './recent-change/index.ts'
import { securityGroup } from './security-group/index.ts'
import { snat } from './snat/index.ts'
import { targetDrift } from './target-drift/index.ts'
import { tkeMode } from './tke-mode/index.ts'
import { tkeNode } from './tke-node/index.ts'
import { tkePod } from './tke-pod/index.ts'

export const CHECKS: readonly Check[] = [
  allBackendsDown,
  guestFirewall,
  guestForwarding,
  guestHttp,
  guestIcmp,
  guestKernel,
  guestPort,
  healthCheckConfig,
  instanceState,
  ipvsLoopback,
  loadBalancerState,
  managedService,
  networkAcl,
  peerReach,
  poolMembership,
  recentChange,
  securityGroup,
  snat,
  targetDrift,
  tkeMode,
  tkeNode,
  tkePod,
]

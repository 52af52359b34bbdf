// Every check, sorted by folder name. A test fails if a folder is missing here.
import { allBackendsDown } from './all-backends-down/index.ts'
import type { Check } from './check.ts'
import { healthCheckConfig } from './health-check-config/index.ts'
import { instanceState } from './instance-state/index.ts'
import { ipvsLoopback } from './ipvs-loopback/index.ts'
import { loadBalancerState } from './load-balancer-state/index.ts'
import { managedService } from './managed-service/index.ts'
import { networkAcl } from './network-acl/index.ts'
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
  healthCheckConfig,
  instanceState,
  ipvsLoopback,
  loadBalancerState,
  managedService,
  networkAcl,
  poolMembership,
  recentChange,
  securityGroup,
  snat,
  targetDrift,
  tkeMode,
  tkeNode,
  tkePod,
]

import { aclFaults } from './acls.ts'
import { beyondFaults } from './behind-ccn.ts'
import { changeFaults } from './changes.ts'
import { clusterFaults } from './clusters.ts'
import type { Fault } from './fault.ts'
import { groupFaults } from './groups.ts'
import { loadBalancerFaults } from './load-balancer.ts'
import { machineFaults } from './machines.ts'
import { guestFaults, settingFaults } from './settings.ts'

/** Every way in which a case may be broken: each reason of each check, and what guests hide. */
export const CATALOGUE: readonly Fault[] = [
  ...loadBalancerFaults,
  ...groupFaults,
  ...aclFaults,
  ...beyondFaults,
  ...machineFaults,
  ...clusterFaults,
  ...changeFaults,
  ...settingFaults,
  ...guestFaults,
]

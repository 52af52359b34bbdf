import { aclFaults } from './acls.ts'
import { behindCcnFaults } from './behind-ccn.ts'
import { changeFaults } from './changes.ts'
import { clusterFaults } from './clusters.ts'
import type { Fault } from './fault.ts'
import { groupFaults } from './groups.ts'
import { laterFaults } from './later.ts'
import { loadBalancerFaults } from './load-balancer.ts'
import { machineFaults } from './machines.ts'
import { guestFaults, settingFaults } from './settings.ts'

/** The 2,000 cases are drawn from these. Another fault in this list would change all cases. */
const DRAWN: readonly Fault[] = [
  ...loadBalancerFaults,
  ...groupFaults,
  ...aclFaults,
  ...behindCcnFaults,
  ...machineFaults,
  ...clusterFaults,
  ...changeFaults,
  ...settingFaults,
  ...guestFaults,
]

/** All faults of the cases: each reason of each check, and the faults inside guests. */
export const CATALOGUE: readonly Fault[] = [...DRAWN, ...laterFaults]

const codesOf = (faults: readonly Fault[]): readonly string[] => [...new Set(faults.map(({ code }) => code))]

export const CODES = codesOf(CATALOGUE)
export const DRAWN_CODES = codesOf(DRAWN)

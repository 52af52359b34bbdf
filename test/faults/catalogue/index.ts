import { aclFaults } from './acls.ts'
import { beyondFaults } from './behind-ccn.ts'
import { changeFaults } from './changes.ts'
import { clusterFaults } from './clusters.ts'
import type { Fault } from './fault.ts'
import { groupFaults } from './groups.ts'
import { laterFaults } from './later.ts'
import { loadBalancerFaults } from './load-balancer.ts'
import { machineFaults } from './machines.ts'
import { guestFaults, settingFaults } from './settings.ts'

/** The 2,000 cases are drawn from these. Another fault among them would make other cases of all. */
const DRAWN: readonly Fault[] = [
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

/** Every way in which a case may be broken: each reason of each check, and what guests hide. */
export const CATALOGUE: readonly Fault[] = [...DRAWN, ...laterFaults]

const codesOf = (faults: readonly Fault[]): readonly string[] => [...new Set(faults.map(({ code }) => code))]

export const CODES = codesOf(CATALOGUE)
export const DRAWN_CODES = codesOf(DRAWN)

import { EXPECTATIONS } from './expectations.ts'
import type { Fault } from './fault.ts'
import { insideFaults } from './inside-clusters.ts'
import { withoutBandwidth } from './machines.ts'
import { settingFault } from './settings.ts'
import { warmingUp } from './warming-up.ts'
import { zoneFails } from './zones.ts'

/**
 * Faults of checks that were added after the 2,000 cases. Each code has forty cases of its own (`cases.ts`), so no other
 * case changes.
 */
export const laterFaults: readonly Fault[] = [
  ...EXPECTATIONS.map(settingFault),
  warmingUp,
  zoneFails,
  withoutBandwidth,
  ...insideFaults,
]

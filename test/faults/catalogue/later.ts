import type { Fault } from './fault.ts'

/**
 * Faults of checks that came after the 2,000 cases had been drawn. Each has forty cases of its own (`cases.ts`), so no
 * other case changes.
 */
export const laterFaults: readonly Fault[] = []

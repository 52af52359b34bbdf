// scan/ makes the rows and the summary of a scan from the diagnoses of many CLBs. Only app/scan.ts calls it.
// It is pure: it does no I/O. It takes over the verdicts of the diagnoses and judges nothing again.

export { rowOf } from './row.ts'
export { createGapCount, summarise } from './summary.ts'
export { TEXTS as SCAN_TEXTS } from './texts.ts'

// scan/ makes the rows and the sum of a scan from the diagnoses of many CLBs.
// Only app/scan.ts calls it.
// It is pure: it reads nothing, and it does not judge a diagnosis again.

export { causesIn, joinCauses, type RowCause, type Wording } from './causes.ts'
export { rowOf } from './row.ts'
export { createGapCount, summarise } from './summary.ts'
export { TEXTS as SCAN_TEXTS } from './texts.ts'

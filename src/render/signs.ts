import type { HopVerdict } from '../model/diagnosis.ts'

/** A rule would block, and healthy backends behind it show that it does not. */
export const REFUTED_SIGN = '(✗)'

export const HOP_SIGNS: Readonly<Record<HopVerdict, string>> = {
  pass: '✓',
  partial: '◐',
  block: '✗',
  unknown: '?',
  'not-applicable': '·',
}

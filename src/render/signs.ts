import type { HopVerdict } from '../model/diagnosis.ts'

export const HOP_SIGNS: Readonly<Record<HopVerdict, string>> = {
  pass: '✓',
  partial: '◐',
  block: '✗',
  unknown: '?',
  'not-applicable': '·',
}

import type { Certainty } from '../../src/model/diagnosis.ts'
import type { Case } from './cases.ts'
import type { Outcome } from './judge.ts'

// Adds up the results of the cases.

export interface Judged {
  readonly one: Case
  readonly outcome: Outcome
}

const LEVELS: readonly Certainty[] = ['certain', 'likely', 'possible']

export interface Totals {
  readonly causes: number
  readonly causesFound: number
  readonly causesAt: Readonly<Record<Certainty, number>>
  readonly others: number
  readonly othersFound: number
  readonly wrongCertainty: number
  readonly wrongCausesAt: Readonly<Record<Certainty, number>>
  readonly falseAlarms: number
  readonly open: number
  readonly notOpen: number
  readonly wrongVerdicts: number
  readonly toldAsSeen: number
  readonly doubtsNamed: number
}

const sum = <T>(values: readonly T[], of: (value: T) => number): number =>
  values.reduce((total, value) => total + of(value), 0)

export function totalsOf(judged: readonly Judged[]): Totals {
  const results = judged.flatMap(({ outcome }) => outcome.results)
  const wrongCauses = judged.flatMap(({ outcome }) => outcome.wrongCauses)
  const causes = results.filter(({ isCause }) => isCause)
  const others = results.filter(({ isCause }) => !isCause)
  const at = (level: Certainty): number => wrongCauses.filter(({ certainty }) => certainty === level).length
  const foundAt = (level: Certainty): number => causes.filter(({ certainty }) => certainty === level).length
  return {
    causes: causes.length,
    causesFound: causes.filter(({ found }) => found).length,
    causesAt: { certain: foundAt('certain'), likely: foundAt('likely'), possible: foundAt('possible') },
    others: others.length,
    othersFound: others.filter(({ found }) => found).length,
    wrongCertainty: results.filter(({ wrongCertainty }) => wrongCertainty).length,
    wrongCausesAt: { certain: at('certain'), likely: at('likely'), possible: at('possible') },
    falseAlarms: sum(
      judged.filter(({ one }) => one.injections.length === 0),
      ({ outcome }) => outcome.wrongCauses.length,
    ),
    open: sum(judged, ({ outcome }) => outcome.open.right),
    notOpen: sum(judged, ({ outcome }) => outcome.open.wrong),
    wrongVerdicts: judged.filter(({ outcome }) => outcome.verdict === 'wrong').length,
    toldAsSeen: sum(judged, ({ outcome }) => outcome.toldAsSeen),
    doubtsNamed: sum(judged, ({ outcome }) => outcome.doubtsNamed),
  }
}

export const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`

export const levels = (counts: Readonly<Record<Certainty, number>>): string =>
  LEVELS.map((level) => counts[level]).join(' / ')

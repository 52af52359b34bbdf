import { CERTAINTY_ORDER, type Certainty } from '../model/diagnosis.ts'
import type { Text } from '../model/language.ts'
import type { Denied } from '../path/index.ts'
import { following, NOTHING } from '../text/index.ts'
import type { Draft } from './check.ts'
import { SHARED } from './texts.ts'

/** Why a block is not `certain`. */
export type Doubt = keyof typeof SHARED.doubts

/** Doubts that leave a block `possible`. The others leave it `likely`. */
const OPEN: ReadonlySet<Doubt> = new Set<Doubt>([
  'exempt',
  'classic',
  'unsettled',
  'source-port',
  'anywhere',
  'weak',
  'either',
  'first-port',
])

const ceilingOf = (doubt: Doubt): Certainty => (OPEN.has(doubt) ? 'possible' : 'likely')

/** The certainty that the weightiest of the doubts leaves. */
export const certaintyUnder = (doubts: readonly Doubt[]): Certainty =>
  CERTAINTY_ORDER.findLast((certainty) => doubts.some((doubt) => ceilingOf(doubt) === certainty)) ?? 'certain'

/** The doubt that two documented readings of a port leave. */
export const readingDoubts = ({ ceiling }: Pick<Denied, 'ceiling'>): readonly Doubt[] =>
  ceiling === 'certain' ? [] : ceiling === 'likely' ? ['readings'] : ['source-port']

export const doubtTexts = (doubts: readonly Doubt[]): readonly Text[] =>
  doubts.map((doubt) => SHARED.doubts[doubt])

/**
 * The doubts of a finding as sentences that follow its detail, and what they leave. The certainty is the one that the
 * finding is shown with, so the text cannot contradict it.
 */
export function doubtsText({ doubts = [] }: Draft, certainty: Certainty): Text {
  if (doubts.length === 0 || certainty === 'certain') return NOTHING
  return following([...doubts, SHARED.conclusions[certainty]])
}

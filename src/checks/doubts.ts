import type { Text } from '../model/language.ts'
import { following } from '../text/index.ts'
import { SHARED } from './texts.ts'

/** Why a block is not `certain`. */
export type Doubt = keyof typeof SHARED.doubts

/** The doubts as sentences. They follow the detail of a finding. */
export const doubtsText = (doubts: readonly Doubt[]): Text =>
  following(doubts.map((doubt) => SHARED.doubts[doubt]))

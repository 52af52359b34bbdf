import type { Attention } from '../model/diagnosis.ts'
import type { Tone } from './blocks.ts'

/** The colour follows what a person should feel. */
export const ATTENTION_TONES: Readonly<Record<Attention, Tone>> = {
  'act-now': 'red',
  'act-soon': 'amber',
  watch: 'amber',
  none: 'green',
}

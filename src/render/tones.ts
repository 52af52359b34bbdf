import type { Verdict } from '../model/diagnosis.ts'
import type { Tone } from './blocks.ts'

export const TONES: Readonly<Record<Verdict, Tone>> = {
  healthy: 'green',
  degraded: 'amber',
  down: 'red',
  inconclusive: 'grey',
}

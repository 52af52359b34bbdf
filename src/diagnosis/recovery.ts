import type { Diagnosis } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { alarmStateOf } from '../model/recovery.ts'
import { t } from '../text/index.ts'
import { TEXTS } from './texts.ts'

/** Says that every health check passes, beside what the alarm says. Only the alarm's sender may say that it is over. */
export function passingText(
  diagnosis: Pick<Diagnosis, 'trigger' | 'verdict' | 'pools'>,
  alive: number,
  language: Language,
): string {
  const state = alarmStateOf(diagnosis)
  const isFiring = state === 'firing-healthy' || state === 'firing-other'
  const text = isFiring ? 'firing' : state === 'recovered' ? 'confirmed' : 'passing'
  return t(TEXTS.recovery[text], { alive }, language)
}

import type { Change } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { t } from '../text/index.ts'
import { TEXTS } from './texts.ts'

type Known = Exclude<keyof typeof TEXTS.events, 'other' | 'stamp'>

const isKnown = (event: string): event is Known =>
  Object.hasOwn(TEXTS.events, event) && event !== 'other' && event !== 'stamp'

/** Who did what. A rule's own time stamp has no author. */
export function changeWords(
  { event, actor, resource }: Change,
  language: Language,
): { readonly who: string; readonly event: string } {
  if (typeof resource.ruleIndex === 'number') return { who: '', event: TEXTS.events.stamp[language] }
  const who = actor ?? TEXTS.summary.someone[language]
  return {
    who,
    event: isKnown(event) ? TEXTS.events[event][language] : t(TEXTS.events.other, { event }, language),
  }
}
